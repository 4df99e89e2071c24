"""What makes a PDF one for archives and for everybody: metadata that say so, and one colour space.

The profile is our own bytes, from the numbers of IEC 61966-2-1: nobody's licence is in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from struct import pack
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from facilitator.report.assembly import Assembly

_WHITE: Final = (0.9642, 1.0, 0.8249)
_RED: Final = (0.4360747, 0.2225045, 0.0139322)
_GREEN: Final = (0.3850649, 0.7168786, 0.0971045)
_BLUE: Final = (0.1430804, 0.0606169, 0.7141733)
# From the light of day on a screen (D65) to the light that profiles are written for (D50).
_ADAPTED: Final = (
    *(1.0478112, 0.0228866, -0.0501270),
    *(0.0295424, 0.9904844, -0.0170491),
    *(-0.0092345, 0.0150436, 0.7521316),
)
# Above a threshold ((x + 0.055) / 1.055) to the power of 2.4, a straight line below it.
_CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def claim_standards(file: Assembly, info: Mapping[str, str], at: datetime) -> None:
    """Say that this is PDF/A-3a and PDF/UA-1, and in which colours it is; `at` is aware.

    `info` is what the file says of itself: title, author, subject, creator, producer, language.
    """
    said = {word: escape(value, quote=False) for word, value in info.items()}
    words = _XMP.format(**said, made=_iso(at)).encode()
    # Who looks for it in a file that cannot be read otherwise finds it as it is.
    metadata = file.add_stream("/Type/Metadata/Subtype/XML", words, compressed=False)
    profile = file.add_stream("/N 3", srgb_profile())
    intent = file.add(
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        f"/Info(sRGB IEC61966-2.1)/DestOutputProfile {profile} 0 R>>"
    )
    file.extend(file.root, f"/Metadata {metadata} 0 R/OutputIntents[{intent} 0 R]")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def srgb_profile() -> bytes:
    """An ICC profile (version 4.2) of the colours that screens have."""
    curve = b"para" + pack(">IHH", 0, 3, 0) + b"".join(map(_fixed, _CURVE))
    said = [
        ("desc", _text("sRGB")),
        ("cprt", _text("No copyright, use freely")),
        ("wtpt", _xyz(_WHITE)),
        ("chad", b"sf32\0\0\0\0" + b"".join(map(_fixed, _ADAPTED))),
        ("rXYZ", _xyz(_RED)),
        ("gXYZ", _xyz(_GREEN)),
        ("bXYZ", _xyz(_BLUE)),
        *((name, curve) for name in ("rTRC", "gTRC", "bTRC")),
    ]
    start = 128 + 4 + 12 * len(said)
    table, body, places = b"", b"", dict[bytes, int]()
    for name, data in said:
        if data not in places:
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += name.encode() + pack(">II", places[data], len(data))
    whole = start + len(body)
    head = pack(">I4sI4s4s4s6H4s", whole, b"", 0x04200000, b"mntr", b"RGB ", b"XYZ ",
                *(2000, 1, 1, 0, 0, 0), b"acsp")  # fmt: skip
    head = head.ljust(68, b"\0") + b"".join(map(_fixed, _WHITE))
    return head.ljust(128, b"\0") + pack(">I", len(said)) + table + body


def _fixed(number: float) -> bytes:
    return pack(">i", round(number * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, values))


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc" + pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(data), 28) + data
