"""What the difficulty rule makes of virtual patients, beside a fixed rate."""

from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Figure
from tests.therapy.simulation import first_session, success_at

_PATIENTS = 10
_PHRASES = 60
_FIXED_RATE = 0.7


def figures() -> Iterator[Figure]:
    for severity in ("mild", "moderate", "severe"):
        sessions = [first_session(severity, seed, _PHRASES) for seed in range(_PATIENTS)]
        success = [session.success(20) for session in sessions]
        poor = [session.poor_phrases() / _PHRASES for session in sessions]
        fixed = [success_at(severity, seed, _FIXED_RATE) for seed in range(_PATIENTS)]
        yield Figure(f"{severity}: success, weighted up-down", float(np.mean(success)), "")
        yield Figure(f"{severity}: phrases under 50 %", float(np.mean(poor)), "", False)
        yield Figure(f"{severity}: success, fixed {_FIXED_RATE}/s", float(np.mean(fixed)), "")
