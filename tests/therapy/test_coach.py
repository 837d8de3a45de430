"""The coach says one true thing about the own past, never the same twice running, or nothing."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.core.grips import Grip
from game.therapy.coach import Remark, Topic, read_remark, remark
from game.therapy.feedback import PlayFacts


def play(hits=(24, 24, 24, 24, 24), asked=30, **changes):
    """A song of 150 targets in 150 s, 80 % of them hit."""
    facts = PlayFacts("song", (asked,) * 5, tuple(hits), sum(hits), 5.0 * asked)
    return replace(facts, **changes)


USUAL = play()
RING_BEHIND = play((27, 27, 14, 27, 27))
RING_BETTER = play((24, 24, 29, 24, 24))
RING_WORSE_BEFORE = play((24, 24, 12, 24, 24))


def test_a_grip_that_improved_is_said_with_the_figures_of_both_times():
    said = remark([RING_WORSE_BEFORE, RING_BETTER])
    assert said == Remark(Topic.GRIP_BETTER, Grip.RING, 29, 12, 30, 30)


def test_a_grip_that_is_clearly_behind_is_to_be_looked_after():
    assert remark([RING_BEHIND]) == Remark(Topic.LOOK_AFTER, Grip.RING, 14, 0, 30)


def test_after_a_good_word_comes_the_grip_to_look_after_and_the_other_way_round():
    good = replace(RING_BEHIND, hits=(29, 27, 14, 27, 27), song="other")
    before = replace(RING_BEHIND, hits=(15, 27, 16, 27, 27), counted=112)
    plays = [before, good]
    first = remark(plays)
    assert first is not None
    assert (first.topic, first.grip) == (Topic.GRIP_BETTER, Grip.INDEX)
    second = remark(plays, first)
    assert second is not None
    assert (second.topic, second.grip) == (Topic.LOOK_AFTER, Grip.RING)
    assert remark(plays, second) == first


def test_the_same_is_not_said_twice_running():
    said = remark([RING_WORSE_BEFORE, RING_BETTER])
    again = remark([RING_WORSE_BEFORE, RING_BETTER], said)
    assert again is None or (again.topic, again.grip) != (said.topic, said.grip)


def test_an_ordinary_song_gets_no_praise():
    assert remark([USUAL, USUAL]) is None
    assert remark([USUAL]) is None
    assert remark([]) is None


def test_fewer_hits_are_never_scolded():
    assert remark([USUAL, play((18, 18, 18, 18, 18))]) is None


def test_an_easier_song_proves_nothing():
    easy = play((29, 29, 29, 29, 29), seconds=300.0, song="other")
    assert remark([RING_WORSE_BEFORE, easy]) is None


def test_a_pace_above_the_usual_one_is_told_in_per_cent_once_there_is_a_usual_one():
    plays = [replace(USUAL, level=-1.0)] * 5
    up = replace(USUAL, level=-0.5)
    assert remark([*plays, up]) == Remark(Topic.PACE_UP, None, 41)
    assert remark([*plays[:4], up]) is None
    assert remark([*plays, replace(USUAL, level=-1.5)]) is None


def test_it_can_be_silent():
    assert remark([RING_WORSE_BEFORE, RING_BETTER], silent=True) is None


def test_a_remark_is_kept_as_json():
    for one in (remark([RING_BEHIND]), Remark(Topic.PACE_UP, None, 12)):
        assert read_remark(json.loads(json.dumps(one.document()))) == one


@pytest.mark.parametrize(
    "document", [{}, {"topic": "praise"}, {"topic": "steadier", "grip": "thumb", "now": 1}]
)
def test_what_is_no_remark_is_refused(document):
    with pytest.raises(ValueError):
        read_remark(document)


counts = st.tuples(*[st.integers(0, 30)] * 5)


@settings(max_examples=60, deadline=None)
@given(st.lists(counts, min_size=1, max_size=12))
def test_over_any_evening_no_two_remarks_running_are_the_same_and_praise_is_earned(evening):
    plays: list[PlayFacts] = []
    said: Remark | None = None
    for hits in evening:
        plays.append(play(hits))
        now = remark(plays, said)
        if now is None:
            continue
        if said is not None:
            assert (now.topic, now.grip) != (said.topic, said.grip)
        if now.topic is Topic.GRIP_BETTER:
            assert now.now / now.asked >= now.before / now.asked_before + 0.10
        said = now
