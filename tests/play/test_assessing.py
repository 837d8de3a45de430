"""Assessments run through the real conductor and a virtual glove, and are the same for everyone."""

import numpy as np
import pytest

from firmware_bridge.glove import Glove
from game.core.grips import Grip
from game.play.assessing import AssessmentPlan, mode_of, prepare_test, result_of
from game.play.clock import Delays, HostSongClock, ManualClock
from game.play.conductor import Conductor
from game.play.setup import Player, PreparedPlay, outcome_of
from game.therapy.assessment import AssessmentKind, targets_of
from game.therapy.difficulty import DifficultyState, Limits
from game.therapy.simulated import simulated_patient


def taken(
    kind: AssessmentKind, severity: str, seed: int = 1, step_us: int = 25_000, **player
) -> tuple[PreparedPlay, Conductor]:
    """The test as a simulated patient takes it, in lockstep with a manual clock."""
    prepared = prepare_test(kind, Player(**player))
    clock = ManualClock()
    actor = simulated_patient(severity, seed)
    with Glove.open("virtual:patient", actor, clock=clock, lockstep=True) as glove:
        conductor = Conductor(prepared.performance, glove, HostSongClock(), Delays(), silent=True)
        clock.advance_to(clock() + 100_000)
        conductor.begin(clock(), -prepared.lead_us)
        while not conductor.finished:
            clock.advance_to(clock() + step_us)
            conductor.step()
    return prepared, conductor


def test_a_mild_hand_takes_the_whole_ramp_and_a_severe_one_is_let_off():
    _, mild = taken(AssessmentKind.SPEED, "mild")
    assert len(mild.performance.targets) == 70
    prepared, severe = taken(AssessmentKind.SPEED, "severe")
    assert isinstance(prepared.plan, AssessmentPlan)
    assert prepared.plan.given_up
    asked, judgements = severe.performance.asked()
    assert 15 < len(asked) < 60
    assert not judgements.targets["hit"][-8:].any()


def test_the_result_tells_hands_apart_in_the_right_order():
    rates = {}
    for severity in ("mild", "moderate", "severe"):
        _, conductor = taken(AssessmentKind.DEXTERITY, severity)
        result = result_of(AssessmentKind.DEXTERITY, conductor.performance)
        rates[severity] = result.main.value or 0.0
    assert rates["mild"] > rates["moderate"] > rates["severe"]
    assert 0.8 < rates["mild"] < 2.3


def test_the_targets_are_those_of_the_test_whatever_becomes_of_them():
    expected = targets_of(AssessmentKind.SPEED)
    for severity in ("mild", "masher"):
        _, conductor = taken(AssessmentKind.SPEED, severity)
        assert (conductor.performance.targets == expected).all()


def test_it_does_not_depend_on_how_often_anybody_looks():
    one, other = (
        taken(AssessmentKind.SPEED, "severe", step_us=step)[1].performance
        for step in (10_000, 400_000)
    )
    assert (one.asked()[0] == other.asked()[0]).all()
    assert (one.asked()[1].targets == other.asked()[1].targets).all()


def test_a_test_changes_no_difficulty_and_asks_the_prescribed_grips_alone():
    limits = Limits(grips=(Grip.INDEX, Grip.KEY), rate_max=0.3)
    state = DifficultyState.first(limits, 0.2)
    prepared, conductor = taken(AssessmentKind.SPEED, "mild", limits=limits, state=state)
    outcome = outcome_of(prepared, conductor, input_kind="virtual", input_description="")
    assert outcome.difficulty is None
    assert outcome.changes == []
    assert set(outcome.targets["grip"].tolist()) == {Grip.INDEX, Grip.KEY}
    assert len(outcome.targets) == 28
    assert (outcome.window.early_us, outcome.window.late_us) == (200_000, 200_000)
    assert outcome.song_key == mode_of(AssessmentKind.SPEED) == "test-speed"


def test_tapping_asks_nothing_and_is_over_after_fifteen_seconds():
    prepared, conductor = taken(AssessmentKind.TAPPING, "masher")
    assert len(conductor.performance.targets) == 0
    assert 19e6 < conductor.performance.end_us < 21e6
    # Without a cue even a masher does nothing: the glove has nobody to answer.
    assert result_of(AssessmentKind.TAPPING, conductor.performance).main.value is None
    assert prepared.song.notes["time_us"].tolist() == [4_000_000, 19_000_000]


def test_paced_tapping_measures_how_even_a_hand_is():
    variations = []
    for severity in ("mild", "tremor"):
        _, conductor = taken(AssessmentKind.PACED_TAPPING, severity, seed=4)
        result = result_of(AssessmentKind.PACED_TAPPING, conductor.performance)
        assert result.main.value is not None
        assert result.main.low < result.main.value < result.main.high
        variations.append(result.main.value)
    assert 0.05 < variations[0] < 0.25


@pytest.mark.parametrize("kind", AssessmentKind)
def test_a_test_is_a_song_that_can_be_drawn_and_heard(kind):
    prepared = prepare_test(kind, Player())
    song, chart = prepared.song, prepared.chart
    assert chart.phrases[0, 0] == 0
    assert chart.phrases[-1, 1] == chart.length_us
    assert (chart.phrases[1:, 0] == chart.phrases[:-1, 1]).all()
    assert np.all(np.diff(song.notes["time_us"]) > 0)
    assert len(song.bars_us) > 2
    assert song.beats_us[-1] == chart.length_us
    if len(chart.targets):
        assert (song.notes["time_us"] == chart.targets["time_us"]).all()
        assert len(chart.tier(1)) == len(chart.targets)
