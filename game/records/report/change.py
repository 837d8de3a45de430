"""Assessments and outcome tests: first, latest, and whether the difference is a change.

A test of ours changes only beyond 1.96·√2·SEM from the same patient's first two assessments; two
of them give SEM = |a − b| / √2, so the difference has to be larger than 1.96 · |a − b|. Tests that
staff typed in are shown beside the smallest difference that matters to people, where one is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from game.core.statistics import Z_95
from game.records.report.material import Measure

#: The smallest difference that matters (MCID), as sources give it (``docs/therapy.md``).
KNOWN_MCID = {
    "grip": "5.0 to 6.2 kg",
    "ARAT": "12 to 17 (early)",
    "WMFT": "1.0 to 1.2",
    "MAL": "1.0 to 1.1",
    "FMA-UE": "9 to 13 (subacute)",
}


@dataclass(frozen=True)
class Change:
    """One test of one hand: how often, first and latest result, and what the difference is.

    ``beyond_error`` is None where nobody can tell (fewer than three assessments, or a test that
    was typed in).
    """

    name: str
    hand: str
    unit: str
    times: int
    first_day: date
    first: float
    last_day: date
    last: float
    beyond_error: bool | None
    needed: float | None
    known: str = ""

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
        needed = beyond = None
        if own_test and len(values) > 2:
            needed = Z_95 * abs(values[0] - values[1])
            beyond = abs(values[-1] - values[0]) > needed
        rows.append(
            Change(
                name=f"{name} ({kind})" if kind and kind != "glove" else name,
                hand=hand,
                unit=unit,
                times=len(values),
                first_day=found[0].day,
                first=values[0],
                last_day=found[-1].day,
                last=values[-1],
                beyond_error=beyond,
                needed=needed,
                known="" if own_test else KNOWN_MCID.get(name, ""),
            )
        )
    return tuple(rows)
