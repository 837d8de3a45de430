"""The difficulty in its loop with simulated patients: the figures of docs/therapy.md.

A sample by default; GRIPTUNE_SOAK=1 plays 80 patients of every kind.
"""

import os
from functools import cache

import numpy as np
import pytest

from game.core.grips import GRIPS, Grip
from game.therapy.difficulty import Limits, Reason
from tests.therapy.simulation import (
    Session,
    first_session,
    later_sessions,
)

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
PATIENTS = 80 if SOAK else 15
#: 60 phrases of 16 targets: a hand that starts far too low has found its level by then.
PHRASES = 60
HANDS = ["mild", "moderate", "severe", "impossible"]


@cache
def sessions(severity: str) -> list[Session]:
    return [first_session(severity, seed, PHRASES) for seed in range(PATIENTS)]


@pytest.mark.parametrize("severity", HANDS)
def test_the_last_twenty_phrases_are_hit_as_often_as_aimed_for(severity: str) -> None:
    close = [abs(session.success(20) - 0.80) <= 0.05 for session in sessions(severity)]
    assert np.mean(close) >= 0.90


@pytest.mark.parametrize("severity", HANDS)
def test_after_the_ramp_hardly_any_phrase_goes_badly(severity: str) -> None:
    played = sum(len(session.phrases) for session in sessions(severity))
    assert sum(session.poor_phrases() for session in sessions(severity)) / played < 0.02


@pytest.mark.parametrize("severity", [*HANDS, "spastic", "tremor"])
def test_no_step_is_too_long_and_no_bound_is_crossed(severity: str) -> None:
    limits = Limits()
    for session in sessions(severity)[:15]:
        for change in session.changes[1:]:
            assert 1 / 1.20 - 1e-9 <= change.rate_after / change.rate_before <= 1.08 + 1e-9
            assert limits.x_min <= change.after <= limits.x_max


@pytest.mark.parametrize("target", [0.70, 0.85])
def test_another_success_can_be_aimed_for(target: float) -> None:
    limits = Limits(success_target=target)
    played = [first_session("moderate", seed, PHRASES, limits) for seed in range(PATIENTS)]
    assert np.mean([abs(s.success(20) - target) <= 0.05 for s in played]) >= 0.90


def test_a_masher_never_climbs() -> None:
    for seed in range(PATIENTS):
        session = first_session("masher", seed, 12)
        assert session.success() > 0.9
        assert session.changes[0].reason == Reason.RAMP_EMPTY_HITS
        assert all(change.after <= change.before for change in session.changes[1:])
        assert {change.reason for change in session.changes[1:]} == {Reason.HELD_FIST}


def test_one_impossible_grip_costs_little_of_the_rate_of_the_others() -> None:
    without = Limits(grips=tuple(grip for grip in GRIPS if grip != Grip.LITTLE))
    kept = []
    for seed, session in enumerate(sessions("impossible")):
        able = first_session("impossible", seed, PHRASES, without)
        kept.append(2 ** (session.level() - able.level()))
        rested = [grip for change in session.changes for grip in change.rested]
        assert Grip.LITTLE in rested
    assert np.median(kept) >= 0.80
    assert np.mean(np.array(kept) >= 0.80) >= 0.90


@pytest.mark.parametrize(
    ("severity", "share"), [("mild", 0.95), ("moderate", 0.95), ("severe", 0.65)]
)
def test_a_hand_that_improves_shows_a_rising_level(severity: str, share: float) -> None:
    rising = []
    for seed in range(60 if SOAK else 8):
        levels = [session.level() for session in later_sessions(severity, seed, 20, 20)]
        rising.append(np.polyfit(range(20), levels, 1)[0] > 0)
    assert np.mean(rising) >= share


def test_a_hand_that_stays_as_it_is_shows_no_rising_level() -> None:
    slopes = []
    for seed in range(40 if SOAK else 8):
        levels = [s.level() for s in later_sessions("moderate", seed, 20, 20, learning=0.0)]
        slopes.append(np.polyfit(range(20), levels, 1)[0])
    # In octaves a session; 2 % faster a session would be .029.
    assert abs(np.median(slopes)) < 0.006


def test_a_hand_that_tires_is_asked_for_less() -> None:
    """Fatigue hides in success, which the rule keeps up, and shows in the level."""
    falls = []
    for session in sessions("moderate"):
        rates = [phrase.rate for phrase in session.phrases]
        falls.append(np.median(rates[-20:]) / np.median(rates[10:30]))
    assert np.median(falls) < 0.97


def test_one_seed_gives_one_session() -> None:
    one, other = (first_session("moderate", 5, 20) for _ in range(2))
    assert one.phrases == other.phrases
    assert one.changes == other.changes
