"""The command line does what its page promises, and fails with a sentence."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from facilitator.cli import cli

FIXTURES = Path(__file__).resolve().parent / "fixtures"
ROOT = Path(__file__).resolve().parent.parent
COMMANDS = [
    *("open", "demo", "incidents", "new", "import", "add-moments", "language", "report"),
    *(
        "identity",
        "sign",
        "verify",
        "export",
        "open-bundle",
        "import-json",
        "check",
        "backup",
        "pictures",
    ),
]


class Line:
    """Runs commands on one library."""

    def __init__(self, folder):
        self.folder = folder
        self.library = folder / "library.sqlite"

    def __call__(self, *words, status=0, text=None):
        arguments = ["--library", str(self.library), *map(str, words)]
        done = CliRunner().invoke(cli, arguments, input=text)
        assert done.exit_code == status, (done.output, done.stderr, done.exception)
        assert not isinstance(done.exception, Exception), done.exception
        return done

    def printed(self, *words, **named):
        return self(*words, **named).stdout.strip()

    def document(self, incident="last"):
        file = self.folder / "look.json"
        self("export", incident, "--format", "json", "-o", file)
        return json.loads(file.read_text(encoding="utf-8"))["records"]


@pytest.fixture
def line(tmp_path):
    return Line(tmp_path)


@pytest.fixture
def demo(line):
    line("demo", "--no-window")
    return line


def test_every_command_of_the_contract_is_there_with_its_help(line):
    for name in COMMANDS:
        assert "Usage:" in line.printed(name, "--help")
    assert "facilitator, version" in line.printed("--version")


def test_a_demo_is_a_fresh_copy_each_time(line):
    first, second = (line.printed("demo", "--no-window") for _ in "ab")
    assert first != second
    found = json.loads(line.printed("incidents", "--json"))
    assert [each["id"] for each in found] == [first, second]
    assert [each["sample"] for each in found] == [True, True]


def test_a_new_incident_stands_in_the_list_with_its_times(line):
    words = ["--title", "Ōtautahi is down", "--severity", "P0", "--zone", "Pacific/Auckland"]
    incident = line.printed(
        "new", *words, "--started", "2026-06-18T18:14", "--resolved", "2026-06-18T21:08"
    )
    (found,) = json.loads(line.printed("incidents", "--json"))
    assert (found["id"], found["title"], found["severity"]) == (incident, "Ōtautahi is down", "P0")
    assert (found["started_at"], found["resolved_at"]) == (
        "2026-06-18T06:14:00Z",
        "2026-06-18T09:08:00Z",
    )
    assert (found["state"], found["open_actions"], found["sample"]) == ("planned", 0, False)
    assert incident in line.printed("incidents")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--title", " "], "title"),
        (["--title", "T", "--severity", "P3"], "reason"),
        (["--title", "T", "--severity", "P7"], "P7"),
        (["--title", "T", "--zone", "Mars/Base"], "Mars/Base"),
        (["--title", "T", "--started", "soon"], "--started"),
        (
            ["--title", "T", "--started", "2026-06-18T18:14", "--resolved", "2026-06-18T18:00"],
            "before",
        ),
        ([], "--title"),
    ],
)
def test_a_new_incident_that_cannot_be_leaves_no_library_behind(line, words, says):
    assert says in line("new", *words, status=2).stderr
    assert not line.library.exists()


def test_an_import_is_one_step_with_a_line_for_each_file(demo):
    words = ["import", "last", FIXTURES / "war-room.csv", FIXTURES / "error-rate.csv"]
    rows = [json.loads(row) for row in demo.printed(*words, "--json").splitlines()]
    assert [(row["format"], row["events"], row["series"]) for row in rows] == [
        ("csv", 4, 0),
        ("metric_csv", 3, 1),
    ]
    assert (rows[0]["first"], rows[0]["last"]) == ("2026-06-18T06:10:00Z", "2026-06-18T09:08:00Z")
    assert rows[1]["warnings"]
    digest = hashlib.sha256((FIXTURES / "war-room.csv").read_bytes()).hexdigest()
    assert sum(m["digest"] == digest for m in demo.document()["moment"]) == 4
    again = demo("import", "last", FIXTURES / "war-room.csv")
    assert "already" in again.stderr
    assert len(demo.document()["moment"]) == 19 + 4


def test_a_dry_run_changes_nothing(demo):
    before = demo.document()
    assert "4 events as csv" in demo.printed(
        "import", "last", FIXTURES / "war-room.csv", "--dry-run"
    )
    assert demo.document() == before


def test_one_file_that_is_not_in_order_keeps_the_others_out(demo, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("name,value\nfoo,1\n", encoding="utf-8")
    before = demo.document()
    done = demo("import", "last", FIXTURES / "war-room.csv", bad, "--json", status=2)
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert "no column of times" in rows[1]["error"]
    assert "bad.csv" in done.stderr
    assert "Nothing was imported" in done.stderr
    assert demo.document() == before


def test_a_zone_can_be_given_for_times_that_have_none(demo, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("time,text\n2026-06-18 18:14,a\n", encoding="utf-8")
    words = ["import", "last", file, "--dry-run", "--json"]
    assert json.loads(demo.printed(*words))["first"] == "2026-06-18T06:14:00Z"
    assert json.loads(demo.printed(*words, "--zone", "UTC"))["first"] == "2026-06-18T18:14:00Z"


def feed(*rows):
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


ROW = {"datetime": "2026-06-18T18:50:00+12:00", "message": "Calls slow down", "id": "m-1"}


def test_a_feed_is_saved_line_by_line_and_a_known_moment_only_once(demo):
    other = {
        "datetime": "2026-06-18T18:51:00",
        "message": "x",
        "timestamp_desc": "y",
        "lane": "impact",
    }
    done = demo("add-moments", "last", text=feed(ROW, "", other, ROW))
    said = done.stdout.split()
    assert said[:2] == ["saved", "m-1"]
    assert said[4:] == ["saved", "m-1"]
    moments = {m["id"]: m for m in demo.document()["moment"]}
    assert moments["m-1"]["provenance"] == "recorded"
    assert moments[said[3]]["at"] == "2026-06-18T06:51:00Z"
    assert (len(moments), moments[said[3]]["lane"]) == (21, "impact")
    assert "Pacific/Auckland" in done.stderr


def test_a_bad_line_of_a_feed_is_named_and_the_rest_go_on(demo):
    bad = [
        "no json",
        "[1]",
        {**ROW, "message": "Other words"},
        {"message": "no time"},
        {"datetime": "2026-06-18T18:50:00Z", "message": ""},
        {"datetime": "soon", "message": "a"},
        {**ROW, "id": "two words"},
        {**ROW, "id": "turned\u202eround"},
        {**ROW, "id": "m-2", "lane": "moon"},
    ]
    last = {**ROW, "id": "m-9"}
    done = demo("add-moments", "last", text=feed(ROW, *bad, last), status=2)
    assert done.stdout.split() == ["saved", "m-1", "saved", "m-9"]
    assert [f"Line {n}:" in done.stderr for n in range(1, 12)] == [False, *[True] * 9, False]
    assert len(demo.document()["moment"]) == 21


def test_bytes_that_are_no_text_in_a_feed_are_a_bad_line(demo):
    done = demo("add-moments", "last", text=b"\xff\xfe\n" + feed(ROW).encode(), status=2)
    assert "Line 1: it is not UTF-8" in done.stderr
    assert "saved m-1" in done.stdout


def test_hints_are_told_with_line_and_place_in_it(line, tmp_path):
    text = "The service failed to start.\n🙂 The engineer should have checked it.\n"
    file = tmp_path / "notes.txt"
    file.write_text(text, encoding="utf-8")
    rows = [json.loads(row) for row in line.printed("language", file, "--json").splitlines()]
    assert [row["line"] for row in rows] == [2]
    row = rows[0]
    assert text.splitlines()[1][row["start"] : row["end"]] == row["text"]
    assert set(row) == {
        *("line", "start", "end", "text", "family", "strength", "reason", "say", "suggestions"),
    }
    assert line.printed("language", "--json", text=text) == line.printed("language", file, "--json")
    assert line.printed("language", text=text).startswith("2:")
    assert line.printed("language", text="") == ""


def test_jargon_is_told_to_executives_alone(line):
    text = "The MTTR was long.\n"
    assert line.printed("language", "--json", text=text) == ""
    row = json.loads(line.printed("language", "--json", "--audience", "executive", text=text))
    assert row["family"] == "jargon"


def test_a_draft_is_written_and_cannot_be_signed(demo, tmp_path):
    demo("report", "last", "-o", tmp_path / "draft.pdf")
    identity = make_identity(demo, "tech-lead")
    done = sign(demo, tmp_path / "draft.pdf", identity, "tech-lead", status=2)
    assert "draft" in done.stderr


def test_a_report_that_is_not_ready_says_what_is_missing_and_writes_nothing(line, tmp_path):
    line("new", "--title", "Half done")
    done = line("report", "last", "--final", "-o", tmp_path / "a.pdf", status=1)
    assert "Set the severity" in done.stderr
    assert not (tmp_path / "a.pdf").exists()
    (found,) = json.loads(line.printed("incidents", "--json"))
    assert found["state"] == "planned"


def test_a_final_report_freezes_and_can_be_written_again_byte_for_byte(demo, tmp_path):
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    demo("report", "last", "--final", "-o", one)
    demo("report", "last", "--final", "-o", two)
    assert one.read_bytes() == two.read_bytes()
    assert json.loads(demo.printed("incidents", "--json"))[0]["state"] == "final"
    done = demo("import", "last", FIXTURES / "war-room.csv", status=2)
    assert "final" in done.stderr
    assert "Nobody has signed" in demo.printed("verify", one)


PASSPHRASE = "four plain words here"


def make_identity(line, role):
    secret = line.folder / "passphrase"
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    file = line.folder / f"{role}.identity"
    line(
        "identity",
        "new",
        "-o",
        file,
        "--name",
        f"A {role}",
        "--role",
        role,
        "--passphrase-file",
        secret,
    )
    return file


def sign(line, pdf, identity, role, **named):
    secret = line.folder / "passphrase"
    return line(
        "sign", pdf, "--identity", identity, "--role", role, "--passphrase-file", secret, **named
    )


def test_three_people_sign_one_file_and_a_flipped_byte_is_told(demo, tmp_path):
    pdf = tmp_path / "report.pdf"
    demo("report", "last", "--final", "-o", pdf)
    cards = []
    for role in ("tech-lead", "on-call", "product-owner"):
        identity = make_identity(demo, role)
        sign(demo, pdf, identity, role)
        card = tmp_path / f"{role}.pem"
        demo("identity", "card", identity, "-o", card)
        cards += ["--trust", card]
    verdict = json.loads(demo.printed("verify", pdf, *cards, "--json"))
    assert (verdict["verdict"], verdict["missing"]) == ("good", [])
    assert {s["trust"] for s in verdict["signatures"]} == {"trusted"}
    assert "good:" in demo.printed("verify", pdf)
    assert json.loads(demo.printed("incidents", "--json"))[0]["state"] == "signed"
    wrong = json.loads(demo.printed("verify", pdf, *cards[:2], "--json", status=1))
    assert wrong["verdict"] == "do-not-rely"
    data = bytearray(pdf.read_bytes())
    data[len(data) // 2] ^= 1
    pdf.write_bytes(data)
    assert demo("verify", pdf, status=1).stdout.startswith(("do-not-rely", "broken"))


def test_an_identity_is_shown_exported_and_never_overwritten(line):
    file = make_identity(line, "on-call")
    shown = line.printed("identity", "show", file)
    assert "Name: A on-call" in shown
    assert "Role: On-call engineer" in shown
    secret = line.folder / "passphrase"
    line("identity", "export", file, "-o", line.folder / "a.p12", "--passphrase-file", secret)
    assert (line.folder / "a.p12").read_bytes()[:1] == b"\x30"
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o077 == 0
    before = file.read_bytes()
    words = ["identity", "new", "-o", file, "--name", "B", "--role", "on-call"]
    assert "already" in line(*words, "--passphrase-file", secret, status=2).stderr
    assert file.read_bytes() == before


def test_a_passphrase_may_come_through_a_pipe(line):
    file = line.folder / "a.identity"
    words = ["identity", "new", "-o", file, "--name", "B", "--role", "on-call"]
    line(*words, text=f"{PASSPHRASE}\n")
    assert file.exists()


def test_a_wrong_passphrase_and_a_wrong_role_sign_nothing(demo, tmp_path):
    pdf = tmp_path / "report.pdf"
    demo("report", "last", "--final", "-o", pdf)
    before = pdf.read_bytes()
    identity = make_identity(demo, "on-call")
    assert "on-call" in sign(demo, pdf, identity, "tech-lead", status=2).stderr
    (demo.folder / "passphrase").write_text("something else\n", encoding="utf-8")
    assert "passphrase" in sign(demo, pdf, identity, "on-call", status=2).stderr.lower()
    assert pdf.read_bytes() == before


@pytest.mark.parametrize("command", [["verify"], ["sign"]])
def test_what_is_no_pdf_is_refused_by_name(line, tmp_path, command):
    identity = make_identity(line, "on-call")
    file = tmp_path / "no.pdf"
    file.write_text("just words", encoding="utf-8")
    words = ["--identity", identity, "--role", "on-call"] if command == ["sign"] else []
    secret = ["--passphrase-file", line.folder / "passphrase"] if words else []
    assert "PDF" in line(*command, file, *words, *secret, status=2).stderr
    assert "There is no file" in line(*command, tmp_path / "x", *words, *secret, status=2).stderr


def test_json_comes_back_equal_in_another_library_and_under_a_new_id_in_the_same(demo, tmp_path):
    file = tmp_path / "export.json"
    demo("export", "last", "--format", "json", "-o", file)
    (original,) = json.loads(demo.printed("incidents", "--json"))
    other = Line(tmp_path / "other")
    other.folder.mkdir()
    assert other.printed("import-json", file) == original["id"]
    assert other.document() == json.loads(file.read_text(encoding="utf-8"))["records"]
    again = demo.printed("import-json", file)
    assert again != original["id"]
    mine, copy = demo.document(original["id"]), demo.document(again)
    assert copy["incident"][0].pop("id") == again
    assert mine["incident"][0].pop("id") == original["id"]
    assert mine == copy


@pytest.mark.parametrize("form", ["markdown", "html", "timesketch", "ics"])
def test_what_goes_to_outsiders_has_the_facts_and_no_names(demo, tmp_path, form):
    names = [person["name"] for person in demo.document()["person"]]
    file = tmp_path / "out"
    demo("export", "last", "--format", form, "-o", file)
    text = file.read_text(encoding="utf-8")
    assert "Booking" in text
    assert [name for name in names if name in text] == []


def test_a_file_that_is_no_export_is_refused_and_makes_no_library(line, tmp_path):
    file = tmp_path / "no.json"
    file.write_text("{}", encoding="utf-8")
    assert "no.json" in line("import-json", file, status=2).stderr
    assert not line.library.exists()


def test_a_library_in_order_is_said_to_be_and_backed_up(demo, tmp_path):
    assert demo.printed("check").startswith("In order: 1 incidents")
    copy = tmp_path / "copy.sqlite"
    demo("backup", "-o", copy)
    restored = Line(tmp_path)
    restored.library = copy
    assert restored.document() == demo.document()
    assert "exists already" in demo("backup", "-o", copy, status=2).stderr


def test_a_flipped_bit_in_a_text_is_told_and_mended_only_when_asked(demo):
    data = bytearray(demo.library.read_bytes())
    data[data.index(b"War room opened")] ^= 1
    demo.library.write_bytes(data)
    demo("check", status=1)
    assert demo.library.read_bytes() == bytes(data)
    done = demo("check", "--repair")
    assert "is kept as" in done.stdout
    demo("check")


@pytest.mark.parametrize(
    "words",
    [
        ["incidents"],
        ["check"],
        ["backup", "-o", "copy"],
        ["report", "last", "-o", "a.pdf"],
        ["export", "last", "--format", "json", "-o", "a.json"],
        ["import", "last", str(FIXTURES / "war-room.csv")],
        ["add-moments", "last"],
    ],
)
@pytest.mark.parametrize("kind", ["missing", "empty", "no-library", "folder"])
def test_a_library_that_is_none_is_named_and_left_as_it_was(line, words, kind):
    before = {"missing": None, "empty": b"", "no-library": b"words " * 500, "folder": None}[kind]
    if before is not None:
        line.library.write_bytes(before)
    if kind == "folder":
        line.library.mkdir()
    done = line(*words, status=2)
    assert "library.sqlite" in done.stderr
    assert "Traceback" not in done.stderr
    if kind == "folder":
        assert list(line.library.iterdir()) == []
    else:
        assert (line.library.read_bytes() if line.library.exists() else None) == before


def test_an_unknown_incident_is_named(demo, line):
    done = demo("report", "nonsense", "-o", "a.pdf", status=2)
    assert "“nonsense”" in done.stderr
    assert "facilitator incidents" in done.stderr


def test_a_place_that_cannot_be_written_is_a_sentence(demo, tmp_path):
    place = tmp_path / "nowhere" / "a.json"
    done = demo("export", "last", "--format", "json", "-o", place, status=2)
    assert str(place) in done.stderr


def test_a_library_is_never_written_over(demo):
    before = demo.document()
    words = ["export", "last", "--format", "json", "-o", demo.library]
    assert "is a database" in demo(*words, status=2).stderr
    assert demo.document() == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
@pytest.mark.parametrize("words", [[], ["open"], ["open", "last"]])
def test_without_a_display_the_window_is_refused_with_a_sentence(demo, monkeypatch, words):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert "no display" in demo(*words, status=2).stderr


def test_a_library_in_use_names_its_holder(demo):
    code = (
        "import sys; from pathlib import Path; from facilitator.store.library import Library;"
        "library = Library(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read();"
        "library.close()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(demo.library)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "open\n"
        assert "library.sqlite" in demo("incidents", status=2).stderr
    finally:
        holder.communicate()
    demo("incidents")


def test_as_a_program_it_reads_the_library_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("FACILITATOR_LIBRARY", str(tmp_path / "named.sqlite"))
    done = subprocess.run(
        [sys.executable, "-m", "facilitator", "demo", "--no-window"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (tmp_path / "named.sqlite").exists()
    assert (len(done.stdout.split()), done.stderr) == (1, "")


def test_a_feed_is_acknowledged_before_its_end_and_survives_a_kill(demo, tmp_path):
    feeder = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "facilitator",
            "--library",
            str(demo.library),
            "add-moments",
            "last",
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    feeder.stdin.write(feed(ROW))
    feeder.stdin.flush()
    assert feeder.stdout.readline() == "saved m-1\n"
    feeder.kill()
    feeder.communicate()
    assert "m-1" in {m["id"] for m in demo.document()["moment"]}


def test_the_help_of_every_command_is_in_plain_words():
    for command in cli.commands.values():
        assert isinstance(command, click.Command)
        assert command.help
