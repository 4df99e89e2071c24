"""The parts list of what is shipped, as CycloneDX 1.5 JSON, from the lock and nothing else.

Usage: python packaging/sbom.py [-o FILE]. Needs no network and no package; the same lock in the
same environment gives the same bytes. Licences are those that installed packages state; a package
that is not installed here is listed without one. A component has the hash of every file the lock
allows, one for each platform.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import re
import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements.lock"
TARGET = ROOT / "build" / "sbom.cdx.json"
NAME = "facilitator"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?([A-Za-z0-9._-]+)")
_LONGEST_LICENCE = 100
_SPACE = uuid.UUID("6e6f1c2e-3b7d-5b0a-9a51-0d9f6a1f5b11")


@dataclass
class Pin:
    """One package of the lock: its hashes, when it is needed, and who needs it."""

    name: str
    version: str
    marker: str = ""
    hashes: list[str] = field(default_factory=list)
    needed_by: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        """What the world calls this package."""
        return f"pkg:pypi/{plain(self.name)}@{self.version}"


def plain(name: str) -> str:
    """A package's name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> list[Pin]:
    """The packages of a lock, in its order."""
    pins: list[Pin] = []
    for line in text.splitlines():
        if found := _PIN.match(line):
            pins.append(Pin(found[1], found[2], found[3] or ""))
        elif pins:
            pins[-1].hashes += _HASH.findall(line)
            if via := _VIA.match(line):
                pins[-1].needed_by.append(plain(via[1]))
    return pins


def bill(pins: list[Pin], version: str) -> dict[str, Any]:
    """The parts list as a CycloneDX document."""
    pins = sorted(pins, key=lambda pin: plain(pin.name))
    root = f"pkg:pypi/{NAME}@{version}"
    told: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            **_time(),
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": NAME,
                "version": version,
                "purl": root,
            },
        },
        "components": [_component(pin) for pin in pins],
        "dependencies": _dependencies(pins, root),
    }
    content = json.dumps(told, sort_keys=True)
    return {**told, "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, content)}"}


def _component(pin: Pin) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": pin.purl,
        "name": plain(pin.name),
        "version": pin.version,
        "purl": pin.purl,
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": each} for each in sorted(pin.hashes)],
    }
    if licence := _licence(pin):
        told["licenses"] = [licence]
    if pin.marker:
        told["properties"] = [{"name": "pip:marker", "value": pin.marker}]
    return told


def _licence(pin: Pin) -> dict[str, Any]:
    try:
        about = importlib.metadata.metadata(pin.name)
    except importlib.metadata.PackageNotFoundError:
        return {}
    if about["Version"] != pin.version:
        return {}
    if about["License-Expression"]:
        return {"expression": about["License-Expression"]}
    found = [c for c in about.get_all("Classifier") or [] if c.startswith("License :: ")]
    named = [c.rsplit(" :: ", 1)[-1] for c in found if " :: " in c.removeprefix("License :: ")]
    told = (about["License"] or "").strip()
    if told and "\n" not in told and len(told) <= _LONGEST_LICENCE:
        named.append(told)
    return {"license": {"name": named[0]}} if named else {}


def _dependencies(pins: list[Pin], root: str) -> list[dict[str, Any]]:
    known = {NAME: root, **{plain(pin.name): pin.purl for pin in pins}}
    needs: dict[str, list[str]] = {ref: [] for ref in known.values()}
    for pin in pins:
        for name in pin.needed_by:
            if name in known:
                needs[known[name]].append(pin.purl)
    return [{"ref": ref, "dependsOn": sorted(needs[ref])} for ref in sorted(needs)]


def _time() -> dict[str, str]:
    # Left out unless the build says when it is: the time of a look is not part of the list.
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch.isdigit():
        return {}
    return {"timestamp": datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _version() -> str:
    text = (ROOT / NAME / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else "0"


def main(arguments: list[str]) -> int:
    """Write the parts list; say where it is and what it lacks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    target: Path = parser.parse_args(arguments).output
    pins = read_lock(LOCK.read_text(encoding="utf-8"))
    told = bill(pins, _version())
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    target.write_text(text, encoding="utf-8", newline="\n")
    silent = [c["name"] for c in told["components"] if "licenses" not in c]
    print(f"{target}: {len(pins)} packages, {sum(len(pin.hashes) for pin in pins)} hashes")
    if silent:
        print(f"State no licence here: {', '.join(silent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
