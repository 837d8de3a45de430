"""Mirror, mental and assisted practice are kept as what they are and never move the difficulty."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.therapy.conditions import USUAL, Conditions
from game.therapy.difficulty import DifficultyState, Limits, update
from game.therapy.prescription import Mode
from game.therapy.totals import Flag
from game.therapy.ways import WAYS, Logged, conditions, hand_of, logged
from tests.therapy.phrases import phrase

OTHERS = [mode for mode in Mode if mode is not Mode.PLAY]


def test_every_mode_that_can_be_prescribed_is_a_way():
    assert set(WAYS) == set(Mode)


@pytest.mark.parametrize("mode", OTHERS)
@given(
    flags=st.sets(st.sampled_from(Flag)).map(frozenset),
    share=st.floats(0.01, 1.0),
    adapts=st.booleans(),
)
def test_only_play_adapts_whatever_the_session_allows(mode, flags, share, adapts):
    asked = Conditions(flags, share, adapts)
    given_ = conditions(mode, asked)
    assert not given_.adapts
    assert given_.flags >= flags
    assert given_.rate_share == share
    assert conditions(Mode.PLAY, asked) == asked


def test_help_is_said_to_be_help():
    assert conditions(Mode.ASSISTED, USUAL).flags == {Flag.ASSISTED}
    assert conditions(Mode.MIRROR, USUAL).flags == frozenset()


@given(st.integers(0, 60), st.floats(-3.3, 1.5))
def test_help_in_the_middle_of_a_song_never_raises_and_says_nothing_of_the_grips(hits, x):
    state = replace(DifficultyState.first(Limits()), x=x)
    change = update(state, Limits(), [phrase(60, hits, x, flags=frozenset({Flag.ASSISTED}))])
    assert change.after <= change.before
    assert change.state.grips == state.grips


@pytest.mark.parametrize(
    ("mode", "hand"),
    [
        (Mode.PLAY, "right"),
        (Mode.PRACTICE, "right"),
        (Mode.ASSISTED, "right"),
        (Mode.MIRROR, "left"),
        (Mode.MENTAL, "right"),
    ],
)
def test_in_the_mirror_the_other_hand_is_kept(mode, hand):
    assert hand_of(mode, "right") == hand
    with pytest.raises(ValueError, match="left"):
        hand_of(mode, "both")


def test_each_is_logged_as_what_it_is():
    assert logged(Mode.PLAY, "left", 100, 9) == Logged(Mode.PLAY, "left", 100, 9, 100, 9)
    assert logged(Mode.ASSISTED, "left", 100, 9) == Logged(Mode.ASSISTED, "left", 100, 9, 100, 9)
    assert logged(Mode.MIRROR, "left", 100, 9) == Logged(Mode.MIRROR, "right", 100, 9, 0, 0)
    assert logged(Mode.MENTAL, "left", 100, 9) == Logged(Mode.MENTAL, None, 100, 0, 0, 0)
    with pytest.raises(ValueError, match="negative"):
        logged(Mode.PLAY, "left", -1, 0)


def test_only_the_song_itself_is_scored():
    assert [mode for mode, way in WAYS.items() if way.scored] == [Mode.PLAY]
