"""The first song: how its targets grow closer, when it ends, where play then starts."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.therapy.difficulty import Change, Limits, Reason
from game.therapy.ramp import (
    Ramp,
    RampStep,
    next_ramp_target,
    ramp_rate,
    ramp_result,
)
from game.therapy.reasons import explain

LIMITS = Limits()


def play(
    hits: list[bool], limits: Limits = LIMITS, unknown: int = 0
) -> tuple[Ramp, list[RampStep], list[int]]:
    """A ramp with a note for every wish, of which the last ``unknown`` outcomes are not known."""
    ramp = Ramp()
    steps: list[RampStep] = []
    times: list[int] = []
    while len(steps) < len(hits):
        known: list[bool | None] = [*hits[: len(steps)]]
        for k in range(1, min(unknown, len(known)) + 1):
            known[-k] = None
        step = ramp.next_step(limits, known)
        if step is None:
            break
        steps.append(step)
        times.append((times[-1] if times else 1_000_000) + step.spacing_us)
        ramp = ramp.asked_one(step)
    return ramp, steps, times


def result(hits: list[bool], limits: Limits = LIMITS, presses: int = 0, fists: int = 0) -> Change:
    ramp, steps, times = play(hits, limits)
    return ramp_result(ramp, limits, times, hits[: len(steps)], presses=presses, fist_hits=fists)


def test_forty_targets_rise_from_fifteen_hundredths_to_two_a_second() -> None:
    rates = [ramp_rate(k, LIMITS) for k in range(40)]
    assert rates[0] == 0.15
    assert rates[39] == pytest.approx(2.0)
    assert np.diff(np.log2(rates)) == pytest.approx([log2(2 / 0.15) / 39] * 39)


def test_whoever_hits_all_plays_all_forty_and_four_easy_ones() -> None:
    _, steps, _ = play([True] * 100)
    assert [step.closing for step in steps] == [False] * 40 + [True] * 4
    assert steps[0].spacing_us == 0
    assert steps[1].spacing_us == round(1e6 / ramp_rate(1, LIMITS))
    assert {step.rate for step in steps[40:]} == {1.0}


@pytest.mark.parametrize("rate_max", [0.12, 0.5, 1.0])
def test_it_never_goes_above_the_highest_rate(rate_max: float) -> None:
    _, steps, _ = play([True] * 100, Limits(rate_max=rate_max))
    assert max(step.rate for step in steps) <= rate_max


@pytest.mark.parametrize(
    ("hits", "rising"),
    [
        ([False] * 50, 4),  # four misses in a row
        ([True] * 10 + [False] * 50, 14),
        ([True, False, False, False] * 20, 8),  # 2 of 8: under 40 %
        ([True, True, False, False] * 20, 40),  # 4 of 8 goes on
        ([True] * 8 + [True, False, False, True, False, False] * 9, 16),  # 3 of 8 at last
    ],
)
def test_it_ends_when_the_hand_no_longer_keeps_up(hits: list[bool], rising: int) -> None:
    _, steps, _ = play(hits)
    assert [step.closing for step in steps] == [False] * rising + [True] * 4


def test_outcomes_that_come_late_end_it_later_but_end_it() -> None:
    hits = [True] * 10 + [False] * 50
    assert sum(not step.closing for step in play(hits, unknown=3)[1]) == 17


def test_once_the_easy_targets_have_begun_they_stay() -> None:
    # The hits after the four misses are on easy targets and must not start the ramp again.
    _, steps, _ = play([True] * 8 + [False] * 4 + [True] * 30)
    assert [step.closing for step in steps] == [False] * 12 + [True] * 4


def test_the_easy_targets_are_far_apart() -> None:
    _, steps, _ = play([True] * 20 + [False] * 10)
    good = ramp_rate(21, LIMITS)  # of the 8 targets up to number 21, six were hit
    assert steps[-1].rate == pytest.approx(good / 2)
    assert play([False] * 10)[1][-1].rate == 0.1


@pytest.mark.parametrize(
    ("hits", "rate", "reason"),
    [
        ([True] * 44, 0.8 * 2.0, Reason.RAMP),
        # The last target with 6 of 8 is number 21, two misses after 20 hits.
        ([True] * 20 + [False] * 4 + [True] * 4, 0.8 * ramp_rate(21, LIMITS), Reason.RAMP),
        ([False] * 8, 0.1, Reason.RAMP_NO_RATE),
        ([True, False] * 22, 0.1, Reason.RAMP_NO_RATE),  # never 6 of 8
        ([False] * 4, 0.1, Reason.RAMP_NO_RATE),  # the song ended as the hand gave up
        ([True] * 5, 0.3, Reason.RAMP_TOO_SHORT),
        ([], 0.3, Reason.RAMP_TOO_SHORT),
        ([True, False, False], 0.15, Reason.RAMP_TOO_SHORT),
        ([True] * 12, 0.8 * ramp_rate(11, LIMITS), Reason.RAMP),  # the song ended early
    ],
)
def test_play_starts_below_the_last_rate_that_went_well(
    hits: list[bool], rate: float, reason: Reason
) -> None:
    change = result(hits)
    assert change.state.rate == pytest.approx(rate)
    assert change.reason == reason
    assert change.state.seen == 0
    assert explain(change).endswith(".")


def test_the_first_level_stays_within_the_limits() -> None:
    assert result([True] * 44, Limits(rate_max=0.7)).state.rate == pytest.approx(0.56)
    assert result([False] * 8, Limits(rate_min=0.4)).state.rate == pytest.approx(0.4)


def test_opening_and_closing_the_fist_is_no_pace() -> None:
    for presses, fists in [(44 * 2 + 1, 0), (44, 14)]:
        change = result([True] * 44, presses=presses, fists=fists)
        assert change.state.rate == pytest.approx(0.3)
        assert change.reason == Reason.RAMP_EMPTY_HITS
        assert explain(change).endswith(".")
    assert result([True] * 44, presses=88, fists=13).state.rate == pytest.approx(1.6)


def test_targets_lost_to_a_glove_fault_are_left_out() -> None:
    ramp, steps, times = play([True] * 44)
    outcomes: list[bool | None] = [True] * 44
    outcomes[30:40] = [None] * 10
    change = ramp_result(ramp, LIMITS, times, outcomes, presses=34, fist_hits=0)
    assert change.state.rate == pytest.approx(0.8 * steps[29].rate)


def test_a_melody_too_sparse_for_the_ramp_shows_only_its_own_rate() -> None:
    ramp, steps, _ = play([True] * 44)
    times = [k * 2_000_000 for k in range(len(steps))]  # never more than .5 a second
    change = ramp_result(ramp, LIMITS, times, [True] * 44, presses=44, fist_hits=0)
    assert change.state.rate == pytest.approx(0.8 * 0.5, rel=0.08)


def test_times_and_outcomes_must_belong_together() -> None:
    ramp, _, times = play([True] * 10)
    with pytest.raises(ValueError):
        ramp_result(ramp, LIMITS, times, [True] * 9, presses=0, fist_hits=0)


@pytest.mark.parametrize(
    ("candidates", "wish", "index"),
    [
        ([500, 1_000, 1_500], 1_000, 1),
        ([900, 1_150], 1_000, 1),  # 100 too early counts as 200 too late
        ([900, 1_250], 1_000, 0),
        ([790, 3_000], 1_000, 1),  # closer than .8 of the spacing: the ramp waits
        ([100, 200], 0, 0),  # the first target: as early as the song has it
        ([100, 200], 1_000, None),
        ([], 1_000, None),
    ],
)
def test_the_next_target_is_a_note_near_the_wanted_time(
    candidates: list[int], wish: int, index: int | None
) -> None:
    assert next_ramp_target(candidates, 0, wish) == index


@given(
    times=st.lists(st.integers(0, 200_000_000), unique=True).map(sorted),
    spacing=st.integers(1, 10_000_000),
)
def test_targets_go_forward_and_keep_their_distance(times: list[int], spacing: int) -> None:
    last = -1
    while (index := next_ramp_target(times, last, spacing)) is not None:
        assert times[index] - last >= max(1, round(0.8 * spacing))
        last = times[index]


@given(st.lists(st.sampled_from([True, False, None]), max_size=80), st.floats(0.05, 5.0))
def test_any_outcomes_end_it_and_give_a_level_within_the_limits(
    outcomes: list[bool | None], rate_max: float
) -> None:
    limits = Limits(rate_min=0.05, rate_max=rate_max)
    ramp, times = Ramp(), [0]
    known = [*outcomes, *[None] * 80]
    while (step := ramp.next_step(limits, known[: ramp.asked])) is not None:
        times.append(times[-1] + max(step.spacing_us, 1))
        ramp = ramp.asked_one(step)
        assert step.rate <= max(rate_max, 0.05)
    assert 8 <= ramp.asked <= 44
    change = ramp_result(ramp, limits, times[1:], known[: ramp.asked], presses=20, fist_hits=0)
    assert limits.x_min <= change.after <= limits.x_max
