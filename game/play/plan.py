"""Which targets are asked for: the plan of a play, acting at instants of song time.

A plan is asked two things: when it next wants to act, and what it does then. The performance
calls it at exactly that song time, with every press before it judged and none at or after it, so
that the same presses give the same targets at any frame rate.

All plans let a target into view ``look_ahead_us`` before it is due. A target in view is a promise:
easing off thins only what has not been seen yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from game.core.data import TARGET
from game.music.chart import Chart
from game.therapy.conditions import USUAL, Conditions
from game.therapy.difficulty import (
    Change,
    DifficultyState,
    Flag,
    Limits,
    PhraseTotals,
    end_of_song,
    is_due,
    update,
)
from game.therapy.ease_off import eases_off, staying
from game.therapy.ramp import Ramp, RampStep, next_ramp_target, ramp_result
from game.therapy.to_music import tier_for

#: What is known about a target at an instant.
WAITING, WAS_HIT, WAS_MISSED = 0, 1, 2


class Progress(Protocol):
    """What a plan may know at an instant: the targets it let into view, and what became of them."""

    @property
    def targets(self) -> np.ndarray:
        """Every target let into view so far, TARGET, in time order."""

    @property
    def states(self) -> np.ndarray:
        """``u1`` per target: WAITING, WAS_HIT or WAS_MISSED, as of the instant."""

    def totals(self, from_us: int, until_us: int) -> "GripCounts":
        """Totals per grip over targets and presses with ``from_us`` <= time < ``until_us``."""

    def left_out(self) -> np.ndarray:
        """Which of :attr:`targets` fell into a fault of the glove (bool), and so do not count."""

    def faulty(self, from_us: int, until_us: int) -> bool:
        """Whether the glove was at fault at some time ``from_us`` <= time < ``until_us``."""

    def end_at(self, song_us: int) -> None:
        """The play is over at ``song_us``, and not only when the song is."""


@dataclass(frozen=True)
class GripCounts:
    """Totals per grip, each an int array of shape (5,) in code order."""

    asked: np.ndarray
    hits: np.ndarray
    presses: np.ndarray
    fist_hits: np.ndarray
    trailing_hits: np.ndarray


@dataclass(frozen=True)
class LoggedChange:
    """A difficulty change and the song time at which it was made."""

    song_us: int
    change: Change


class Plan(Protocol):
    """What the performance needs of a plan."""

    look_ahead_us: int

    @property
    def state(self) -> DifficultyState | None:
        """The difficulty as the plan has it now; None if the plan leaves it alone."""

    @property
    def changes(self) -> Sequence[LoggedChange]:
        """What the plan did to the difficulty so far."""

    def next_instant_us(self) -> int | None:
        """Song time at which the plan next wants to act; None when it has nothing left to do."""

    def act(self, at_us: int, progress: Progress) -> np.ndarray:
        """Act at ``at_us``; returns the targets (TARGET) that come into view now."""

    def close(self, progress: Progress, played_us: int) -> None:
        """The play is over at ``played_us``: make the last update."""


#: Earlier and later than any time in a song.
_BEFORE_ALL_US, _AFTER_ALL_US = -(1 << 60), 1 << 60


def _none() -> np.ndarray:
    return np.zeros(0, TARGET)


class FixedPlan:
    """One tier for the whole song: a play with a rate of its own. It changes no difficulty.

    ``targets`` are all it asks.
    """

    def __init__(self, chart: Chart, tier: int, look_ahead_us: int) -> None:
        self.look_ahead_us = look_ahead_us
        self.state = None
        self.changes: list[LoggedChange] = []
        self.targets = chart.tier(tier)
        self._next = 0

    def next_instant_us(self) -> int | None:
        """When the next target comes into view."""
        if self._next == len(self.targets):
            return None
        return int(self.targets["time_us"][self._next]) - self.look_ahead_us

    def act(self, at_us: int, progress: Progress) -> np.ndarray:
        """Let the next target into view."""
        self._next += 1
        return self.targets[self._next - 1 : self._next]

    def close(self, progress: Progress, played_us: int) -> None:
        """Nothing to update."""


#: One step of a nudge.
_STEP = 1.1


@dataclass(frozen=True)
class _Committed:
    """A phrase as it was committed."""

    start_us: int
    end_us: int
    tier_rate: float
    x: float


class AdaptivePlan:
    """From phrase to phrase the tier nearest to the state's rate, eased off after misses.

    At a phrase's commit (its start less the look-ahead) the phrases are gathered whose last
    target can no longer be hit; once they hold enough targets or seconds the state is updated,
    before the phrase's tier is chosen. What comes later counts in the next update.

    Under ``conditions`` with a share of the rate the tier is that of so much of it; the state is
    that of the whole rate all the same, and hits of a song so easy do not raise it.
    """

    def __init__(
        self,
        chart: Chart,
        state: DifficultyState,
        limits: Limits,
        look_ahead_us: int,
        late_us: int,
        conditions: Conditions = USUAL,
    ) -> None:
        self.look_ahead_us = look_ahead_us
        self.state = state
        self.changes: list[LoggedChange] = []
        self._chart = chart
        self._limits = limits
        self._late_us = late_us
        self._conditions = conditions
        self._queue: list[np.void] = []
        self._committed: list[_Committed] = []
        self._counted = 0
        self._eased_phrase = -1
        self._steps = 0
        self._left_out: frozenset[int] = frozenset()

    def nudge(self, steps: int) -> None:
        """So many tenths quicker (or slower) than the state says, from the next phrase on: what a
        therapist beside the patient asks for. The state is left alone."""
        self._steps += steps

    def leave_out(self, grips: frozenset[int]) -> None:
        """Ask none of these grips from the next phrase on."""
        self._left_out = grips

    def flag(self, flag: Flag) -> None:
        """From now on the state may fall but never rises, for this reason."""
        self._conditions = replace(self._conditions, flags=self._conditions.flags | {flag})

    def next_instant_us(self) -> int | None:
        """The next commit or the next target's coming into view, whichever is first."""
        instants = []
        if len(self._committed) < len(self._chart.phrases):
            instants.append(int(self._chart.phrases[len(self._committed)][0]))
        if self._queue:
            instants.append(int(self._queue[0]["time_us"]))
        return min(instants) - self.look_ahead_us if instants else None

    def act(self, at_us: int, progress: Progress) -> np.ndarray:
        """Commit the phrase that is due, else let the next target into view."""
        phrase = len(self._committed)
        if phrase < len(self._chart.phrases):
            start_us = int(self._chart.phrases[phrase][0])
            if not self._queue or start_us <= int(self._queue[0]["time_us"]):
                self._commit(phrase, at_us, progress)
                return _none()
        target = self._queue[0]
        phrase = int(target["phrase"])
        known = (outcome for outcome in _outcomes(progress) if outcome is not None)
        if phrase != self._eased_phrase and eases_off(known):
            self._ease_off(phrase)
            return _none()
        del self._queue[0]
        return np.array([target], TARGET)

    def close(self, progress: Progress, played_us: int) -> None:
        """Update once more with everything that was not yet counted, and end the song."""
        over = [p for p in self._committed[self._counted :] if p.start_us < played_us]
        if over:
            self._update(over, played_us, progress)
        counts = progress.totals(_BEFORE_ALL_US, _AFTER_ALL_US)
        self.state = end_of_song(
            self.state, self._limits, int(counts.asked.sum()), int(counts.hits.sum())
        )

    def _commit(self, phrase: int, at_us: int, progress: Progress) -> None:
        over = [p for p in self._committed[self._counted :] if p.end_us + self._late_us <= at_us]
        seconds = sum(p.end_us - p.start_us for p in over) / 1e6
        if over and is_due(self._phrase_totals(over, at_us, progress), seconds):
            self._update(over, at_us, progress)
        start_us, end_us = (int(t) for t in self._chart.phrases[phrase])
        share = self._conditions.rate_share * _STEP**self._steps
        rate = self._limits.rate_within(self.state.rate * share)
        tier = tier_for(rate, self._chart.rates)
        rows = self._chart.tier(tier)
        rows = rows[rows["phrase"] == phrase]
        asked = rows[~np.isin(rows["grip"], list(self._left_out))]
        self._queue.extend(asked)
        # With grips left out fewer targets come than the tier has, and hits of these prove less.
        tier_rate = float(self._chart.rates[tier - 1]) * len(asked) / max(1, len(rows))
        self._committed.append(_Committed(start_us, end_us, tier_rate, self.state.x))

    def _update(self, over: Sequence[_Committed], at_us: int, progress: Progress) -> None:
        change = update(self.state, self._limits, self._phrase_totals(over, at_us, progress))
        self._counted += len(over)
        self.state = change.state
        self.changes.append(LoggedChange(at_us, change))

    def _phrase_totals(
        self, over: Sequence[_Committed], at_us: int, progress: Progress
    ) -> list[PhraseTotals]:
        found = []
        for p in over:
            counts = progress.totals(p.start_us, p.end_us)
            fault = {Flag.FAULT} if progress.faulty(p.start_us, p.end_us) else set()
            found.append(
                PhraseTotals(
                    asked=_counts(counts.asked),
                    hits=_counts(counts.hits),
                    presses=_counts(counts.presses),
                    fist_hits=_counts(counts.fist_hits),
                    trailing_hits=_counts(counts.trailing_hits),
                    tier_rate=p.tier_rate,
                    x_at_commit=p.x,
                    played_share=min(1.0, (at_us - p.start_us) / max(1, p.end_us - p.start_us)),
                    flags=self._conditions.flags | fault,
                )
            )
        return found

    def _ease_off(self, phrase: int) -> None:
        """Thin what is left of ``phrase``: once a phrase, however long the run of misses grows."""
        rest = [row for row in self._queue if int(row["phrase"]) == phrase]
        later = self._queue[len(rest) :]
        keep = staying([int(row["tier"]) for row in rest])
        self._queue = [row for row, kept in zip(rest, keep, strict=True) if kept] + later
        self._eased_phrase = phrase


def _counts(values: np.ndarray) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


class RampPlan:
    """A hand's first song: from slow to quick until the hand's edge shows, then easy.

    No updates and no easing off; the state afterwards comes from the ramp alone. Where the song
    is longer than the ramp, easy targets go on to its end, so that nobody sits waiting; they say
    nothing about the hand and are left out of the result.
    """

    def __init__(self, chart: Chart, limits: Limits, look_ahead_us: int) -> None:
        self.look_ahead_us = look_ahead_us
        self.state: DifficultyState | None = None
        self.changes: list[LoggedChange] = []
        self._limits = limits
        self._candidates = chart.targets
        self._ramp = Ramp()
        self._step: RampStep | None = self._ramp.next_step(limits, ())
        self._easy: RampStep | None = None
        self._next: int | None = 0 if len(chart.targets) else None

    def next_instant_us(self) -> int | None:
        """When the next target comes into view."""
        if self._next is None:
            return None
        return int(self._candidates["time_us"][self._next]) - self.look_ahead_us

    def act(self, at_us: int, progress: Progress) -> np.ndarray:
        """Let the chosen target into view and choose the one after it."""
        index = self._next
        if index is None:
            return _none()
        if self._step is not None:
            self._ramp = self._ramp.asked_one(self._step)
            self._easy = self._step
            # The target coming into view now is asked too, and open.
            outcomes = [*_outcomes(progress), None]
            self._step = self._ramp.next_step(self._limits, outcomes)
        step = self._step or self._easy
        times_us = self._candidates["time_us"]
        if step is not None:
            self._next = next_ramp_target(times_us, int(times_us[index]), step.spacing_us)
        return self._candidates[index : index + 1]

    def close(self, progress: Progress, played_us: int) -> None:
        """Keep what the ramp showed; a song in which nobody pinched shows nothing."""
        if not progress.totals(_BEFORE_ALL_US, _AFTER_ALL_US).presses.any():
            return
        count = min(self._ramp.asked, len(progress.targets))
        times_us = [int(t) for t in progress.targets["time_us"][:count]]
        until_us = times_us[-1] + 1 if times_us else _BEFORE_ALL_US
        counts = progress.totals(_BEFORE_ALL_US, until_us)
        change = ramp_result(
            Ramp(count, self._ramp.closing_from),
            self._limits,
            times_us,
            _outcomes(progress)[:count],
            presses=int(counts.presses.sum()),
            fist_hits=int(counts.fist_hits.sum()),
        )
        self.state = change.state
        self.changes.append(LoggedChange(played_us, change))


def _outcomes(progress: Progress) -> list[bool | None]:
    """Hit or not, per target in view; None: not known yet, or lost to a fault of the glove."""
    unknown = (progress.states == WAITING) | progress.left_out()
    hit = progress.states == WAS_HIT
    return [None if u else bool(h) for u, h in zip(unknown, hit, strict=True)]
