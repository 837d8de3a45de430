"""Assessments and outcome tests: first, latest, and whether the difference is a change.

A test of ours changes only beyond 1.96·√2·SEM of the same patient's first two
(:mod:`game.therapy.assessment.change`). Tests that staff typed in are shown beside the smallest
difference that matters to people, where a source gives one
(:mod:`game.therapy.assessment.outcomes`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from game.records.report.material import Measure
from game.therapy.assessment.change import Verdict, compared
from game.therapy.assessment.figures import Figure
from game.therapy.assessment.outcomes import OUTCOMES

#: Of these less is better.
_LESS_IS_BETTER = frozenset({"paced-tapping"})


@dataclass(frozen=True)
class Change:
    """One test of one hand: how often, first and latest result, and what the difference is.

    ``verdict`` is what may be said of the latest result beside the first two; None where nothing
    can be (fewer than three, or a test that was typed in). ``needed`` is the least change that
    would be one, ``known`` the smallest difference that matters, from the lowest to the highest
    figure, with its unit, where it is known.
    """

    name: str
    hand: str
    unit: str
    times: int
    first_day: date
    first: float
    last_day: date
    last: float
    verdict: Verdict | None
    needed: float | None
    known: tuple[float, float, str] | None = None
    input_kind: str = ""

    @property
    def difference(self) -> float:
        """Latest − first."""
        return self.last - self.first


def changes_of(measures: Sequence[Measure], *, own_test: bool) -> tuple[Change, ...]:
    """A row per test, hand and kind of input; results that are missing are left out."""
    series: dict[tuple[str, str, str, str], list[Measure]] = {}
    for measure in sorted(measures, key=lambda m: m.day):
        if measure.value is not None:
            key = (measure.name, measure.hand, measure.unit, measure.input_kind)
            series.setdefault(key, []).append(measure)
    rows = []
    for (name, hand, unit, kind), found in sorted(series.items()):
        values = [m.value for m in found if m.value is not None]
        verdict = needed = None
        if own_test and len(values) > 2:
            first, second, *_, latest = (_figure(measure) for measure in found)
            result = compared([first, second], latest, more_is_better=name not in _LESS_IS_BETTER)
            verdict, needed = result.verdict, result.least_change
        rows.append(
            Change(
                name=name,
                hand=hand,
                unit=unit,
                times=len(values),
                first_day=found[0].day,
                first=values[0],
                last_day=found[-1].day,
                last=values[-1],
                verdict=verdict,
                needed=needed,
                known=None if own_test else _known(name),
                input_kind=kind,
            )
        )
    return tuple(rows)


def _figure(measure: Measure) -> Figure:
    return Figure(measure.value, measure.low, measure.high, measure.n)


def _known(name: str) -> tuple[float, float, str] | None:
    outcome = OUTCOMES.get(name)
    return None if outcome is None or outcome.mcid is None else (*outcome.mcid, outcome.unit)
