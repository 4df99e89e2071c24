"""Asking services on the network, which only happens when the user named or allowed them.

This is the one module that opens a connection. A timestamp service is sent a hash; a responder
is sent the number of a certificate; a list of revoked certificates is only fetched.
"""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import aiohttp
import certifi
from asn1crypto import tsp
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from facilitator.report.material import LARGEST
from facilitator.report.proofs import check_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from asn1crypto import cms

SECONDS: Final = 10
_MOST_REDIRECTS: Final = 3
_LARGEST_TOKEN: Final = 64 * 1024


class NoAnswer(Exception):
    """A service cannot be reached, or answered nothing that can be used."""


class _TimestampService(TimeStamper):
    """Asks one address, and takes only an answer that will hold when it is verified."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = check_address(url)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        kinds = ("application/timestamp-query", "application/timestamp-reply")
        answer = await ask(self._url, kinds, req.dump(), most=_LARGEST_TOKEN)
        found: tsp.TimeStampResp = tsp.TimeStampResp.load(answer, strict=True)
        return found

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        with _as_no_timestamp():
            token = await super().async_timestamp(message_digest, md_algorithm)
            await _check(token, message_digest, md_algorithm)
        return token


def timestamp_service(url: str) -> TimeStamper:
    """The RFC 3161 service at an address that the user gave. Raises ReportError for none."""
    return _TimestampService(url)


async def ask(
    url: str, kinds: tuple[str, str], data: bytes | None = None, *, most: int = LARGEST
) -> bytes:
    """What an address answers: to `data`, sent there, or to nothing but being asked.

    `kinds` are the media types sent and hoped for; more than `most` bytes are no answer, and
    neither is one that takes longer than ten seconds. Raises NoAnswer.
    """
    headers = {"Accept": kinds[1], "User-Agent": "Facilitator"}
    if data is not None:
        headers["Content-Type"] = kinds[0]
    limit = aiohttp.ClientTimeout(total=SECONDS)
    # The company's own authorities, as this computer knows them, and the usual ones.
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(certifi.where())
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=trusted),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=limit,
            ) as session,
            session.request(
                "GET" if data is None else "POST",
                url,
                data=data,
                headers=headers,
                max_redirects=_MOST_REDIRECTS,
                # What is sent goes to the address that was named and nowhere else.
                allow_redirects=data is None,
            ) as response,
        ):
            if response.status != 200:
                raise NoAnswer(f"status {response.status}")
            found = await response.content.read(most + 1)
            while len(found) <= most and (more := await response.content.read(most + 1)):
                found += more
    except (aiohttp.ClientError, OSError, ValueError) as problem:
        raise NoAnswer(type(problem).__name__) from problem
    if len(found) > most:
        raise NoAnswer("too long")
    return found


@contextmanager
def _as_no_timestamp() -> Iterator[None]:
    """Whatever is wrong with an answer, it is no timestamp; the error says what, in words."""
    try:
        yield
    except NoAnswer as problem:
        raise TimestampRequestError("did not answer") from problem
    except TimestampRequestError as problem:
        raise TimestampRequestError("refused to give a timestamp") from problem
    # A stranger's bytes can raise anything out of a parser.
    except Exception as problem:
        raise TimestampRequestError("gave an answer that cannot be used") from problem


async def _check(token: cms.ContentInfo, digest: bytes, algorithm: str) -> None:
    """Nothing goes into a report that its own verdict would later hold against it."""

    def imprint(said: str) -> bytes:
        return digest if said == algorithm else b""

    # Whom the service is trusted by is for the reader to say.
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    found = await validate_tst_signed_data(token["content"], context, imprint)
    if not (found["intact"] and found["valid"]):
        raise ValueError("it is not what was asked for, or not what was signed")
