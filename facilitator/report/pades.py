"""One PAdES signature as an incremental update: the only place that talks to pyHanko's signers."""

from __future__ import annotations

import asyncio
import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import BuildProps, DocumentTimestamp, SignatureObject
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from facilitator.report.certificates import as_asn1, chain_digest
from facilitator.report.dss import write_dss
from facilitator.report.errors import SigningRefused, TimestampFailed, reading_a_stranger
from facilitator.report.fields import CHAIN_KEY, read_attachment
from facilitator.report.fonts import writing
from facilitator.report.material import NOTHING, Material
from facilitator.report.reading import Reader
from facilitator.report.scripts import east_asian_language
from facilitator.report.seal import Seal, draw_seal
from facilitator.report.signing_keys import digest_for, digest_size, longest_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.sign.timestamps.api import TimeStamper

    from facilitator.report.identity import Signatory

# Room for what a DER signature may vary in length; the rest of the gap is checked to be zeros.
_SPARE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """How one signature goes into the file."""

    field: str
    seal: Seal
    reason: str
    certifies: bool
    """It is the first: it says what may still be done to the file."""
    locks: bool
    """It is the last that is required: nothing may follow but an archive timestamp."""


class QuietWriter(IncrementalPdfFileWriter):
    """Adds a revision and leaves the document's own metadata alone."""

    def _update_meta(self) -> None:
        """Change nothing: a touched date would count as a change to the signed report."""

    def _write(self, stream: Any, skip_header: bool = False) -> None:  # noqa: ANN401
        super()._write(_FullEnds(stream), skip_header)


class _FullEnds:
    """A file in which the line end after a stream is both of its characters.

    Behind data whose last byte is the one, the other alone would seem to belong to them.
    """

    def __init__(self, stream: Any) -> None:  # noqa: ANN401
        self._stream = stream

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._stream, name)

    def write(self, data: bytes) -> None:
        """Put this there."""
        self._stream.write(b"\r\nendstream" if data == b"\nendstream" else data)


class _KeySigner(Signer):
    """Signs with a key that is ready, wherever it is; it is asked for one signature only."""

    def __init__(self, opened: Signatory) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([as_asn1(cert) for cert in opened.chain])
        super().__init__(signing_cert=as_asn1(opened.cert), cert_registry=store)
        self._opened = opened

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if dry_run:
            return bytes(longest_signature(self._opened.public))
        return self._opened.sign(data, digest_algorithm)


def open_reader(pdf: bytes) -> Reader:
    """The file, read strictly; NotAPdf when that is impossible."""
    with reading_a_stranger():
        return Reader(pdf)


def open_writer(pdf: bytes) -> QuietWriter:
    """A writer over the file, read strictly; NotAPdf when that is impossible."""
    return writer_over(open_reader(pdf))


def writer_over(reader: Reader) -> QuietWriter:
    """A writer over a file that was read before; from now on the reader sees what is written."""
    with reading_a_stranger():
        return QuietWriter(reader.stream, prev=reader)


def embed_signature(
    writer: QuietWriter,
    opened: Signatory,
    plan: Plan,
    timestamper: TimeStamper | None = None,
    material: Material = NOTHING,
) -> bytes:
    """The file with one more revision, which holds this signature and its seal.

    The `material` goes into the same revision, so that the signature covers it.
    """
    signer = _KeySigner(opened)
    digest = digest_for(opened.public)
    with _in_sentences("the signature"):
        reserved = _reserved(signer, digest, timestamper)
        flow = PdfCMSEmbedder().write_cms(plan.field, writer, existing_fields_only=True)
        _draw_into(writer, next(flow), plan.seal)
        flow.send(SigObjSetup(_signature_object(plan, opened, reserved), _rules(plan, digest)))
        write_dss(writer, material)
        prepared, output = flow.send(SigIOSetup(md_algorithm=digest))
        flow.send(_cms(signer, prepared.document_digest, digest, timestamper))
    return bytes(output.getvalue())


def embed_timestamp(
    writer: QuietWriter, timestamper: TimeStamper, material: Material = NOTHING
) -> bytes:
    """The file with an archive timestamp over all of it, which moves no signature's verdict.

    The `material` goes into the same revision, so that the timestamp covers it.
    """
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, enumerate_sig_fields

    count = sum(1 for _ in enumerate_sig_fields(writer))
    name = f"ArchiveTimestamp{count + 1}"
    field = SigFieldSpec(name, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True))
    with _in_sentences("a timestamp"):
        expected = len(asyncio.run(timestamper.async_dummy_response("sha256")).dump())
        flow = PdfCMSEmbedder(new_field_spec=field).write_cms(name, writer)
        next(flow)
        flow.send(SigObjSetup(DocumentTimestamp(bytes_reserved=2 * (expected + expected // 2))))
        write_dss(writer, material)
        prepared, output = flow.send(SigIOSetup(md_algorithm="sha256"))
        token = asyncio.run(timestamper.async_timestamp(prepared.document_digest, "sha256"))
        flow.send(token.dump())
    return bytes(output.getvalue())


def ask_first(timestamper: TimeStamper) -> None:
    """Ask a timestamp service once, to see whether it serves and how long its answers get."""
    with _in_sentences("a timestamp"):
        asyncio.run(timestamper.async_dummy_response("sha256"))


@contextmanager
def _in_sentences(what: str) -> Iterator[None]:
    try:
        yield
    except TimestampRequestError as problem:
        raise TimestampFailed(f"The timestamp service {problem}.") from problem
    except (SigningError, PdfError) as problem:
        raise SigningRefused(f"This file cannot take {what}; it may be damaged.") from problem


def _cms(
    signer: Signer,
    document_digest: bytes,
    digest: str,
    timestamper: TimeStamper | None,
    *,
    dry_run: bool = False,
) -> bytes:
    message = asyncio.run(
        signer.async_sign(
            document_digest,
            digest,
            dry_run=dry_run,
            use_pades=True,
            timestamper=timestamper,
            signed_attr_settings=PdfCMSSignedAttributes(),
        )
    )
    return bytes(message.dump())


def _reserved(signer: Signer, digest: str, timestamper: TimeStamper | None) -> int:
    """Hex digits to leave for the signature; too few would fail at random with ECDSA."""
    nothing = bytes(digest_size(digest))
    length = len(_cms(signer, nothing, digest, timestamper, dry_run=True))
    spare = length // 2 if timestamper else _SPARE_BYTES
    return 2 * (length + spare)


def _signature_object(plan: Plan, opened: Signatory, reserved: int) -> SignatureObject:
    found = SignatureObject(
        timestamp=plan.seal.at,
        subfilter=SigSeedSubFilter.PADES,
        reason=plan.reason,
        app_build_props=BuildProps(name="Facilitator"),
        bytes_reserved=reserved,
    )
    # A signature covers its own certificate but not the issuers': this brings them under it.
    found[pdf_name(CHAIN_KEY)] = generic.ByteStringObject(chain_digest(opened.chain))
    return found


def _rules(plan: Plan, digest: str) -> SigMDPSetup:
    perms = None
    if plan.locks:
        perms = MDPPerm.NO_CHANGES
    elif plan.certifies:
        perms = MDPPerm.FILL_FORMS
    lock = FieldMDPSpec(FieldMDPAction.ALL) if plan.locks else None
    return SigMDPSetup(
        md_algorithm=digest, certify=plan.certifies, field_lock=lock, docmdp_perms=perms
    )


def _draw_into(writer: QuietWriter, field_ref: Any, seal: Seal) -> None:  # noqa: ANN401
    """Give the field its seal, drawn by reportlab and imported as it is."""
    field = field_ref.get_object()
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    # Ideographs of a name have the shapes that they have in the report.
    typed = (read_attachment(writer) or b"").decode(errors="replace") + seal.name
    with writing(east_asian_language(typed)):
        page = draw_seal(seal, abs(right - left), abs(top - bottom))
    drawing = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(page)))
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): drawing})
