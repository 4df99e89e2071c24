"""The collector rests while another thread makes thousands of objects, and goes on afterwards."""

import gc
import threading

import pytest

from facilitator.report.pdf import render_report
from facilitator.report.sign import sign_pdf
from facilitator.report.verify import verify_pdf
from facilitator.ui.resting import collector_rests
from tests.report.report_kit import AT, HEAD, rich
from tests.report.signing_kit import PASSPHRASE, identity, signed


@pytest.fixture
def collecting():
    """A collector that is on, whatever the other tests did."""
    before = gc.isenabled()
    gc.enable()
    yield
    if not before:
        gc.disable()


def test_the_collector_rests_until_the_last_is_done(collecting):
    begun, end = threading.Event(), threading.Event()

    @collector_rests
    def long_work():
        begun.set()
        end.wait(30)

    @collector_rests
    def short_work():
        return gc.isenabled()

    other = threading.Thread(target=long_work)
    other.start()
    begun.wait(30)
    assert not short_work()
    assert not gc.isenabled()
    end.set()
    other.join(30)
    assert gc.isenabled()


def test_it_goes_on_after_a_failure_and_rests_on_where_it_rested(collecting):
    @collector_rests
    def failing():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        failing()
    assert gc.isenabled()
    gc.disable()
    with pytest.raises(ValueError, match="no"):
        failing()
    assert not gc.isenabled()


def left_behind(work):
    """How many objects wait for the collector after some work was done a second time."""
    work()
    gc.collect()
    gc.disable()
    try:
        work()
        return gc.collect()
    finally:
        gc.enable()


def test_next_to_nothing_of_a_report_waits_for_the_collector(collecting):
    assert left_behind(lambda: render_report(rich(), final=True, head=HEAD, at=AT)) < 300
    assert left_behind(lambda: verify_pdf(signed())) < 1000
    pdf = signed(("tech-lead",))
    assert left_behind(lambda: sign_pdf(pdf, identity("on-call"), PASSPHRASE, "on-call")) < 2500
