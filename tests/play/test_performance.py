"""A play as a pure machine: the same presses give the same play at any frame rate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.core import EDGE, TARGET, Window, judge
from game.play.performance import EventKind, Performance
from game.play.plan import AdaptivePlan, FixedPlan, RampPlan
from game.therapy.conditions import Conditions
from game.therapy.difficulty import DifficultyState, Flag, Limits, Reason
from tests.play.charts import SECOND_US, chart, pinches

WINDOW = Window()
LOOK_AHEAD_US = 3 * SECOND_US
LEAD_US = 3 * SECOND_US


def adaptive(made=None, rate: float = 1.0, **limits) -> AdaptivePlan:
    bounds = Limits(**limits)
    return AdaptivePlan(
        made or chart(),
        DifficultyState.first(bounds, rate),
        bounds,
        LOOK_AHEAD_US,
        WINDOW.late_us,
    )


def answering(plan, end_us: int, answer, frames) -> Performance:
    """Play ``plan`` with a hand that pinches ``answer(target)`` µs after each target, or not.

    The pinches are found by a first play at one frame per 100 ms and then played with ``frames``.
    """
    performance = Performance(plan, WINDOW, end_us)
    pending: list[tuple[int, int]] = []
    now_us = -LEAD_US
    while not performance.finished:
        now_us += frames()
        due = sorted(p for p in pending if p[0] < now_us)
        pending = [p for p in pending if p[0] >= now_us]
        for event in performance.step(pinches(*due, dwell_us=1), now_us):
            if event.kind is EventKind.IN_VIEW:
                target = performance.targets[event.target]
                lag_us = answer(target)
                if lag_us is not None:
                    pending.append((int(target["time_us"]) + lag_us, int(target["grip"])))
    return performance


def every(step_us: int):
    return lambda: step_us


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        (Conditions(rate_share=0.5), Reason.HELD_SPARSE_CHART),
        (Conditions(frozenset({Flag.SORE}), 0.8), Reason.HELD_SORE),
        (Conditions(frozenset({Flag.PAIN})), Reason.HELD_PAIN),
    ],
)
def test_a_spared_hand_is_asked_its_share_and_is_not_raised(conditions, reason):
    made, limits = chart(), Limits()
    state = DifficultyState.first(limits, 1.0)
    plan = AdaptivePlan(made, state, limits, LOOK_AHEAD_US, WINDOW.late_us, conditions)
    played = answering(plan, 62 * SECOND_US, lambda target: 0, every(50_000))
    targets, judgements = played.asked()
    assert judgements.targets["hit"].all()
    assert len(targets) / 60 == pytest.approx(conditions.rate_share, rel=0.2)
    assert plan.state.x == state.x
    assert {c.change.reason for c in plan.changes} == {reason}


def test_grips_left_out_make_a_thinner_song_that_does_not_raise():
    """Three of five grips are left out: what is left is hit, and proves nothing of the rate."""
    plan = adaptive()
    plan.leave_out(frozenset({0, 1, 2}))
    played = answering(plan, 62 * SECOND_US, lambda target: 0, every(50_000))
    targets, judgements = played.asked()
    assert set(targets["grip"].tolist()) <= {3, 4}
    assert judgements.targets["hit"].all()
    assert plan.state.rate <= 1.0
    assert {c.change.reason for c in plan.changes} == {Reason.HELD_SPARSE_CHART}


def test_a_perfect_hand_hits_everything_and_the_rate_climbs():
    plan = adaptive()
    played = answering(plan, 62 * SECOND_US, lambda target: 0, every(50_000))
    targets, judgements = played.asked()
    assert judgements.targets["hit"].all()
    assert plan.state.rate > 1.2
    densities = [np.count_nonzero(targets["phrase"] == p) for p in range(7)]
    assert densities[-1] > densities[0]


def test_a_hand_that_does_nothing_is_eased_off_and_the_rate_falls():
    plan = adaptive()
    played = answering(plan, 62 * SECOND_US, lambda target: None, every(50_000))
    targets, judgements = played.asked()
    assert not judgements.targets["hit"].any()
    assert plan.state.rate < 0.8
    in_phrase = [np.count_nonzero(targets["phrase"] == p) for p in range(7)]
    # The update alone takes at most a sixth; easing off halves what is left of a phrase.
    assert in_phrase[2] <= 0.6 * in_phrase[0]


def test_easing_off_takes_nothing_away_that_was_in_view():
    plan = adaptive()
    performance = Performance(plan, WINDOW, 62 * SECOND_US)
    seen = []
    for now_us in range(-LEAD_US, 64 * SECOND_US, 100_000):
        for event in performance.step(np.zeros(0, EDGE), now_us):
            if event.kind is EventKind.IN_VIEW:
                seen.append(int(performance.targets["time_us"][event.target]))
    assert seen == list(performance.asked()[0]["time_us"])


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    frames=st.lists(st.integers(5_000, 400_000), min_size=1, max_size=40),
)
def test_the_same_presses_give_the_same_play_at_any_frame_rate(seed, frames):
    def play(step):
        rng = np.random.default_rng(seed)
        lags: dict[int, int | None] = {}
        plan = adaptive()
        # The hand's answers depend on the target alone, never on when it was seen.
        for target in chart().targets:
            missed = rng.random() < 0.3
            lags[int(target["time_us"])] = None if missed else int(rng.integers(-260_000, 260_000))
        presses = sorted(
            (time_us + lag, int(target["grip"]))
            for target, (time_us, lag) in zip(chart().targets, lags.items(), strict=True)
            if lag is not None
        )
        edges = pinches(*presses)
        performance = Performance(plan, WINDOW, 62 * SECOND_US)
        given, now_us = 0, -LEAD_US
        while not performance.finished:
            now_us += step()
            # Releases come when they come; presses only once they are settled.
            upto = given
            while upto < len(edges) and edges["time_us"][upto] < now_us:
                upto += 1
            performance.step(edges[given:upto], now_us)
            given = upto
        return plan, performance

    cycle = iter(frames * 100_000)
    one_plan, one = play(every(SECOND_US // 60))
    other_plan, other = play(lambda: next(cycle))
    assert one_plan.state == other_plan.state
    assert one_plan.changes == other_plan.changes
    for (a, b), (c, d) in [(one.asked(), other.asked())]:
        assert a.tobytes() == c.tobytes()
        assert b.targets.tobytes() == d.targets.tobytes()
        assert b.presses.tobytes() == d.presses.tobytes()


def test_what_was_judged_live_is_what_judging_it_again_gives():
    plan = adaptive()
    lags = np.random.default_rng(5).integers(-400_000, 400_000, 1000)
    played = answering(plan, 62 * SECOND_US, lambda t: int(lags[t["time_us"] % 997]), every(16_667))
    targets, judgements = played.asked()
    again = judge(targets, played.edges, WINDOW)
    assert again.targets.tobytes() == judgements.targets.tobytes()
    live_hits = played.states == 1
    assert (live_hits == judgements.targets["hit"]).all()


def test_a_fixed_rate_asks_one_tier_from_beginning_to_end():
    made = chart()
    plan = FixedPlan(made, 20, LOOK_AHEAD_US)
    played = answering(plan, 62 * SECOND_US, lambda target: None, every(40_000))
    assert played.asked()[0].tobytes() == made.tier(20).tobytes()


def test_stopping_keeps_what_was_judged_and_asks_nothing_more():
    plan = FixedPlan(chart(), 20, LOOK_AHEAD_US)
    performance = Performance(plan, WINDOW, 62 * SECOND_US)
    performance.step(pinches((SECOND_US // 2, 0)), 10 * SECOND_US)
    performance.stop()
    targets, judgements = performance.asked()
    assert judgements.targets["hit"].tolist() == [True] + [False] * (len(targets) - 1)
    assert (targets["time_us"] + WINDOW.late_us < 10 * SECOND_US).all()
    assert performance.step(pinches((11 * SECOND_US, 0)), 12 * SECOND_US) == []


def test_the_play_stays_open_until_its_last_press_is_settled():
    plan = FixedPlan(chart(seconds=8), 1, LOOK_AHEAD_US)
    performance = Performance(plan, WINDOW, 9 * SECOND_US)
    performance.step(np.zeros(0, EDGE), 9 * SECOND_US - 1)
    assert not performance.finished
    performance.step(pinches((9 * SECOND_US - 1, 0)), 9 * SECOND_US)
    assert performance.finished
    assert len(performance.edges) >= 1


def test_a_look_ahead_within_reach_of_a_press_is_refused():
    with pytest.raises(ValueError, match="look-ahead"):
        Performance(FixedPlan(chart(), 1, 500_000), WINDOW, SECOND_US)


def test_the_ramp_grows_quicker_and_ends_easily_for_an_able_hand():
    plan = RampPlan(chart(seconds=120), Limits(), LOOK_AHEAD_US)
    played = answering(plan, 122 * SECOND_US, lambda target: 0, every(50_000))
    times_s = played.asked()[0]["time_us"] / SECOND_US
    gaps = np.diff(times_s)
    assert gaps[:5].min() > 3 * gaps[30:39].max()
    assert plan.state.rate > 1.0
    assert [c.change.reason.value for c in plan.changes] == ["ramp"]
    assert gaps[40:].min() >= 0.8


def test_the_ramp_gives_up_gently_on_a_hand_that_cannot():
    plan = RampPlan(chart(seconds=120), Limits(), LOOK_AHEAD_US)
    played = answering(plan, 122 * SECOND_US, lambda target: 450_000, every(50_000))
    assert len(played.asked()[0]) < 25
    assert plan.state.rate == pytest.approx(0.1)


def test_a_first_song_in_which_nobody_pinched_shows_nothing():
    plan = RampPlan(chart(seconds=120), Limits(), LOOK_AHEAD_US)
    answering(plan, 122 * SECOND_US, lambda target: None, every(50_000))
    assert plan.state is None
    assert plan.changes == []


def test_the_wider_the_limits_never_the_faster_than_them():
    plan = adaptive(rate=1.0, rate_max=1.05)
    answering(plan, 62 * SECOND_US, lambda target: 0, every(50_000))
    assert plan.state.rate <= 1.05 + 1e-9
    assert TARGET.names[0] == "time_us"
