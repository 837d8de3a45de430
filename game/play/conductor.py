"""A play, conducted: host time to song time, the glove to the judge, cues to the glove.

The conductor owns no device. A glove, a song clock and a journal are handed to it, so that the
same conductor runs headless, as fast as a manual clock can be advanced, and on the stage.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from game.core.data import EDGE
from game.play.clock import Delays, Segment, SongClock
from game.play.performance import Event, EventKind, Performance
from game.play.plan import WAITING, Plan


class GloveLike(Protocol):
    """The part of a glove that a play needs (``firmware_bridge.glove.Glove`` has it)."""

    def begin(self, host_us: int) -> None:
        """Song time 0 is at ``host_us``."""

    def poll(self) -> tuple[np.ndarray, int]:
        """Edges in host time since the last poll, and up to when no press can still come."""

    def cue(self, host_us: int, grip: int) -> None:
        """A target of ``grip`` is due at ``host_us``."""

    def cancel_cues(self) -> None:
        """Cues that have not been given yet are not wanted any more."""


class Journal(Protocol):
    """Where raw facts go while the play runs. No method may block."""

    def edges(self, edges: np.ndarray) -> None:
        """Raw edges in host time, as they were polled."""

    def targets(self, targets: np.ndarray) -> None:
        """Targets that came into view."""

    def judged(self, edges: np.ndarray, reached_us: int) -> None:
        """Edges in song time that were judged, and the song time up to which all is settled."""

    def segments(self, segments: list[Segment]) -> None:
        """The song clock's segments so far."""

    def event(self, document: dict[str, Any]) -> None:
        """Something else that happened, as JSON."""

    def changed(self, plan: Plan) -> None:
        """The difficulty changed: ``plan`` has a new state."""


#: Whether the glove is lost is asked this often, host time.
_LOOK_EVERY_US = 50_000


def fault_event(start_us: int, end_us: int | None) -> dict[str, Any]:
    """What is kept of a fault of the glove, song time; ``end_us`` None: it is not over yet."""
    return {"kind": "fault", "start_us": start_us, "end_us": end_us}


#: The journal hears how far all is settled at least this often, song time.
_SETTLED_NEWS_US = 500_000


class Conductor:
    """Runs one :class:`Performance` against a glove and a song clock.

    ``taken_as``, if given, turns edges (EDGE, song time) and the targets in view into the edges
    that are judged; raw edges are kept as they came. ``silent_since`` tells since when (host time)
    the glove is lost, None while it is heard: targets that fall into that time do not count.
    """

    def __init__(
        self,
        performance: Performance,
        glove: GloveLike,
        clock: SongClock,
        delays: Delays,
        journal: Journal | None = None,
        *,
        silent: bool = False,
        taken_as: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
        silent_since: Callable[[], int | None] | None = None,
    ) -> None:
        self.performance = performance
        self.clock = clock
        self.raw_edges: list[np.ndarray] = []
        self._glove = glove
        # Taken off the song time of every press: what the devices add, never the patient's own.
        self._delay_us = -delays.judged_us(0, silent=silent)
        self._journal = journal
        self._taken_as = taken_as
        self._silent_since = silent_since
        self._lost_at_us: int | None = None
        self._next_look_us = 0
        self._began_us = 0
        self._reached_us = -(1 << 62)
        self._skip_release = np.zeros(256, bool)
        self._paused_us: int | None = None
        self._told_us = -(1 << 62)
        self._told_changes = 0
        self._pauses: list[tuple[int, int]] = []

    @property
    def finished(self) -> bool:
        """Whether the song is over and its last press is settled."""
        return self.performance.finished

    def begin(self, host_us: int, song_us: int) -> None:
        """Start at ``song_us`` (negative: the counted-in lead) at ``host_us``."""
        self._glove.poll()  # whatever was pinched in the menus is not part of the play
        self.clock.start(host_us, song_us)
        self._began_us = host_us
        self._glove.begin(self.host_us(0))
        self._note_segments()

    def host_us(self, song_us: int) -> int:
        """When a press must be felt to be judged at ``song_us``."""
        return self.clock.host_us(song_us + self._delay_us)

    def step(self) -> list[Event]:
        """Poll the glove and let the performance catch up; returns what became known."""
        raw, settled_host_us = self._glove.poll()
        edges = self._to_song(raw)
        if self._taken_as is not None:
            edges = self._taken_as(edges, self.performance.targets)
        if settled_host_us <= self._began_us:
            return []
        settled_us = self._song_us(settled_host_us)
        self._look_for_faults(settled_host_us)
        events = self.performance.step(edges, settled_us)
        self._cue(events)
        self._tell_journal(edges)
        self._reached_us = max(self._reached_us, self.performance.settled_us)
        return events

    def _look_for_faults(self, now_us: int) -> None:
        """Note when the glove is lost, from its last word to when it speaks again (host time)."""
        if self._silent_since is None or now_us < self._next_look_us:
            return
        self._next_look_us = now_us + _LOOK_EVERY_US
        since_us = self._silent_since()
        if since_us is not None and self._lost_at_us is None:
            self._lost_at_us = self._song_us(max(since_us, self._began_us))
            self.performance.fault(self._lost_at_us)
            self._note_fault(None)
        elif since_us is None and self._lost_at_us is not None:
            back_us = max(self._lost_at_us, self._song_us(now_us))
            self.performance.fault(self._lost_at_us, back_us)
            self._note_fault(back_us)
            self._lost_at_us = None

    def _note_fault(self, end_us: int | None) -> None:
        if self._journal is not None and self._lost_at_us is not None:
            self._journal.event(fault_event(self._lost_at_us, end_us))

    def pause(self, host_us: int) -> None:
        """Stop song time; nothing asked is forgotten."""
        self.step()
        self.clock.pause(host_us)
        self._paused_us = host_us
        self._glove.cancel_cues()
        self._note_segments()

    def resume(self, host_us: int, song_us: int) -> None:
        """Go on at ``host_us`` from ``song_us``, at or before where the play was paused."""
        self.clock.resume(host_us, song_us)
        if self._paused_us is not None:
            self._pauses.append((self._paused_us, host_us))
            self._paused_us = None
        performance = self.performance
        for target, state in zip(performance.targets, performance.states, strict=True):
            if state == WAITING and target["time_us"] > performance.settled_us:
                self._glove.cue(self.host_us(int(target["time_us"])), int(target["grip"]))
        self._note_segments()

    def stop(self) -> None:
        """End the play here and now, keeping what it counted."""
        self._glove.cancel_cues()
        self.performance.stop()
        self._tell_journal(np.zeros(0, EDGE))

    def _song_us(self, host_us: int) -> int:
        return self.clock.song_us(host_us) - self._delay_us

    def _was_paused(self, host_us: int) -> bool:
        if self._paused_us is not None and host_us >= self._paused_us:
            return True
        return any(start <= host_us < end for start, end in self._pauses)

    def _note_segments(self) -> None:
        if self._journal is not None:
            self._journal.segments(list(self.clock.segments))

    def _tell_journal(self, edges: np.ndarray) -> None:
        if self._journal is None:
            return
        settled_us = self.performance.settled_us
        if len(edges) or settled_us >= self._told_us + _SETTLED_NEWS_US:
            self._journal.judged(edges, settled_us)
            self._told_us = settled_us
        changes = len(self.performance.plan.changes)
        if changes != self._told_changes:
            self._told_changes = changes
            self._journal.changed(self.performance.plan)

    def _cue(self, events: list[Event]) -> None:
        in_view = [e.target for e in events if e.kind is EventKind.IN_VIEW]
        if not in_view:
            return
        targets = self.performance.targets[in_view]
        for target in targets:
            self._glove.cue(self.host_us(int(target["time_us"])), int(target["grip"]))
        if self._journal is not None:
            self._journal.targets(targets)

    def _to_song(self, raw: np.ndarray) -> np.ndarray:
        """Raw edges to song time, less those that no play may judge.

        Left out, though kept raw: what was felt before the play began or while it was paused, and
        after a rewind what lies before the time already judged.
        """
        raw = raw[raw["time_us"] >= self._began_us]
        if not len(raw):
            return np.zeros(0, EDGE)
        self.raw_edges.append(raw.copy())
        if self._journal is not None:
            self._journal.edges(raw)
        edges = np.zeros(len(raw), EDGE)
        kept = np.zeros(len(raw), bool)
        for index, edge in enumerate(raw):
            grip, down = int(edge["grip"]), bool(edge["down"])
            host_us = int(edge["time_us"])
            song_us = self._song_us(host_us)
            if down:
                judged = song_us >= self._reached_us and not self._was_paused(host_us)
                self._skip_release[grip] = not judged
            else:
                judged = not self._skip_release[grip]
            edges[index] = (song_us, grip, down)
            kept[index] = judged
        return edges[kept]
