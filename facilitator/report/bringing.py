"""What a signature or an archive timestamp brings along, put together before it is made."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyhanko.sign.validation.pdf_embedded import collect_embedded_signatures

from facilitator.report import gathering, services
from facilitator.report.certificates import load_certificate, name_of
from facilitator.report.dss import read_dss
from facilitator.report.errors import SigningRefused
from facilitator.report.material import NOTHING, Material, read_files
from facilitator.report.pades import ask_first
from facilitator.report.revocation import Chain, revoked_sentence
from facilitator.report.stamps import PlainService, service_of, stamp_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from facilitator.report.identity import Signatory
    from facilitator.report.proofs import Proofs

    Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Bringing:
    """A timestamp service that has answered once, and where revocation data come from."""

    service: PlainService | None
    files: Material
    fetch: bool

    def for_signer(
        self, writer: IncrementalPdfFileWriter, opened: Signatory, at: dt.datetime, tell: Tell
    ) -> Material:
        """What goes in with one person's signature, made at a time (aware).

        Raises SigningRefused when the person's certificate was revoked.
        """
        if not self._is_asked:
            return self._beside
        chain = Chain(opened.cert, opened.chain)
        found = self._gather(writer, [(chain, at), *self._own(at)], tell)
        if found.revoked:
            sentence = revoked_sentence(name_of(opened.cert), found.revoked[0])
            raise SigningRefused(f"{sentence} Nothing was signed.")
        return found.material + self._beside

    def for_all(self, writer: IncrementalPdfFileWriter, tell: Tell) -> Material:
        """What goes in with an archive timestamp: for all who signed and stamped before it."""
        if not self._is_asked:
            return self._beside
        now = dt.datetime.now(dt.UTC)
        chains = [
            each
            for embedded in collect_embedded_signatures(writer.prev)
            for each in _chains_of(embedded, now)
        ]
        return self._gather(writer, [*chains, *self._own(now)], tell).material + self._beside

    @property
    def _is_asked(self) -> bool:
        return self.fetch or self.files != NOTHING

    @property
    def _beside(self) -> Material:
        """Certificates that stand better here than in the timestamp."""
        return Material(certs=self.service.taken_out) if self.service else NOTHING

    def _own(self, at: dt.datetime) -> list[tuple[Chain, dt.datetime]]:
        chain = self.service.chain if self.service else None
        return [(chain, at)] if chain else []

    def _gather(
        self,
        writer: IncrementalPdfFileWriter,
        chains: Sequence[tuple[Chain, dt.datetime]],
        tell: Tell,
    ) -> gathering.Found:
        stored, _ = read_dss(writer.prev)
        found = asyncio.run(gathering.gather(chains, stored + self.files, fetch=self.fetch))
        for note in found.notes:
            tell(note)
        return found


def bringing_along(proofs: Proofs) -> Bringing:
    """Ask the timestamp service, if one is named, and read the files.

    Raises TimestampFailed, and ReportError for a file that is of no use.
    """
    files, service = read_files(proofs.files), None
    if proofs.timestamp_url:
        service = PlainService(services.timestamp_service(proofs.timestamp_url))
        ask_first(service)
    return Bringing(service, files, proofs.fetch)


def _chains_of(
    embedded: EmbeddedPdfSignature, now: dt.datetime
) -> Iterator[tuple[Chain, dt.datetime]]:
    """Whose certificates stand behind a signature and its timestamp, and as of when."""
    if embedded.sig_object_type == "/DocTimeStamp":
        yield service_of(embedded.signed_data), now
        return
    others = tuple(load_certificate(cert) for cert in embedded.other_embedded_certs)
    at = embedded.self_reported_timestamp or now
    yield Chain(load_certificate(embedded.signer_cert), others), at
    stamp = stamp_in(embedded)
    if stamp is not None:
        yield service_of(stamp), at
