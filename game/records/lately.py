"""How each grip went over some plays: shares with their intervals, and timing."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from game.core.grips import GRIPS, Grip
from game.core.judge import judge
from game.core.statistics import Timing, timing, wilson
from game.records.input_timing import is_coarse
from game.records.plays import PlayRecord


@dataclass(frozen=True)
class GripNumbers:
    """One grip: how often it was asked and hit, the 95 % interval of the share (Wilson), 0 to 1,
    and the timing of those hits that were timed exactly enough (see ``input_timing``)."""

    grip: Grip
    asked: int
    hits: int
    low: float
    high: float
    timing: Timing

    @property
    def share(self) -> float | None:
        """Hits of what was asked, 0 to 1; None where nothing was."""
        return self.hits / self.asked if self.asked else None


def numbers_of(plays: Iterable[PlayRecord]) -> tuple[GripNumbers, ...]:
    """The figures of ``plays`` together, one per grip in code order.

    Asked and hit are the plays' own, which leave out faults of the glove; the asynchronies are
    judged again from targets and edges. Plays with coarse input count, but not for the timing.
    """
    asked, hits = np.zeros(len(GRIPS), np.int64), np.zeros(len(GRIPS), np.int64)
    asynchronies: list[list[np.ndarray]] = [[] for _ in GRIPS]
    for play in plays:
        asked += [figures.presented for figures in play.grips]
        hits += [figures.hits for figures in play.grips]
        if is_coarse(play.input_kind, play.input_description):
            continue
        judged = judge(play.targets, play.edges, play.window).targets
        for grip in GRIPS:
            own = judged["hit"] & (play.targets["grip"] == grip)
            asynchronies[grip].append(judged["asynchrony_us"][own])
    low, high = wilson(hits, asked)
    return tuple(
        GripNumbers(
            grip,
            int(asked[grip]),
            int(hits[grip]),
            float(low[grip]),
            float(high[grip]),
            timing(np.concatenate([*asynchronies[grip], np.zeros(0, np.int64)])),
        )
        for grip in GRIPS
    )
