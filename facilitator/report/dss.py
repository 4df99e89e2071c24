"""The document security store (PAdES, EN 319 142-1, 5.4): what shows that nobody was revoked.

It is written with a signature or a timestamp, which then covers it. Another program may add one
by itself: such a revision is told apart from every other change, down to the last byte of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    ModificationLevel,
    ObjectStreamRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import DSSCompareRule
from pyhanko.sign.validation.dss import DocumentSecurityStore

from facilitator.report.certificates import load_certificate
from facilitator.report.material import NOTHING, Material
from facilitator.report.structure import DSS, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
    from pyhanko.pdf_utils.writer import BasePdfFileWriter

_LISTS: Final = {"/Certs": "certificate", "/OCSPs": "ocsp", "/CRLs": "crl"}
_VRI_LISTS: Final = {"/Cert": "certificate", "/OCSP": "ocsp", "/CRL": "crl"}
_STREAM_KEYS: Final = {"/Length", "/Filter", "/DecodeParms"}
_MOST_BYTES: Final = 20_000_000
_STRANGE: Final = "Where revocation data belongs there is something else."
# Nothing but revocation data, and how it is hooked in; no forms, no pages, no loose objects.
_ONLY_DSS: Final = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys={DSS, "/Extensions"}),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=None,
    ignore_orphaned_objects=False,
)
_OBJECT = re.compile(rb"\s*(\d+) 0 obj\s*([^%]*?)(stream\r?\n|endobj\s)")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\d*\s+\d+\s+R)")
_STREAM_END = re.compile(rb"\s*endstream\s*endobj\s")
_TABLE = re.compile(rb"\s*xref\s[\d\s nf]+trailer\s*<<[^%]*>>\s*")
_END = re.compile(rb"\s*startxref\s+\d+\s+%%EOF(?:\r\n|\r|\n)?")


def write_dss(writer: BasePdfFileWriter, material: Material) -> None:
    """Put this into the revision that is being written, beside what is there already."""
    if not (material.certs or material.ocsps or material.crls):
        return
    store = DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[
            asn1_x509.Certificate.load(cert.public_bytes(Encoding.DER)) for cert in material.certs
        ],
        ocsps=[asn1_ocsp.OCSPResponse.load(data) for data in material.ocsps],
        crls=[asn1_crl.CertificateList.load(data) for data in material.crls],
    )
    for ref in (*store.certs.values(), *store.ocsps, *store.crls):
        stream = ref.get_object()
        if stream.encoded_data.endswith(b"\r"):
            # With the end of line that follows, validators take it for a part of that.
            stream.compress()


def read_dss(reader: PdfFileReader | HistoricalResolver) -> tuple[Material, tuple[str, ...]]:
    """The revocation data in a file, and what is wrong with the place they stand in."""
    if DSS not in reader.root:
        return NOTHING, ()
    try:
        return _read(reader.root[DSS]), ()
    except (PdfError, ValueError, TypeError, KeyError, AttributeError):
        return NOTHING, (_STRANGE,)


def _read(store: Any) -> Material:  # noqa: ANN401
    """The material in a store. Raises ValueError when anything else is in it."""
    if set(store.keys()) - {"/Type", "/VRI", *_LISTS}:
        raise ValueError("unknown keys")
    found = {kind: list(_streams(store, key)) for key, kind in _LISTS.items()}
    for of_one in dict(entry(store, "/VRI") or {}).values():
        single = of_one.get_object()
        if set(single.keys()) - {"/Type", "/TU", *_VRI_LISTS}:
            raise ValueError("unknown keys")
        for key, kind in _VRI_LISTS.items():
            found[kind] += _streams(single, key)
    if sum(len(data) for kind in found.values() for data in kind) > _MOST_BYTES:
        raise ValueError("too much")
    certs = [_whole(asn1_x509.Certificate, data) for data in found["certificate"]]
    for data in found["ocsp"]:
        _whole(asn1_ocsp.OCSPResponse, data)
    for data in found["crl"]:
        _whole(asn1_crl.CertificateList, data)
    plain = Material(
        tuple(load_certificate(cert) for cert in certs),
        tuple(found["ocsp"]),
        tuple(found["crl"]),
    )
    return plain + NOTHING


def _streams(store: Any, key: str) -> Iterator[bytes]:  # noqa: ANN401
    for found in entry(store, key) or ():
        stream = found.get_object()
        if not isinstance(stream, generic.StreamObject) or set(stream.keys()) - _STREAM_KEYS:
            raise ValueError("no plain stream")
        yield bytes(stream.data)


def _whole(kind: Any, data: bytes) -> Any:  # noqa: ANN401
    """The thing that these bytes are, with nothing behind it. Raises ValueError or TypeError."""
    found = kind.load(data, strict=True)
    # What is read lazily would not be noticed to be something else.
    found.native  # noqa: B018
    return found


def is_dss_update(reader: PdfFileReader, revision: int) -> bool:
    """Whether a revision adds revocation data and does nothing else at all."""
    old, new = (reader.get_historical_resolver(number) for number in (revision - 1, revision))
    try:
        found = _ONLY_DSS.apply(old, new)
    except (SuspiciousModification, PdfError, ValueError, TypeError, KeyError):
        return False
    return found.modification_level == ModificationLevel.LTA_UPDATES


def ends_with_dss_update(reader: PdfFileReader, pdf: bytes, start: int) -> bool:
    """Whether the bytes from `start` on are one such revision, each of them accounted for."""
    revision = reader.xrefs.total_revisions - 1
    numbers, at = set(), start
    while match := _OBJECT.match(pdf, at):
        numbers.add(int(match[1]))
        at = match.end()
        if match[3] != b"endobj" and match[3].startswith(b"stream"):
            length = _LENGTH.search(match[2])
            end = _STREAM_END.match(pdf, at + int(length[1])) if length else None
            if end is None:
                return False
            at = end.end()
    table = _TABLE.match(pdf, at)
    end = _END.fullmatch(pdf, table.end() if table else at)
    known = {ref.idnum for ref in reader.xrefs.explicit_refs_in_revision(revision)}
    return bool(end) and numbers <= known and is_dss_update(reader, revision)
