"""The figures of a report: pure data from :class:`~game.records.report.material.Material`.

The formulas are those of ``docs/therapy.md``. What is counted from which plays:

- *pinches* from all plays in which the trained hand did the work by itself;
- *success, misses, selectivity* from ordinary plays with that hand, whatever the input;
- *timing* from those of them whose input is not coarse (:mod:`game.records.input_timing`);
- *level and fatigue* from the kind of input that was used most: a keyboard is not a glove.

Grips stand in the order of the hand and are never ranked; below 20 targets a share is shown as too
few to judge. Nothing here estimates a clinical test.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip
from game.core.statistics import MAD_TO_SD, own_share, wilson
from game.records.plays import Missed
from game.records.prescriptions import KeptPrescription
from game.records.report.change import Change, changes_of
from game.records.report.material import Felt, Material, MeasuredPlay, joined, no_misses
from game.records.report.practice import Day, Week, days_of, weeks_of
from game.records.report.trends import Fatigue, LevelDay, fatigue_of, level_days, level_scatter

#: Grips with fewer targets than this are shown, but not judged.
ENOUGH_TARGETS = 20

#: Modes whose pinches are not the trained hand's own work: they count for nothing here.
NOT_OWN_MODES = frozenset({"mirror", "mental", "assisted"})


@dataclass(frozen=True)
class Timing:
    """Timing of hits in ms, negative early; None where there are too few.

    ``spread`` is 1.4826·MAD; ``unclipped`` the same of the nearest presses, hit or not, which the
    window does not cut off; shares 0 to 1.
    """

    hits: int
    mean: float | None
    median: float | None
    sd: float | None
    spread: float | None
    unclipped: float | None
    within_50: float | None
    within_100: float | None


@dataclass(frozen=True)
class GripRow:
    """One grip over the period. ``low`` and ``high`` bound the success (Wilson, 95 %)."""

    grip: Grip
    asked: int
    hits: int
    low: float
    high: float
    counted: int
    repetitions: int
    missed: Missed
    timing: Timing

    @property
    def share(self) -> float | None:
        """Success, 0 to 1; None where nothing was asked."""
        return self.hits / self.asked if self.asked else None

    @property
    def enough(self) -> bool:
        """Whether there are enough targets to say anything."""
        return self.asked >= ENOUGH_TARGETS


@dataclass(frozen=True)
class Overall:
    """All grips of the ordinary plays together."""

    plays: int
    asked: int
    hits: int
    low: float
    high: float
    near: int
    wrong: int
    extra: int
    missed: Missed
    timing: Timing
    timed_plays: int

    @property
    def share(self) -> float | None:
        """Success, 0 to 1."""
        return self.hits / self.asked if self.asked else None


@dataclass(frozen=True)
class Selectivity:
    """Grip asked × grip made, both in the order of the hand; ``chords`` are left out of it."""

    counts: tuple[tuple[int, ...], ...]
    own: tuple[float | None, ...]
    chords: int


@dataclass(frozen=True)
class SittingFelt:
    """Pain and fatigue of one sitting, before and after (the last answer); None: not asked."""

    day: date
    pain_before: int | None
    pain_after: int | None
    fatigue_before: int | None
    fatigue_after: int | None
    sharp: bool
    new_signs: bool


@dataclass(frozen=True)
class PlanChange:
    """A new version of the plan: when and by whom, and the version before it (None: the first)."""

    day: date
    author: str
    before: KeptPrescription | None
    after: KeptPrescription


@dataclass(frozen=True)
class Counted:
    """Something that was used in so many plays."""

    words: str
    plays: int


@dataclass(frozen=True)
class Done:
    """Something that was done beside the songs: how often, and for how long in all."""

    kind: str
    name: str
    times: int
    minutes: float


@dataclass(frozen=True)
class Figures:
    """The whole report. Lists are the earliest first; grips in the order of the hand."""

    code: str
    nickname: str | None
    hand: str
    first: date
    last: date
    made: date
    software: str
    plan: KeptPrescription | None
    weeks: tuple[Week, ...]
    days: tuple[Day, ...]
    grips: tuple[GripRow, ...]
    overall: Overall
    selectivity: Selectivity
    level_input: str | None
    levels: tuple[LevelDay, ...]
    level_scatter: float | None
    fatigue: Fatigue
    felt: tuple[SittingFelt, ...]
    assessments: tuple[Change, ...]
    outcomes: tuple[Change, ...]
    plan_changes: tuple[PlanChange, ...]
    devices: tuple[Counted, ...]
    versions: tuple[Counted, ...]
    windows: tuple[Counted, ...]
    other_modes: tuple[Counted, ...]
    other_plays: int
    coarse_plays: int
    interrupted: int
    sittings: int
    flags: tuple[Counted, ...]
    activities: tuple[Done, ...]
    notes: tuple[tuple[date, str, str], ...]
    goals: tuple[tuple[str, bool | None], ...]

    @property
    def minutes(self) -> float:
        """Minutes of play."""
        return sum(day.minutes for day in self.days)

    @property
    def counted(self) -> int:
        """Counted grips."""
        return sum(sum(day.counted) for day in self.days)

    @property
    def repetitions(self) -> int:
        """Pinches of any kind."""
        return sum(day.repetitions for day in self.days)


def figures(material: Material) -> Figures:
    """The report's figures."""
    own = [m for m in material.plays if m.play.mode not in NOT_OWN_MODES]
    ordinary = [m for m in own if m.play.mode == "play"]
    timed = [m for m in ordinary if not m.coarse]
    kinds = Counter(m.play.input_kind for m in ordinary)
    kind = kinds.most_common(1)[0][0] if kinds else None
    of_kind = [m for m in ordinary if m.play.input_kind == kind]
    levels = [(m.play.local_date, m.play.level) for m in of_kind if m.play.level is not None]
    plan = _plan_at(material.plans, material.last)
    days = days_of([m.play for m in own], material.first, material.last)
    return Figures(
        code=material.patient.code,
        nickname=material.patient.nickname,
        hand=material.hand,
        first=material.first,
        last=material.last,
        made=material.made.date(),
        software=material.software,
        plan=plan,
        weeks=weeks_of(days, material.plans, material.first, material.last),
        days=days,
        grips=_grip_rows(own, ordinary, timed),
        overall=_overall(ordinary, timed),
        selectivity=_selectivity(ordinary),
        level_input=kind,
        levels=level_days(levels),
        level_scatter=level_scatter(levels),
        fatigue=fatigue_of(of_kind, material.steps),
        felt=_felt(material.felt),
        assessments=changes_of(material.assessments, own_test=True),
        outcomes=changes_of(material.outcomes, own_test=False),
        plan_changes=_plan_changes(material.plans, material.first, material.last),
        devices=_counted(
            f"{m.play.input_kind}: {m.play.input_description}"
            if m.play.input_description != m.play.input_kind
            else m.play.input_kind
            for m in material.plays
        ),
        versions=_counted(m.play.software_version for m in material.plays),
        windows=_counted(_window(m) for m in ordinary),
        other_modes=_counted(m.play.mode for m in material.plays if m.play.mode != "play"),
        other_plays=material.other_plays,
        coarse_plays=len(ordinary) - len(timed),
        interrupted=sum(m.play.interrupted for m in own),
        sittings=len(material.sittings),
        flags=_counted(flag for sitting in material.sittings for flag in sitting.flags),
        activities=_activities(material),
        notes=tuple(material.notes),
        goals=tuple(material.goals),
    )


def timing_of(asynchrony_us: np.ndarray, nearest_us: np.ndarray) -> Timing:
    """Timing from the asynchronies of hits and of the nearest presses."""
    from game.core.statistics import timing

    found = timing(asynchrony_us)
    nearest = nearest_us[~np.isnan(nearest_us)]
    unclipped = None
    if len(nearest) > 1:
        unclipped = MAD_TO_SD * float(np.median(np.abs(nearest - np.median(nearest)))) / 1000
    mean = float(np.mean(asynchrony_us)) / 1000 if len(asynchrony_us) else None
    return Timing(
        hits=found.hits,
        mean=mean,
        median=_ms(found.median_us),
        sd=_ms(found.sd_us),
        spread=_ms(found.spread_us) if found.hits > 1 else None,
        unclipped=unclipped,
        within_50=_number(found.within_50_ms),
        within_100=_number(found.within_100_ms),
    )


def _grip_rows(
    own: Sequence[MeasuredPlay], ordinary: Sequence[MeasuredPlay], timed: Sequence[MeasuredPlay]
) -> tuple[GripRow, ...]:
    missed = sum((m.missed for m in ordinary), no_misses())
    rows = []
    for grip in ACROSS_THE_HAND:
        asked = sum(m.play.of_grip(grip).presented for m in ordinary)
        hits = sum(m.play.of_grip(grip).hits for m in ordinary)
        low, high = wilson(hits, asked)
        rows.append(
            GripRow(
                grip=grip,
                asked=asked,
                hits=hits,
                low=float(low),
                high=float(high),
                counted=sum(m.play.of_grip(grip).counted for m in own),
                repetitions=sum(m.play.of_grip(grip).repetitions for m in own),
                missed=Missed(*(int(n) for n in missed[grip])),
                timing=timing_of(
                    joined([m.asynchrony_us[m.hit_grip == grip] for m in timed], "i8"),
                    joined([m.nearest_us[m.nearest_grip == grip] for m in timed], "f8"),
                ),
            )
        )
    return tuple(rows)


def _overall(ordinary: Sequence[MeasuredPlay], timed: Sequence[MeasuredPlay]) -> Overall:
    asked = sum(m.play.asked for m in ordinary)
    hits = sum(m.play.hits for m in ordinary)
    low, high = wilson(hits, asked)
    missed = sum((m.missed for m in ordinary), no_misses()).sum(axis=0)
    return Overall(
        plays=len(ordinary),
        asked=asked,
        hits=hits,
        low=float(low),
        high=float(high),
        near=sum(m.play.near for m in ordinary),
        wrong=sum(m.play.wrong for m in ordinary),
        extra=sum(m.play.extra for m in ordinary),
        missed=Missed(*(int(n) for n in missed)),
        timing=timing_of(
            joined([m.asynchrony_us for m in timed], "i8"),
            joined([m.nearest_us for m in timed], "f8"),
        ),
        timed_plays=len(timed),
    )


def _selectivity(ordinary: Sequence[MeasuredPlay]) -> Selectivity:
    none = np.zeros((len(GRIPS), len(GRIPS)), np.int64)
    counts = sum((m.selectivity for m in ordinary), none)
    shares = own_share(counts)
    order = [int(grip) for grip in ACROSS_THE_HAND]
    return Selectivity(
        counts=tuple(tuple(int(counts[a, b]) for b in order) for a in order),
        own=tuple(_number(float(shares[a])) for a in order),
        chords=sum(m.chords for m in ordinary),
    )


def _felt(answers: Sequence[Felt]) -> tuple[SittingFelt, ...]:
    sittings: dict[str, list[Felt]] = {}
    for answer in sorted(answers, key=lambda a: a.at):
        if answer.when == "next day":
            continue
        sittings.setdefault(answer.sitting or answer.at.date().isoformat(), []).append(answer)
    rows = []
    for group in sittings.values():
        before = next((a for a in group if a.when == "before"), None)
        # A session that ended early may have no answer after it; the last one given says most.
        after = next((a for a in reversed(group) if a.when in ("after", "between")), None)
        rows.append(
            SittingFelt(
                day=group[0].at.date(),
                pain_before=None if before is None else before.pain,
                pain_after=None if after is None else after.pain,
                fatigue_before=None if before is None else before.fatigue,
                fatigue_after=None if after is None else after.fatigue,
                sharp=any(a.sharp for a in group),
                new_signs=any(a.new_signs for a in group),
            )
        )
    return tuple(rows)


def _plan_at(plans: Sequence[KeptPrescription], day: date) -> KeptPrescription | None:
    """The version that held at the end of ``day``."""
    held = [plan for plan in plans if plan.created_at.astimezone().date() <= day]
    return held[-1] if held else None


def _plan_changes(
    plans: Sequence[KeptPrescription], first: date, last: date
) -> tuple[PlanChange, ...]:
    rows = []
    before: KeptPrescription | None = None
    for plan in plans:
        day = plan.created_at.astimezone().date()
        if first <= day <= last:
            rows.append(PlanChange(day, plan.author, before, plan))
        before = plan
    return tuple(rows)


def _activities(material: Material) -> tuple[Done, ...]:
    found: dict[tuple[str, str], list[float]] = {}
    for done in material.activities:
        found.setdefault((done.kind, done.name), []).append(done.seconds)
    rows = [
        Done(kind, name, len(seconds), sum(seconds) / 60) for (kind, name), seconds in found.items()
    ]
    return tuple(sorted(rows, key=lambda done: (-done.times, done.kind, done.name)))


def _window(measured: MeasuredPlay) -> str:
    window = measured.play.window
    return f"−{window.early_us / 1000:g}/+{window.late_us / 1000:g} ms"


def _counted(words: Iterable[str]) -> tuple[Counted, ...]:
    counts = Counter(words)
    return tuple(
        Counted(name, count)
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _ms(value_us: float) -> float | None:
    return None if math.isnan(value_us) else value_us / 1000


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def weeks_back(last: date, weeks: int) -> date:
    """The first day of a period of ``weeks`` that ends with ``last``."""
    return last - timedelta(weeks=weeks) + timedelta(days=1)
