"""The stage: a value, and listeners that hear only what differs."""

from dataclasses import FrozenInstanceError

import pytest

from facilitator.stage import Scene, Stage


def test_listeners_hear_what_differs_and_nothing_else():
    stage, heard = Stage(), []
    stage.subscribe(heard.append)
    stage.change(card="whys", why="w1")
    stage.change(card="whys", why="w1")
    stage.change(frozen=True)
    assert heard == [Scene("whys", "w1"), Scene("whys", "w1", frozen=True)]
    assert stage.scene == heard[-1]


def test_a_listener_can_stop_even_while_it_is_told():
    stage, heard, stops = Stage(), [], []

    def once(scene):
        heard.append(scene)
        stops.pop()()

    stops.append(stage.subscribe(once))
    stage.subscribe(heard.append)
    stage.change(blank=True)
    stage.change(blank=False)
    assert len(heard) == 3


def test_a_part_that_does_not_exist_is_our_mistake():
    with pytest.raises(TypeError):
        Stage().change(hints="shown")


def test_a_scene_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        Stage().scene.frozen = True
