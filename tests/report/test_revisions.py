"""A later revision is judged by what it changed, and never more kindly than pyHanko would."""

import io

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, SuspiciousModification
from pyhanko.sign.validation.pdf_embedded import collect_embedded_signatures

from facilitator.report import revisions
from facilitator.report.fields import finish_pdf
from facilitator.report.pdf import render_report
from facilitator.report.reading import Reader
from facilitator.report.revisions import Revisions
from facilitator.report.sign import sign_pdf
from facilitator.report.verify import verify_pdf
from tests.report.report_kit import AT, HEAD, rich
from tests.report.signing_kit import (
    INCIDENT,
    PASSPHRASE,
    THREE,
    facts,
    identity,
    pages,
    signed,
    updated,
)


class Asked(Exception):
    """pyHanko's own judgement was asked for."""


class NeverAsked:
    """Stands where pyHanko's judgement does."""

    def review_file(self, *_):
        raise Asked


def sign_all(pdf):
    """The report with the three signatures."""
    for role in THREE:
        pdf = sign_pdf(pdf, identity(role), PASSPHRASE, role)
    return pdf


@pytest.fixture(scope="module")
def tagged():
    """A real report that three people signed."""
    return sign_all(render_report(rich(), final=True, head=HEAD, at=AT))


def verdicts(pdf):
    """What we and what pyHanko say of the changes after each signature; None for suspicion."""
    reader = Reader(pdf)
    ours = Revisions(reader, pdf)
    for one in collect_embedded_signatures(reader):
        one.compute_integrity_info(skip_diff=True)
        rules = (reader, one.signed_revision, one.fieldmdp, one.docmdp_level)
        yield tuple(_said(policy.review_file(*rules)) for policy in (ours, DEFAULT_DIFF_POLICY))


def _said(found):
    if isinstance(found, SuspiciousModification):
        return None
    return found.modification_level, found.changed_form_fields


def test_signatures_alone_are_judged_without_reading_the_whole_file(tagged, monkeypatch):
    monkeypatch.setattr(revisions, "_PYHANKOS", NeverAsked())
    assert verify_pdf(signed()).word == "good"
    assert verify_pdf(tagged).word == "good"


def test_of_signatures_alone_we_say_what_pyhanko_says(tagged):
    for pdf in (signed(), tagged):
        assert all(ours == theirs != None for ours, theirs in verdicts(pdf))  # noqa: E711


def _base(change):
    """A report for three that somebody prepared before anyone signed it."""
    plain = finish_pdf(
        pages(f"Document {facts().number}"),
        facts(),
        INCIDENT,
        {role: (1, 40 + 130 * i, 100.0, 160 + 130 * i, 150.0) for i, role in enumerate(THREE)},
    )
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(plain)), {"stream_xrefs": True})
    writer._update_meta = lambda: None
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _field(writer, n=1):
    return writer.root["/AcroForm"]["/Fields"].raw_get(n)


def _shown_on_another_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Annots")] = generic.ArrayObject([_field(writer)])


def _named_in_a_group(writer):
    group = writer.prepare_object_stream()
    odd = generic.DictionaryObject({pdf_name("/Odd"): _field(writer)})
    writer.root[pdf_name("/Odd")] = writer.add_object(odd, obj_stream=group)


def _a_place_kept_for_what_comes(writer):
    """An annotation that is not there yet: its number is the next one to be given."""
    for n in range(1, 40):
        later = generic.IndirectObject(writer._lastobj_id + n, 0, writer)
        writer.root[pdf_name(f"/Later{n}")] = later


def _two_fields_of_one_name(writer):
    writer.root["/AcroForm"]["/Fields"][2][pdf_name("/T")] = generic.pdf_string("OnCall")


@pytest.mark.parametrize(
    "prepared",
    [
        _shown_on_another_page,
        _named_in_a_group,
        _a_place_kept_for_what_comes,
        _two_fields_of_one_name,
    ],
)
def test_a_report_prepared_for_a_trick_is_left_to_pyhanko(prepared, monkeypatch):
    monkeypatch.setattr("facilitator.report.sign._refuse_unless_intact", lambda *_, **__: None)
    pdf = _base(prepared)
    for role in THREE[:2]:
        pdf = sign_pdf(pdf, identity(role), PASSPHRASE, role)
    monkeypatch.setattr(revisions, "_PYHANKOS", NeverAsked())
    reader = Reader(pdf)
    first = collect_embedded_signatures(reader)[0]
    first.compute_integrity_info(skip_diff=True)
    with pytest.raises(Asked):
        Revisions(reader, pdf).review_file(reader, first.signed_revision)


def _says_more(writer):
    """A word more in the field that was signed last."""
    field = writer.root["/AcroForm"]["/Fields"][2]
    field[pdf_name("/TU")] = generic.pdf_string("Chief executive")
    writer.update_container(field)


def _a_loose_object(writer):
    writer.add_object(generic.DictionaryObject({pdf_name("/Odd"): generic.NumberObject(1)}))
    _says_more(writer)


@pytest.mark.parametrize("change", [_says_more, _a_loose_object])
def test_any_other_change_is_told(change, tagged):
    changed = updated(tagged, change)
    assert not verify_pdf(changed).holds
    assert next(iter(verdicts(changed)))[0] is None


def test_a_reference_is_found_however_it_is_spelled():
    spelled = b"[7 0 R]\n007\t0\r\nR (7 0 R) /A7 0 R 7 % no\n0%\rR 7 0R 17 0 R 7 0 X"
    found = [int(word) for word in revisions._REFERENCE.findall(spelled)]
    assert found == [7, 7, 7, 7, 7, 7, 17]
