"""Assessments: fixed tests that are the same for everyone and never adapt, and what they say.

- :mod:`.charts`: the ramp tests *speed* and *dexterity*, index tapping free and paced, as targets
- :mod:`.results`: what a test showed, with intervals
- :mod:`.measures`: the measures of a play (``docs/therapy.md``), with intervals
- :mod:`.change`: when a change may be called one
- :mod:`.outcomes`: tests that staff type in
- :mod:`.schedule`: which are due; none on the first day
"""

from game.therapy.assessment.change import Baseline, Compared, Verdict, baseline, compared
from game.therapy.assessment.charts import (
    GIVE_UP_MISSES,
    TEST_WINDOW,
    AssessmentKind,
    gives_up,
    seconds_of,
    targets_of,
)
from game.therapy.assessment.figures import Figure
from game.therapy.assessment.measures import Measures, measures_of
from game.therapy.assessment.outcomes import OUTCOMES, OutcomeChange, outcome_change
from game.therapy.assessment.results import Result, ramp_result, tapping_result
from game.therapy.assessment.schedule import due

__all__ = [
    "GIVE_UP_MISSES",
    "OUTCOMES",
    "TEST_WINDOW",
    "AssessmentKind",
    "Baseline",
    "Compared",
    "Figure",
    "Measures",
    "OutcomeChange",
    "Result",
    "Verdict",
    "baseline",
    "compared",
    "due",
    "gives_up",
    "measures_of",
    "outcome_change",
    "ramp_result",
    "seconds_of",
    "tapping_result",
    "targets_of",
]
