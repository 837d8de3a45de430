"""What the difficulty rule makes of simulated patients, beside a fixed rate and a block rule.

A row of figures for every kind of hand: the mean success over the last 20 of 60 phrases, the share
of patients within .05 of the success aimed for, and the share of phrases under 50 % after the ramp.
The peers are a rate that is the same for everybody, and a rule that goes 10 % up after a good block
and 5 % down after a poor one. ``GRIPTUNE_SOAK=1`` plays 80 patients of every kind instead of 20.
"""

import os
from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Figure
from game.core.grips import GRIPS, Grip
from game.therapy.difficulty import Limits
from tests.therapy.simulation import Session, block_rule, first_session, later_sessions, success_at

_PATIENTS = 80 if os.environ.get("GRIPTUNE_SOAK") == "1" else 20
_PHRASES = 60
_FIXED_RATE = 0.7
_AIM = 0.80


def figures() -> Iterator[Figure]:
    for severity in ("mild", "moderate", "severe"):
        ours = [first_session(severity, seed, _PHRASES) for seed in range(_PATIENTS)]
        yield from _row(severity, "weighted up-down", ours)
        block = [
            first_session(severity, seed, _PHRASES, rule=block_rule) for seed in range(_PATIENTS)
        ]
        yield from _row(severity, "block rule +10/-5 %", block)
        fixed = [success_at(severity, seed, _FIXED_RATE) for seed in range(_PATIENTS)]
        yield Figure(f"{severity}: success, fixed {_FIXED_RATE}/s", float(np.mean(fixed)), "")
    yield from _one_impossible_grip()
    rises = [
        max((change.after - change.before for change in session.changes[1:]), default=0.0)
        for session in (first_session("masher", seed, 12) for seed in range(_PATIENTS))
    ]
    yield Figure("masher: largest raise after the ramp, octaves", max(rises), "", False)
    yield from _improving()


def _row(severity: str, rule: str, sessions: list[Session]) -> Iterator[Figure]:
    success = [session.success(20) for session in sessions]
    close = [abs(one - _AIM) <= 0.05 for one in success]
    poor = sum(session.poor_phrases() for session in sessions) / (_PHRASES * len(sessions))
    yield Figure(f"{severity}: success, {rule}", float(np.mean(success)), "")
    yield Figure(f"{severity}: patients within .05, {rule}", float(np.mean(close)), "")
    yield Figure(f"{severity}: phrases under 50 %, {rule}", poor, "", False)


def _one_impossible_grip() -> Iterator[Figure]:
    others = Limits(grips=tuple(grip for grip in GRIPS if grip is not Grip.LITTLE))
    kept = []
    for seed in range(_PATIENTS):
        whole = first_session("impossible", seed, _PHRASES)
        able = first_session("impossible", seed, _PHRASES, others)
        kept.append(2.0 ** (whole.level() - able.level()))
    yield Figure("impossible grip: rate kept, median", float(np.median(kept)), "")
    yield Figure(
        "impossible grip: patients with .8 or more", float(np.mean(np.array(kept) >= 0.8)), ""
    )


def _improving() -> Iterator[Figure]:
    for severity in ("mild", "moderate", "severe"):
        rising = []
        for seed in range(_PATIENTS // 2):
            levels = [session.level() for session in later_sessions(severity, seed, 20, 20)]
            rising.append(np.polyfit(range(20), levels, 1)[0] > 0)
        name = f"{severity}: a rising level over 20 sessions at +2 %"
        yield Figure(name, float(np.mean(rising)), "")
