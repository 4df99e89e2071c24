"""Timestamps and revocation data on the command line, with and without a service that serves."""

import json

import pytest
from click.testing import CliRunner

from facilitator.cli import cli
from facilitator.report import services
from facilitator.report.errors import TimestampFailed
from facilitator.settings import Settings, save_settings, settings_file
from tests.report import signing_kit as kit
from tests.report.pki_kit import Authority, pem

URL = "https://time.example.invalid/tsa"


class World:
    """Files of one person of a company, and a timestamp service that may be away."""

    def __init__(self, folder):
        self.folder = folder
        self.company = Authority("Example Company CA")
        self.clocks = Authority("Example Time Root")
        self.service = self.clocks.time_service()
        self.away = False
        self.asked = []
        p12, _ = self.company.person()
        self.p12 = self.file("eve.p12", p12)
        self.secret = self.file("secret", kit.PASSPHRASE.encode())
        self.pdf = self.file("report.pdf", kit.final_report(("on-call",)))
        self.trust = self.file("time.pem", pem(self.clocks.cert))
        self.lists = [
            self.file(f"{each.text}.crl", each.crl()) for each in (self.company, self.clocks)
        ]

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def timestamp_service(self, url):
        self.asked.append(url)
        if self.away:
            raise TimestampFailed("The timestamp service did not answer.")
        return self.service

    def run(self, *words, status=0):
        library = self.folder / "library.sqlite"
        done = CliRunner().invoke(cli, ["--library", str(library), *map(str, words)])
        assert done.exit_code == status, (done.output, done.exception)
        return done

    def sign(self, *words, status=0):
        key = ("--identity", self.p12, "--passphrase-file", self.secret)
        return self.run("sign", self.pdf, *key, "--role", "on-call", *words, status=status)

    def verdict(self, *words):
        return json.loads(self.run("verify", self.pdf, "--json", *words).stdout)


@pytest.fixture
def world(tmp_path, monkeypatch):
    made = World(tmp_path)
    monkeypatch.setattr(services, "timestamp_service", made.timestamp_service)
    return made


def choose(**values):
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    save_settings(Settings(**values))


def test_the_level_that_was_reached_is_printed(world):
    assert "(B-B)" in world.sign().stdout
    assert world.asked == []


def test_a_service_and_lists_are_named_by_options(world):
    lists = [word for each in world.lists for word in ("--revocation", each)]
    assert "(B-LT)" in world.sign("--timestamp-url", URL, *lists).stdout
    assert world.asked == [URL]
    found = world.verdict("--tsa-trust", world.trust)["signatures"][0]
    assert (found["timestamp_service"], found["time_confirmed"]) == ("Example Time Service", True)
    assert world.verdict()["signatures"][0]["time_confirmed"] is False


def test_the_settings_hold_where_no_option_is_given(world):
    lists = "\n".join(map(str, world.lists))
    choose(timestamp_url=URL, revocation_files=lists, timestamp_trust=str(world.trust))
    assert "(B-LT)" in world.sign().stdout
    assert world.verdict()["signatures"][0]["time_confirmed"] is True


def test_an_empty_address_asks_nobody_whatever_the_settings_say(world):
    choose(timestamp_url=URL)
    assert "(B-B)" in world.sign("--timestamp-url", "").stdout
    assert world.asked == []


def test_a_service_that_is_away_keeps_nobody_from_signing(world):
    world.away = True
    done = world.sign("--timestamp-url", URL)
    assert "(B-B)" in done.stdout
    assert "The timestamp service did not answer." in done.stderr
    assert "without a timestamp" in done.stderr


def test_an_archive_timestamp_is_added_in_place_or_elsewhere(world):
    world.sign()
    before = world.pdf.read_bytes()
    elsewhere = world.folder / "sealed.pdf"
    world.run("timestamp", world.pdf, "--timestamp-url", URL, "-o", elsewhere)
    assert world.pdf.read_bytes() == before
    assert elsewhere.read_bytes().startswith(before)
    world.run("timestamp", world.pdf, "--timestamp-url", URL)
    found = world.verdict("--tsa-trust", world.trust)
    assert (found["verdict"], len(found["archive_timestamps"])) == ("good", 1)
    assert found["archive_timestamps"][0]["confirmed"] is True
    assert found["signatures"][0]["later"] == ["archive timestamp"]
    assert found["signatures"][0]["later_allowed"] is True


def test_an_archive_timestamp_that_cannot_be_had_leaves_the_file_as_it_is(world):
    world.sign()
    before = world.pdf.read_bytes()
    world.away = True
    done = world.run("timestamp", world.pdf, "--timestamp-url", URL, status=2)
    assert "did not answer" in done.stderr
    assert "Name a timestamp service" in world.run("timestamp", world.pdf, status=2).stderr
    assert world.pdf.read_bytes() == before


def test_who_was_revoked_since_is_told_with_a_list_of_today(world):
    world.sign()
    cert = kit_cert(world)
    world.company.revoke(cert, cert.not_valid_before_utc)
    world.lists[0].write_bytes(world.company.crl())
    done = world.run("verify", world.pdf, "--revocation", world.lists[0], status=1)
    assert "Eve Sample was revoked on" in done.stdout


def kit_cert(world):
    from facilitator.report.identity import unlock

    return unlock(world.p12.read_bytes(), kit.PASSPHRASE).cert


@pytest.mark.parametrize(
    "words",
    [
        ("--timestamp-url", "time.example.org"),
        ("--revocation", "SECRET"),
        ("--revocation", "nowhere.crl"),
    ],
)
def test_what_is_of_no_use_is_told_before_anything_is_signed(world, words):
    before = world.pdf.read_bytes()
    words = [str(world.secret) if word == "SECRET" else word for word in words]
    assert "Error: " in world.sign(*words, status=2).stderr
    assert world.pdf.read_bytes() == before
    assert "Error: " in world.run("verify", world.pdf, "--tsa-trust", world.secret, status=2).stderr
