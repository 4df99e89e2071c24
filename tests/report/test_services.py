"""Asking over a real connection, to this computer only: what is sent, and what is waited for."""

import asyncio
import http.server
import threading

import pytest

from facilitator.report import services
from facilitator.report.errors import TimestampFailed
from facilitator.report.proofs import Proofs
from facilitator.report.sign import sign_pdf
from facilitator.report.verify import verify_pdf
from tests.report.signing_kit import PASSPHRASE, final_report, identity, timestamp_service


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(*self.server.answer(self.server.heard[-1]))

    def do_GET(self):
        self._answer(*self.server.answer(None))

    def _answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """A service on loopback; `answer(body)` gives status, body and headers."""
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    # Who asked may have hung up: that is what some of these tests are about.
    made.handle_error = lambda *_: None
    made.heard, made.answer = [], lambda _body: (200, b"")
    made.url = f"http://127.0.0.1:{made.server_port}/"
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def stamped(request):
    from asn1crypto import tsp

    answer = timestamp_service().request_tsa_response(tsp.TimeStampReq.load(request))
    return 200, answer.dump(), [("Content-Type", "application/timestamp-reply")]


def sign(url):
    return sign_pdf(
        final_report(("on-call",)), identity("on-call"), PASSPHRASE, "on-call", proofs=Proofs(url)
    )


def test_a_timestamp_service_is_sent_a_hash_and_nothing_of_the_report(server):
    server.answer = stamped
    found = verify_pdf(sign(server.url)).signatures[0]
    assert (found.level, found.stamp.service) == ("B-T", "Example Time Service")
    assert 0 < max(map(len, server.heard)) < 100
    assert not any(b"Aroha" in each or b"FR-" in each for each in server.heard)


@pytest.mark.parametrize(
    "answer",
    [
        lambda _body: (503, b"busy"),
        lambda _body: (200, bytes(services._LARGEST_TOKEN + 1)),
        lambda _body: (307, b"", [("Location", "http://127.0.0.1:9/")]),
        lambda _body: (200, b"\x30\x03\x02\x01\x00"),
    ],
    ids=["busy", "too much", "sent on", "nonsense"],
)
def test_a_service_that_does_not_serve_is_told_and_nothing_is_signed(server, answer):
    server.answer = answer
    with pytest.raises(TimestampFailed, match="The timestamp service"):
        sign(server.url)


def test_a_service_that_takes_its_time_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(services, "SECONDS", 0.1)
    let_go = threading.Event()
    server.answer = lambda _body: (200, b"late"[: let_go.wait(20)])
    with pytest.raises(TimestampFailed, match="did not answer"):
        sign(server.url)
    let_go.set()


def test_a_list_may_be_somewhere_else_by_now_but_no_longer_than_allowed(server):
    def answer(_body):
        if not server.heard:
            server.heard.append(b"")
            return 301, b"", [("Location", server.url + "moved")]
        return 200, b"x" * 1000

    server.answer = answer
    kinds = ("", "application/pkix-crl")
    assert asyncio.run(services.ask(server.url, kinds)) == b"x" * 1000
    with pytest.raises(services.NoAnswer):
        asyncio.run(services.ask(server.url, kinds, most=999))
