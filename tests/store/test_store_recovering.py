"""A kill in the middle of a restore or a repair leaves the library there and everything in it."""

from collections import Counter

import pytest

from tests.store import recovering
from tests.store.storms import can_trace


@pytest.mark.skipif(not can_trace(), reason="needs strace, and the right to use it")
@pytest.mark.parametrize("way", ["restore", "repair"])
def test_a_kill_when_files_change_their_names_loses_nothing(tmp_path, own_home, way):
    # The last ones are about the library itself; `make torture` tries them all.
    points = recovering.points(tmp_path, way, ("link", "rename"))[-2:]
    found = [recovering.killed(tmp_path, way, point) for point in points]
    assert sum(found, Counter()) == Counter(kills=2)
