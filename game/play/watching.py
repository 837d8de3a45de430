"""Watching a play again: its edges, in song time, instead of a glove.

A :class:`Spectator` has the surface of a :class:`~game.play.conductor.Conductor`, so that whatever
shows a play shows one that is over. The edges are taken at exactly the song times at which they
were judged, so nothing is converted twice and the judge says what it said then.
"""

from collections.abc import Callable

import numpy as np

from game.core.data import EDGE, Window
from game.music.chart import Chart
from game.play.clock import SongClock
from game.play.performance import Event, Performance
from game.play.plan import FixedPlan
from game.play.setup import PreparedPlay

#: The picture goes on this long after the last target could be answered.
_AFTERWARDS_US = 1_500_000


def watched(
    chart: Chart, edges: np.ndarray, window: Window, look_ahead_us: int
) -> tuple[FixedPlan, Performance]:
    """The performance that asks exactly the targets of ``chart``, all its tiers.

    ``edges`` are those that will be shown; the performance ends when the song has, or the last of
    targets and edges. Raises ValueError when the look-ahead is shorter than a press can reach.
    """
    plan = FixedPlan(chart, max(1, len(chart.rates)), look_ahead_us)
    last_us = max(
        int(chart.targets["time_us"].max(initial=0)) + window.reach_us,
        int(edges["time_us"].max(initial=0)),
    )
    return plan, Performance(plan, window, max(chart.length_us, last_us) + _AFTERWARDS_US)


def imagined(prepared: PreparedPlay, clock: SongClock, now: Callable[[], int]) -> "Spectator":
    """A play in the mind: every target of ``prepared`` is met exactly, by nobody."""
    plan = prepared.plan
    targets = plan.targets if isinstance(plan, FixedPlan) else prepared.chart.tier(1)
    edges = np.zeros(2 * len(targets), EDGE)
    held_us = np.clip(targets["duration_us"], _SHORTEST_HELD_US, _LONGEST_HELD_US)
    edges["time_us"] = np.concatenate([targets["time_us"], targets["time_us"] + held_us])
    edges["grip"] = np.concatenate([targets["grip"], targets["grip"]])
    edges["down"][: len(targets)] = True
    edges = edges[np.argsort(edges["time_us"], kind="stable")]
    return Spectator(prepared.performance, edges, clock, now)


#: How long the drawn hand stays closed at a target of a play in the mind.
_SHORTEST_HELD_US, _LONGEST_HELD_US = 250_000, 600_000


class Spectator:
    """Shows ``edges`` (EDGE, song time, in the order they were judged) to a performance.

    ``contacts`` is the mask of the contacts closed at the moment shown, a bit per grip.
    """

    def __init__(
        self,
        performance: Performance,
        edges: np.ndarray,
        clock: SongClock,
        now: Callable[[], int],
    ) -> None:
        self.performance = performance
        self.clock = clock
        self.contacts = 0
        self._edges = edges
        self._now = now
        # A release may be filed after a later press: an edge is due when all before it are.
        self._due_us = np.maximum.accumulate(edges["time_us"]) if len(edges) else np.zeros(0, "i8")
        self._given = 0

    @property
    def finished(self) -> bool:
        """Whether everything was shown."""
        return self.performance.finished

    def begin(self, host_us: int, song_us: int) -> None:
        """Start at ``song_us`` at ``host_us``."""
        self.clock.start(host_us, song_us)

    def host_us(self, song_us: int) -> int:
        """When the song is at ``song_us``."""
        return self.clock.host_us(song_us)

    def step(self) -> list[Event]:
        """Show what happened since the last step."""
        song_us = self.clock.song_us(self._now())
        # An edge at this very instant waits: the promise is that none before it is left.
        until = max(self._given, int(np.searchsorted(self._due_us, song_us, side="left")))
        edges = self._edges[self._given : until]
        self._given = until
        for edge in edges:
            bit = 1 << int(edge["grip"])
            self.contacts = self.contacts | bit if edge["down"] else self.contacts & ~bit
        return self.performance.step(edges, song_us)

    def pause(self, host_us: int) -> None:
        """The song stands still."""
        self.step()
        self.clock.pause(host_us)

    def resume(self, host_us: int, song_us: int) -> None:
        """Go on at ``host_us`` from ``song_us``; what was shown is not shown again."""
        self.clock.resume(host_us, song_us)

    def stop(self) -> None:
        """Leave."""
        self.performance.stop()
