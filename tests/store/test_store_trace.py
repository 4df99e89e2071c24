"""What a session does to the machine, seen from outside."""

import os
import re
from pathlib import Path

import pytest

from tests.store.storms import can_trace, victim

pytestmark = pytest.mark.skipif(not can_trace(), reason="strace watches")
WRITES = re.compile(r"(?:openat|creat|mkdir|rename|link|unlink)\w*\(.*O_(?:WRONLY|RDWR|CREAT)")
PATH = re.compile(r'"([^"]+)"')


@pytest.fixture
def trace(tmp_path):
    file = tmp_path / "trace"
    calls = "openat,creat,mkdir,rename,link,socket,connect"
    options = ("-f", "-qq", "-s", "4096", "-o", str(file), "-e", f"trace={calls}")
    process = victim(tmp_path / "data" / "library.sqlite", 1, 12, 2, before=("strace", *options))
    process.communicate()
    assert process.returncode == 0
    return file.read_text()


def test_a_session_writes_nowhere_but_beside_the_library_and_in_the_data_folder(
    trace, tmp_path, own_home
):
    allowed = (str(tmp_path / "data"), str(own_home))
    opened = {Path(PATH.search(line)[1]) for line in trace.splitlines() if WRITES.search(line)}
    assert any(str(path).startswith(allowed[0]) for path in opened)
    elsewhere = {str(path) for path in opened if not str(path).startswith(allowed)}
    # Python keeps its own compiled files; they hold nothing of a meeting.
    assert {path for path in elsewhere if "__pycache__" not in path} <= {os.devnull}


def test_a_session_opens_no_socket(trace):
    assert "socket(" not in trace
    assert "connect(" not in trace
