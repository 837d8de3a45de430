"""Practising a song: one passage again and again, slower, with the song waiting for the pinch, or
with any finger.

Practice keeps every repetition but moves nobody's difficulty: nothing here knows of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from game.core.data import Window
from game.music.chart import Chart
from game.play.performance import Performance
from game.play.plan import WAITING, FixedPlan
from game.play.setup import PreparedPlay
from game.therapy.to_music import tier_for

#: A song without named sections is offered in passages of about this length, at tempo 1.
_PASSAGE_US = 20_000_000

#: A passage is at least this long (at tempo 1.0), so that going round is no drill of one note.
_SHORTEST_US = 6_000_000

#: A pass went well with this share of its targets hit, of at least so many.
_WELL, _ENOUGH_TARGETS = 0.8, 5

#: A pass ends this long after its last target could be answered.
_AFTERWARDS_US = 400_000


@dataclass(frozen=True)
class Passage:
    """A stretch of a song with a name: whole phrases, from ``start_us`` to ``end_us`` (song_us)."""

    title: str
    start_us: int
    end_us: int


#: Speeds to practise at: shares of the song's own tempo.
SPEEDS = (0.6, 0.75, 0.9, 1.0)


@dataclass(frozen=True)
class Practice:
    """How a song is practised: which passage (its number; None: all of it), at which share of its
    tempo, whether it waits for the pinch, and whether any finger does."""

    part: int | None = 0
    speed: float = 0.75
    wait: bool = False
    any_finger: bool = False

    def next_part(self, count: int) -> "Practice":
        """The next of ``count`` passages; after the last the whole song, and then the first."""
        if self.part is None:
            return replace(self, part=0 if count > 1 else None)
        return replace(self, part=self.part + 1 if self.part + 1 < count else None)

    def next_speed(self) -> "Practice":
        """The next speed; after the fastest the slowest."""
        return replace(self, speed=_after(self.speed) or SPEEDS[0])

    def faster(self) -> "Practice | None":
        """One step faster, None at the fastest."""
        speed = _after(self.speed)
        return None if speed is None else replace(self, speed=speed)

    def slower(self) -> "Practice | None":
        """One step slower, None at the slowest."""
        below = [speed for speed in SPEEDS if speed < self.speed]
        return replace(self, speed=below[-1]) if below else None


def _after(speed: float) -> float | None:
    return next((other for other in SPEEDS if other > speed), None)


def earns_more_speed(targets: int, hits: int) -> bool:
    """Whether a pass went so well that going faster can be offered."""
    return targets >= _ENOUGH_TARGETS and hits >= _WELL * targets


def passages(chart: Chart, sections: Sequence[tuple[int, str]]) -> tuple[Passage, ...]:
    """What of a song can be practised by itself, in order; they cover it without gaps.

    ``sections`` are the song's (song_us at the tempo of ``chart``, name). Without at least two of
    them phrases are put together. Passages begin and end where phrases do, and are the same ones at
    every tempo.
    """
    starts = [int(start) for start in chart.phrases[:, 0]]
    named = [(at, name.strip()) for at, name in sections if name.strip()]
    cuts: list[tuple[int, str]] = []
    if len(named) > 1:
        shortest_us = _SHORTEST_US / chart.tempo
        for at_us, name in named:
            start_us = min(starts, key=lambda start: abs(start - at_us))
            if not cuts or start_us - cuts[-1][0] >= shortest_us:
                cuts.append((start_us, name))
            else:  # an introduction belongs to what it leads to
                cuts[-1] = (cuts[-1][0], name)
        if len(cuts) > 1 and chart.length_us - cuts[-1][0] < shortest_us:
            cuts.pop()
    else:
        wanted_us = _PASSAGE_US / chart.tempo
        for start_us in starts:
            if not cuts or start_us - cuts[-1][0] >= wanted_us:
                cuts.append((start_us, ""))
    if not cuts:
        return (Passage("", 0, chart.length_us),)
    cuts[0] = (0, cuts[0][1])
    ends = [start_us for start_us, _ in cuts[1:]] + [chart.length_us]
    return tuple(
        Passage(name, start_us, end_us) for (start_us, name), end_us in zip(cuts, ends, strict=True)
    )


def one_pass(prepared: PreparedPlay, passage: Passage | None) -> PreparedPlay:
    """``prepared``, asking only the targets of ``passage`` (None: the whole song), once.

    The tier is that of ``prepared.rate`` and stays. The pass begins a bar before the passage, or
    with the counted bar where it begins the song. It opens no sitting: that is for plays.
    """
    chart = prepared.chart
    prepared = replace(prepared, session_start=None)
    tier = tier_for(prepared.rate, chart.rates)
    if passage is None:
        plan = FixedPlan(chart, tier, prepared.options.look_ahead_us)
        performance = Performance(plan, prepared.options.window, prepared.performance.end_us)
        return replace(prepared, plan=plan, performance=performance)
    times_us = chart.targets["time_us"]
    inside = (times_us >= passage.start_us) & (times_us < passage.end_us)
    part = replace(chart, targets=chart.targets[inside])
    plan = FixedPlan(part, tier, prepared.options.look_ahead_us)
    end_us = passage.end_us + prepared.options.window.reach_us + _AFTERWARDS_US
    return replace(
        prepared,
        plan=plan,
        performance=Performance(plan, prepared.options.window, end_us),
        lead_us=prepared.lead_us if passage.start_us == 0 else -_bar_before(chart, passage),
    )


def as_dense(prepared: PreparedPlay, rate: float) -> PreparedPlay:
    """``prepared``, asking the targets that ``rate`` (targets/s at tempo 1.0) asks of the song.

    Slower music asks less in the same time: the notes stay the same, and there is more time for
    each.
    """
    return replace(prepared, rate=rate * prepared.tempo)


def rest_from(prepared: PreparedPlay, phrase: int) -> Passage:
    """What is left of the song of ``prepared`` from the beginning of ``phrase`` (its number)."""
    chart = prepared.chart
    return Passage("", int(chart.phrases[phrase, 0]), chart.length_us)


def phrase_at(chart: Chart, song_us: int) -> int:
    """The number of the phrase that ``song_us`` lies in; the first one before the music."""
    return max(0, int(np.searchsorted(chart.phrases[:, 0], song_us, side="right")) - 1)


def waits(targets: np.ndarray, states: np.ndarray, song_us: int) -> bool:
    """Whether the song has to stand still at ``song_us``: a target is due and not answered.

    ``targets`` and ``states`` are a performance's. A target missed already keeps nobody waiting.
    """
    due = targets["time_us"] <= song_us
    return bool((states[due] == WAITING).any())


class AnyFinger:
    """Takes a press of any grip for the one that is asked: rhythm without the choice of finger.

    A press becomes the grip of the target nearest to it whose window it lies in and that no press
    was taken for yet (the earlier of two equally near); otherwise it stays what it is. A release
    follows its press. What was really pinched is kept with the raw edges.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._taken: set[tuple[int, int]] = set()
        self._as: dict[int, int] = {}

    def __call__(self, edges: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """``edges`` (EDGE, song time) as the judge takes them; ``targets`` (TARGET) in view."""
        taken = edges.copy()
        for row in taken:
            grip = int(row["grip"])
            if row["down"]:
                self._as[grip] = self._meant(int(row["time_us"]), targets, grip)
            row["grip"] = self._as.get(grip, grip)
        return taken

    def _meant(self, time_us: int, targets: np.ndarray, grip: int) -> int:
        lag_us = time_us - targets["time_us"]
        inside = np.flatnonzero(
            (lag_us >= -self._window.early_us) & (lag_us <= self._window.late_us)
        )
        free = [
            (abs(int(lag_us[i])), int(targets["time_us"][i]), int(targets["grip"][i]))
            for i in inside
            if (int(targets["time_us"][i]), int(targets["grip"][i])) not in self._taken
        ]
        if not free:
            return grip
        _, at_us, meant = min(free)
        self._taken.add((at_us, meant))
        return meant


def _bar_before(chart: Chart, passage: Passage) -> int:
    """Where the bar before the passage begins, song_us."""
    bar = int(np.searchsorted(chart.bars_us, passage.start_us, side="left")) - 1
    return int(chart.bars_us[max(0, bar)])
