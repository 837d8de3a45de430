"""Discounted success per grip, the mix of the next song, and grips that rest and come back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import GRIPS, Grip
from game.therapy.difficulty import DifficultyState, end_of_song, mix, resting, update
from game.therapy.grip_mix import GripRecord, best_grip
from game.therapy.limits import Limits
from tests.therapy.phrases import of_grip

LIMITS = Limits()
FRESH = GripRecord.fresh(0.80)


def record(success: float, **changes: Any) -> GripRecord:
    return replace(GripRecord(hits=success * 50, targets=50.0, seen=50), **changes)


def state_of(*successes: float) -> DifficultyState:
    return DifficultyState(x=0.0, grips=tuple(record(s) for s in successes))


def test_a_fresh_grip_is_worth_four_targets_at_the_success_aimed_for() -> None:
    assert (FRESH.hits, FRESH.targets, FRESH.success) == (3.2, 4.0, 0.8)


def test_discounting_on_a_worked_example() -> None:
    # N = 10, H = 5: .98^10 = .817073; a = .817073·3.2 + 5 + .182927·3.2 = 8.2; b = 14
    after = FRESH.after(10, 5, 0, 0.80)
    assert (after.hits, after.targets) == (pytest.approx(8.2), pytest.approx(14.0))
    # Once more, all missed: a = .817073·8.2 + .182927·3.2 = 7.285365; b = .817073·14 + 10.7317
    again = after.after(10, 0, 0, 0.80)
    assert again.hits == pytest.approx(7.285365, abs=1e-6)
    assert again.targets == pytest.approx(22.170728, abs=1e-6)
    assert again.seen == 20


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_a_success_always_lies_between_none_and_all(history: list[tuple[int, int]]) -> None:
    current = FRESH
    for asked, hits in history:
        current = current.after(asked, min(asked, hits), 0, 0.80)
        assert 0.0 <= current.success <= 1.0
        assert 4.0 <= current.targets <= 54.0 + 30  # 4 + 1/.02, and one phrase undiscounted


@pytest.mark.parametrize(
    ("run", "asked", "hits", "trailing", "expected"),
    [
        (2, 3, 3, 3, 5),  # all hit: the run goes on
        (2, 3, 2, 1, 1),
        (2, 3, 2, 0, 0),
        (2, 0, 0, 0, 2),  # not asked: nothing happened
    ],
)
def test_a_run_of_hits_goes_on_over_phrases(
    run: int, asked: int, hits: int, trailing: int, expected: int
) -> None:
    assert replace(FRESH, run=run).after(asked, hits, trailing, 0.80).run == expected


def test_equal_grips_get_equal_shares() -> None:
    assert mix(state_of(0.8, 0.8, 0.8, 0.8, 0.8), LIMITS) == pytest.approx([0.2] * 5)


def test_a_grip_that_goes_worse_is_asked_for_more_often() -> None:
    # p̄ = .8; tilts 1 − .15, 1, 1, 1 + .3, 1 − .15, summing to 5
    shares = mix(state_of(0.9, 0.8, 0.8, 0.6, 0.9), LIMITS)
    assert shares == pytest.approx([0.85 / 5, 0.2, 0.2, 1.3 / 5, 0.85 / 5])


def test_after_a_bad_song_the_sign_flips_for_one_song() -> None:
    state = state_of(0.9, 0.8, 0.8, 0.6, 0.9)
    after_bad_song = end_of_song(state, LIMITS, asked=100, hits=59)
    assert mix(after_bad_song, LIMITS) == pytest.approx([1.15 / 5, 0.2, 0.2, 0.7 / 5, 1.15 / 5])
    after_good_song = end_of_song(after_bad_song, LIMITS, asked=100, hits=61)
    assert mix(after_good_song, LIMITS) == mix(state, LIMITS)


def test_a_few_targets_are_no_bad_song() -> None:
    assert not end_of_song(state_of(*[0.8] * 5), LIMITS, asked=4, hits=0).easy_win


def test_the_tilt_is_bounded_and_base_weights_count() -> None:
    limits = Limits(grips=(Grip.INDEX, Grip.LITTLE), weights=(3.0, 9.9, 9.9, 1.0, 9.9))
    state = state_of(1.0, 0.5, 0.5, 0.0, 0.5)
    # p̄ = .5: index 3·clip(.25) = 1.5, little 1·clip(1.75) = 1.5
    assert mix(state, limits) == pytest.approx([0.5, 0, 0, 0.5, 0])


def fail(state: DifficultyState, grip: Grip, times: int) -> DifficultyState:
    for _ in range(times):
        state = update(state, LIMITS, [of_grip(grip, [False] * 4)]).state
    return state


def test_a_grip_that_cannot_be_made_rests_and_three_hits_in_a_row_bring_it_back() -> None:
    state = DifficultyState.first(LIMITS)
    state = fail(state, Grip.RING, 2)
    assert resting(state, LIMITS) == ()  # 8 targets are too few
    change = update(state, LIMITS, [of_grip(Grip.RING, [False] * 4)])
    assert change.rested == (Grip.RING,)
    assert change.state.grips[Grip.RING].success < 0.30
    assert mix(change.state, LIMITS)[Grip.RING] == pytest.approx(1 / 20)

    # Two hits in one phrase and one at the start of the next are three in a row.
    state = update(change.state, LIMITS, [of_grip(Grip.RING, [False, True, True])]).state
    assert resting(state, LIMITS) == (Grip.RING,)
    change = update(state, LIMITS, [of_grip(Grip.RING, [True])])
    assert change.returned == (Grip.RING,)
    assert change.state.grips[Grip.RING] == GripRecord.fresh(0.80)
    assert resting(change.state, LIMITS) == ()


def test_hits_of_a_fist_bring_no_grip_back() -> None:
    state = fail(DifficultyState.first(LIMITS), Grip.RING, 3)
    fists = tuple(3 if g == Grip.RING else 0 for g in GRIPS)
    change = update(state, LIMITS, [of_grip(Grip.RING, [True] * 3, fist_hits=fists)])
    assert change.returned == ()
    mashed = update(state, LIMITS, [of_grip(Grip.RING, [True] * 3, presses=(2, 2, 3, 2, 2))])
    assert mashed.returned == ()


def test_the_best_prescribed_grip_never_rests() -> None:
    limits = Limits(grips=(Grip.INDEX, Grip.MIDDLE))
    state = DifficultyState.first(limits)
    for _ in range(10):
        phrases = [of_grip(Grip.INDEX, [False] * 4), of_grip(Grip.MIDDLE, [False] * 5)]
        state = update(state, limits, phrases).state
        assert best_grip(state.grips, limits) not in resting(state, limits)
        assert len(resting(state, limits)) <= 1
    assert len(resting(state, limits)) == 1


def test_a_prescription_of_resting_grips_alone_still_plays_its_best() -> None:
    state = replace(
        state_of(0.9, 0.2, 0.1, 0.9, 0.9),
        grips=(record(0.9), record(0.2, resting=True), record(0.1, resting=True), FRESH, FRESH),
    )
    limits = Limits(grips=(Grip.MIDDLE, Grip.RING))
    assert resting(state, limits) == (Grip.RING,)
    assert mix(state, limits) == pytest.approx([0, 0.95, 0.05, 0, 0])


@given(
    successes=st.lists(st.floats(0, 1), min_size=5, max_size=5),
    asleep=st.lists(st.booleans(), min_size=5, max_size=5),
    weights=st.lists(st.floats(0.01, 100), min_size=5, max_size=5),
    grips=st.sets(st.sampled_from(GRIPS), min_size=1),
    easy_win=st.booleans(),
)
def test_any_mix_is_a_share_of_prescribed_grips(
    successes: list[float],
    asleep: list[bool],
    weights: list[float],
    grips: set[Grip],
    easy_win: bool,
) -> None:
    limits = Limits(grips=tuple(grips), weights=tuple(weights))
    state = DifficultyState(
        x=0.0,
        easy_win=easy_win,
        grips=tuple(record(s, resting=r) for s, r in zip(successes, asleep, strict=True)),
    )
    shares = mix(state, limits)
    assert sum(shares) == pytest.approx(1.0)
    assert all((share > 0) == (grip in grips) for grip, share in zip(GRIPS, shares, strict=True))
    rests = resting(state, limits)
    assert sum(shares[grip] for grip in rests) <= 1 / 20 + 1e-12
    assert best_grip(state.grips, limits) not in rests


@given(
    st.lists(
        st.tuples(st.sampled_from(GRIPS), st.lists(st.booleans(), min_size=1, max_size=6)),
        max_size=60,
    )
)
def test_however_it_goes_some_grip_is_awake_and_rests_have_a_cause(
    history: list[tuple[Grip, list[bool]]],
) -> None:
    state = DifficultyState.first(LIMITS)
    for grip, outcomes in history:
        change = update(state, LIMITS, [of_grip(grip, outcomes)])
        for rested in change.rested:
            assert change.state.grips[rested].success < 0.30
            assert change.state.grips[rested].seen >= 12
        state = change.state
        assert len(resting(state, LIMITS)) < 5
