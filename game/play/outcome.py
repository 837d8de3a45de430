"""What a play came to: the figures that are printed, shown and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from game.core.data import Judgements, Mask, Window
from game.core.grips import GRIPS
from game.core.score import score
from game.core.statistics import Totals, outside_faults, totals
from game.play.clock import Segment
from game.play.plan import LoggedChange
from game.therapy.to_music import Offer


@dataclass(frozen=True)
class PlayOutcome:
    """One finished or interrupted play, judged.

    ``targets`` (TARGET) are those that were asked; ``edges`` (EDGE, song time) those that were
    judged; ``raw_edges`` (EDGE, host time) everything the glove reported during the play.
    ``level`` is the median of x over the second half (None where it did not adapt), ``x_after``
    x at the end, ``difficulty`` the state to keep. ``faults_us`` are the times (song time, start
    and end) at which the glove was lost: targets in them are kept and count for nothing.
    """

    song_key: str
    song_title: str
    song_hash: str
    patient: str | None
    hand: str
    input_kind: str
    input_description: str
    rate: float
    fixed_rate: bool
    tempo: float
    window: Window
    targets: np.ndarray
    edges: np.ndarray
    raw_edges: np.ndarray
    segments: list[Segment]
    judgements: Judgements
    duration_us: int
    interrupted: bool
    offer: Offer
    changes: list[LoggedChange] = field(default_factory=list)
    difficulty: dict[str, Any] | None = None
    level: float | None = None
    x_after: float | None = None
    seed: int | None = None
    faults_us: tuple[tuple[int, int], ...] = ()

    @property
    def asked(self) -> Mask:
        """Which of ``targets`` count: those outside the faults of the glove."""
        return outside_faults(self.targets, self.judgements, self.window, self.faults_us)

    @property
    def totals(self) -> Totals:
        """Totals per grip over the whole play."""
        return totals(self.targets, self.judgements, self.edges, asked=self.asked)

    @property
    def score(self) -> int:
        """10 000 for a perfect play."""
        return score(self.targets, self.judgements, self.window, self.asked)


def level_of(x_start: float, changes: Sequence[LoggedChange], duration_us: int) -> float:
    """The median of x over the second half of a play, each value weighing as long as it held."""
    steps = [(0, x_start), *((logged.song_us, logged.change.after) for logged in changes)]
    times_us = [time_us for time_us, _ in steps] + [duration_us]
    held: list[tuple[float, int]] = []
    for (start_us, x), end_us in zip(steps, times_us[1:], strict=True):
        span_us = min(end_us, duration_us) - max(start_us, duration_us // 2)
        if span_us > 0:
            held.append((x, span_us))
    if not held:
        return steps[-1][1]
    held.sort()
    half_us = sum(span_us for _, span_us in held) / 2
    for x, span_us in held:
        half_us -= span_us
        if half_us <= 0:
            return x
    return held[-1][0]


def by_grip(values: np.ndarray) -> dict[str, int]:
    """``{"index": 12, …}`` from an array of shape (5,) in code order."""
    return {grip.label: int(values[grip]) for grip in GRIPS}


def in_ms(value_us: float) -> float | None:
    """Milliseconds to a tenth; None for what could not be measured."""
    return None if np.isnan(value_us) else round(float(value_us) / 1000, 1)


def play_document(outcome: PlayOutcome, play_id: str) -> dict[str, Any]:
    """The play as ``griptune play --json`` prints it (names and sums fixed by the contract).

    ``hits + misses = targets``; the repetitions of all grips add up to ``hits + near + wrong +
    extra``; ``counted = hits + near``. ``rate`` is the rate that was fixed, or the level with
    which the play began.
    """
    figures = outcome.totals
    window = outcome.window
    half_window_us = max(window.early_us, window.late_us)
    return {
        "song": outcome.song_key,
        "patient": outcome.patient,
        "hand": outcome.hand,
        "input": outcome.input_kind,
        "rate": round(outcome.rate, 6),
        "tempo": outcome.tempo,
        "window_ms": half_window_us / 1000,
        "targets": int(figures.asked.sum()),
        "hits": int(figures.hits.sum()),
        "misses": int(figures.misses.sum()),
        "missed": {
            "omission": int(figures.missed_omission.sum()),
            "early": int(figures.missed_early.sum()),
            "late": int(figures.missed_late.sum()),
            "wrong_grip": int(figures.missed_wrong_grip.sum()),
        },
        "near": int(figures.near.sum()),
        "wrong": int(figures.wrong.sum()),
        "extra": int(figures.extra.sum()),
        "counted": int(figures.counted.sum()),
        "presented": by_grip(figures.asked),
        "hit": by_grip(figures.hits),
        "repetitions": by_grip(figures.repetitions),
        "asynchrony_ms": {
            "median": in_ms(figures.timing.median_us),
            "sd": in_ms(figures.timing.sd_us),
        },
        "dwell_ms": {"median": in_ms(figures.dwell.median_us)},
        "score": outcome.score,
        "next": {
            "rate": round(outcome.offer.rate, 6),
            "tempo": outcome.offer.tempo,
            "mix": {name: round(share, 6) for name, share in outcome.offer.mix.items()},
            "reason": outcome.offer.sentence,
        },
        "play_id": play_id,
        "interrupted": outcome.interrupted,
    }
