"""The level: steps, bounds, what holds it, and how every change is explained."""

from dataclasses import replace
from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import Grip
from game.therapy.difficulty import (
    Change,
    DifficultyState,
    Flag,
    Limits,
    PhraseTotals,
    Reason,
    is_due,
    start_of_session,
    update,
)
from game.therapy.reasons import explain
from tests.therapy.phrases import phrase, spread

LIMITS = Limits()
# Many targets seen, so that every step is s1 = .01 octave.
SETTLED = replace(DifficultyState.first(LIMITS, 1.0), seen=5_000)


def test_nothing_known_starts_at_three_tenths_of_a_target_a_second() -> None:
    assert DifficultyState.first(LIMITS).x == log2(0.3)
    assert DifficultyState.first(Limits(rate_max=0.2)).x == log2(0.2)


@pytest.mark.parametrize(
    ("asked", "hits", "octaves", "reason"),
    [
        (16, 15, 0.11, Reason.RAISED),
        (16, 16, log2(1.08), Reason.RAISED),  # .16, cut to × 1.08
        (15, 12, 0.0, Reason.STEADY),  # exactly at .80
        (16, 11, 0.11 - 0.20, Reason.LOWERED),
        (16, 0, -log2(1.20), Reason.LOWERED),  # −.64, cut to ÷ 1.20
        (0, 0, 0.0, Reason.STEADY),
    ],
)
def test_a_phrase_moves_the_level(asked: int, hits: int, octaves: float, reason: Reason) -> None:
    change = update(SETTLED, LIMITS, [phrase(asked, hits)])
    assert change.after - change.before == pytest.approx(octaves, abs=1e-9)
    assert change.reason == reason
    assert change.state.x == change.after
    assert change.state.seen == 5_000 + asked


def test_phrases_that_gathered_move_the_level_together() -> None:
    together = update(SETTLED, LIMITS, [phrase(6, 6), phrase(9, 6)])
    assert together.after == pytest.approx(update(SETTLED, LIMITS, [phrase(15, 12)]).after)
    assert together.evidence["asked"] == 15


@pytest.mark.parametrize(
    ("counts", "seconds", "due"),
    [((12,), 1.0, True), ((11,), 29.9, False), ((6, 6), 2.0, True), ((1,), 30.0, True)],
)
def test_an_update_is_due_after_twelve_targets_or_thirty_seconds(
    counts: tuple[int, ...], seconds: float, due: bool
) -> None:
    assert is_due([phrase(count, 0) for count in counts], seconds) is due


HOLDS: list[tuple[dict[str, Any], Reason]] = [
    ({"flags": frozenset({Flag.PAIN})}, Reason.HELD_PAIN),
    ({"flags": frozenset({Flag.FATIGUE})}, Reason.HELD_FATIGUE),
    ({"flags": frozenset({Flag.FAULT})}, Reason.HELD_FAULT),
    ({"flags": frozenset({Flag.ASSISTED})}, Reason.HELD_ASSISTED),
    ({"flags": frozenset({Flag.COOL_DOWN})}, Reason.HELD_COOL_DOWN),
    ({"played_share": 0.79}, Reason.HELD_PARTLY_PLAYED),
    ({"fist_hits": spread(5)}, Reason.HELD_FIST),  # 5 of 16 is 31 %
    ({"presses": spread(33)}, Reason.HELD_MANY_PRESSES),
    ({"tier_rate": 0.89}, Reason.HELD_SPARSE_CHART),
]


@pytest.mark.parametrize(("changes", "reason"), HOLDS)
def test_what_holds_the_level_lets_it_fall_but_never_rise(
    changes: dict[str, Any], reason: Reason
) -> None:
    all_hit = update(SETTLED, LIMITS, [phrase(16, 16, **changes)])
    assert all_hit.after == all_hit.before
    assert all_hit.reason == reason
    assert all_hit.reason.is_hold

    bad = {name: value for name, value in changes.items() if name != "fist_hits"}
    some_hit = update(SETTLED, LIMITS, [phrase(16, 8, **bad)])
    assert some_hit.after < some_hit.before
    assert some_hit.reason == Reason.LOWERED


@pytest.mark.parametrize(
    "changes",
    [
        {"played_share": 0.80},
        {"fist_hits": spread(4)},  # 4 of 16 is 25 %
        {"presses": spread(32)},  # exactly twice
        {"tier_rate": 0.91},
    ],
)
def test_just_this_side_of_every_rule_the_level_rises(changes: dict[str, Any]) -> None:
    assert update(SETTLED, LIMITS, [phrase(16, 16, **changes)]).reason == Reason.RAISED


def test_a_lock_holds_the_level_but_lets_it_fall() -> None:
    locked = Limits(locked=True)
    assert update(SETTLED, locked, [phrase(16, 16)]).reason == Reason.HELD_LOCK
    assert update(SETTLED, locked, [phrase(16, 4)]).reason == Reason.LOWERED


def test_the_tier_is_compared_with_the_level_of_its_own_commit() -> None:
    fallen = replace(SETTLED, x=-1.0)
    committed_higher = phrase(16, 16, x=0.0, tier_rate=0.6)
    assert update(fallen, LIMITS, [committed_higher]).reason == Reason.HELD_SPARSE_CHART


def test_one_held_phrase_holds_those_that_gathered_with_it() -> None:
    phrases = [phrase(8, 8), phrase(8, 8, flags=frozenset({Flag.FAULT})), phrase(8, 8)]
    assert update(SETTLED, LIMITS, phrases).reason == Reason.HELD_FAULT


def test_assisted_play_says_nothing_about_the_grips() -> None:
    change = update(SETTLED, LIMITS, [phrase(16, 2, flags=frozenset({Flag.ASSISTED}))])
    assert change.state.grips == SETTLED.grips


def test_limits_that_moved_past_the_level_take_it_along_at_once() -> None:
    change = update(SETTLED, Limits(rate_max=0.5), [phrase(16, 16)])
    assert change.after == log2(0.5)
    assert change.reason == Reason.LIMITS


def test_a_later_session_starts_at_nine_tenths_with_larger_steps() -> None:
    change = start_of_session(SETTLED, LIMITS)
    assert change.state.rate == pytest.approx(0.9)
    assert change.state.seen == 34
    assert start_of_session(replace(SETTLED, seen=10), LIMITS).state.seen == 10
    at_lowest = DifficultyState.first(LIMITS, 0.1)
    assert start_of_session(at_lowest, LIMITS).after == LIMITS.x_min


limits_strategy = st.builds(
    lambda low, span, target, locked: Limits(
        rate_min=low, rate_max=min(low * span, 5.0), success_target=target, locked=locked
    ),
    st.floats(0.05, 2.0),
    st.floats(1.0, 30.0),
    st.floats(0.65, 0.90),
    st.booleans(),
)


@st.composite
def phrases(draw: st.DrawFn) -> PhraseTotals:
    asked = draw(st.integers(0, 40))
    hits = draw(st.integers(0, asked))
    return phrase(
        asked,
        hits,
        x=draw(st.floats(-3, 2)),
        presses=spread(draw(st.integers(0, 100))),
        fist_hits=spread(draw(st.integers(0, hits))),
        tier_rate=draw(st.floats(0.05, 5)),
        played_share=draw(st.floats(0, 1)),
        flags=draw(st.frozensets(st.sampled_from(list(Flag)), max_size=2)),
    )


@given(
    limits=limits_strategy,
    first=st.floats(0.01, 10),
    history=st.lists(st.lists(phrases(), min_size=1, max_size=3), max_size=30),
)
def test_no_history_crosses_a_bound_takes_a_long_step_or_rises_when_held(
    limits: Limits, first: float, history: list[list[PhraseTotals]]
) -> None:
    state = DifficultyState.first(limits, first)
    for gathered in history:
        change = update(state, limits, gathered)
        assert limits.x_min <= change.after <= limits.x_max
        assert 1 / 1.20 - 1e-12 <= change.rate_after / change.rate_before <= 1.08 + 1e-12
        held = (
            limits.locked
            or any(p.flags or p.played_share < 0.8 for p in gathered)
            or sum(sum(p.presses) for p in gathered) > 2 * sum(sum(p.asked) for p in gathered)
            or any(p.tier_rate < 0.9 * 2.0**p.x_at_commit for p in gathered)
        )
        if held:
            assert change.after <= change.before
        state = change.state


@pytest.mark.parametrize("limits", [LIMITS, Limits(rate_min=0.2, rate_max=0.9, success_target=0.9)])
def test_all_hit_climbs_to_the_highest_rate_and_all_missed_falls_to_the_lowest(
    limits: Limits,
) -> None:
    state = DifficultyState.first(limits)
    for _ in range(60):
        state = update(state, limits, [phrase(16, 16, state.x)]).state
    assert state.x == limits.x_max
    assert update(state, limits, [phrase(16, 16, state.x)]).reason == Reason.AT_HIGHEST
    for _ in range(60):
        state = update(state, limits, [phrase(16, 0, state.x)]).state
    assert state.x == limits.x_min
    assert update(state, limits, [phrase(16, 0, state.x)]).reason == Reason.AT_LOWEST


@pytest.mark.parametrize(
    "bad",
    [
        {"hits": spread(17)},
        {"asked": (16, 0, 0, 0)},
        {"presses": (-1, 0, 0, 0, 0)},
        {"fist_hits": spread(16)},
        {"trailing_hits": spread(16)},
        {"tier_rate": float("nan")},
        {"played_share": 1.2},
    ],
)
def test_totals_that_cannot_be_are_refused(bad: dict[str, Any]) -> None:
    good = phrase(16, 15)
    with pytest.raises(ValueError):
        replace(good, **bad)


@pytest.mark.parametrize(
    "bad",
    [
        {"rate_min": 2.0, "rate_max": 1.0},
        {"rate_max": 50.0},
        {"success_target": 0.95},
        {"grips": ()},
        {"grips": (Grip.INDEX, Grip.INDEX)},
        {"weights": (1.0, 1.0)},
        {"weights": (0.0, 1.0, 1.0, 1.0, 1.0)},
        {"weights": (1.0, float("nan"), 1.0, 1.0, 1.0)},
    ],
)
def test_limits_that_contradict_themselves_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Limits(**bad)


def every_change() -> list[Change]:
    state = SETTLED
    held = [update(state, LIMITS, [phrase(16, 16, **changes)]) for changes, _ in HOLDS]
    return [
        *held,
        update(state, LIMITS, [phrase(16, 15)]),
        update(state, LIMITS, [phrase(16, 1)]),
        update(state, LIMITS, [phrase(15, 12)]),
        update(state, LIMITS, []),
        update(state, Limits(locked=True), [phrase(16, 16)]),
        update(state, Limits(rate_max=0.5), [phrase(16, 16)]),
        update(replace(state, x=LIMITS.x_max), LIMITS, [phrase(16, 16, LIMITS.x_max)]),
        update(replace(state, x=LIMITS.x_min), LIMITS, [phrase(16, 0, LIMITS.x_min)]),
        start_of_session(state, LIMITS),
    ]


def test_every_change_has_numbers_for_evidence_and_a_sentence() -> None:
    sentences = [explain(change) for change in every_change()]
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)
    assert len(set(sentences)) == len(sentences)
    for change in every_change():
        assert all(isinstance(value, int | float) for value in change.evidence.values())


def test_the_sentence_names_the_figures() -> None:
    assert explain(update(SETTLED, LIMITS, [phrase(16, 15)])) == (
        "15 of 16 targets were hit, more than the 80% aimed for, "
        "so the rate rose from 1.00 to 1.08 targets/s."
    )
    change = update(SETTLED, LIMITS, [phrase(16, 16, presses=spread(40))])
    assert explain(change) == (
        "16 of 16 targets were hit; the rate does not rise and stays at 1.00 targets/s, "
        "because there were 40 presses for 16 targets."
    )
