"""The parts list says what the lock says, in CycloneDX, the same each time."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, re.MULTILINE))


def made(target, **more):
    environment = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"} | more
    subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "sbom.py"), "-o", str(target)],
        env=environment,
        check=True,
        capture_output=True,
    )
    return target.read_bytes()


@pytest.fixture(scope="module")
def sbom(tmp_path_factory):
    return json.loads(made(tmp_path_factory.mktemp("sbom") / "a.json"))


def test_it_is_a_cyclonedx_document_about_this_app(sbom):
    assert (sbom["bomFormat"], sbom["specVersion"], sbom["version"]) == ("CycloneDX", "1.5", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", sbom["serialNumber"])
    assert sbom["metadata"]["component"]["name"] == "facilitator"
    assert "timestamp" not in sbom["metadata"]


def test_every_package_of_the_lock_is_in_it_with_every_hash(sbom):
    found = {c["name"]: c["version"] for c in sbom["components"]}
    assert found == {re.sub(r"[-_.]+", "-", name).lower(): v for name, v in PINS.items()}
    hashes = [h["content"] for c in sbom["components"] for h in c["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", LOCK))
    assert all(c["hashes"] for c in sbom["components"])


def test_each_part_has_a_name_the_world_knows_and_most_a_licence(sbom):
    for component in sbom["components"]:
        expected = f"pkg:pypi/{component['name']}@{component['version']}"
        assert component["purl"] == component["bom-ref"] == expected
    licensed = [c for c in sbom["components"] if "licenses" in c]
    assert len(licensed) > len(sbom["components"]) // 2


def test_who_needs_what_points_at_parts_that_are_there(sbom):
    refs = {c["bom-ref"] for c in sbom["components"]} | {sbom["metadata"]["component"]["bom-ref"]}
    needed = {each["ref"]: set(each["dependsOn"]) for each in sbom["dependencies"]}
    assert set(needed) == refs
    assert set().union(*needed.values()) <= refs
    # Everything but the app itself is there because something needs it.
    assert refs - set().union(*needed.values()) == {sbom["metadata"]["component"]["bom-ref"]}


def test_made_twice_it_is_the_same_to_the_byte(tmp_path):
    assert made(tmp_path / "a.json") == made(tmp_path / "b.json")


def test_a_build_may_say_when_it_is(tmp_path):
    told = json.loads(made(tmp_path / "a.json", SOURCE_DATE_EPOCH="1800000000"))
    assert told["metadata"]["timestamp"] == "2027-01-15T08:00:00Z"


def test_it_names_no_host_and_no_path(sbom):
    text = json.dumps(sbom).replace("http://cyclonedx.org/schema/bom-1.5.schema.json", "")
    assert "://" not in text
    assert str(ROOT) not in text
