from tests.store.storms import bit_flips, kill_storm


def test_nothing_acknowledged_is_lost_or_doubled_when_the_process_is_killed(tmp_path):
    counts = kill_storm(tmp_path, kills=6, seed=20260618)
    assert counts["kills"] == 6
    assert counts["acknowledged"] > 0
    assert (counts["lost"], counts["duplicated"], counts["damaged"]) == (0, 0, 0)


def test_every_flipped_bit_in_what_a_person_wrote_is_told(filled):
    words = [b"in words nobody else uses", b"A draft of an answer", b"saved addresses"]
    counts = bit_flips(filled, 150, seed=1, words=words)
    assert counts == {"variants": 150, "told": 150}


def test_no_flipped_bit_anywhere_changes_content_without_a_word(filled):
    counts = bit_flips(filled, 150, seed=2)
    assert counts["told"] > 0
    assert (counts["silent"], counts["overwritten"]) == (0, 0)
