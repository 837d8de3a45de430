"""From targets and edges to the figures that are kept: what the judge of today says of a play."""

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from game.core.data import Window
from game.core.grips import GRIPS
from game.records.plays import GripFigures, Missed, PlayRecord, PlayStart, Segments


def judged_play(
    start: PlayStart,
    *,
    targets: np.ndarray,
    edges: np.ndarray,
    raw_edges: np.ndarray,
    segments: Segments,
    duration_us: int,
    interrupted: bool,
    level: float | None = None,
    x_after: float | None = None,
    events: Sequence[Any] = (),
) -> PlayRecord:
    """The play that ``start`` opened, with all figures taken from judging ``edges``.

    ``targets`` (TARGET) and ``edges`` (EDGE) are in song time, ``raw_edges`` (EDGE) in host time;
    see :class:`PlayRecord` for the rest. Imports the judge's kernels, which takes a second cold.
    """
    from game.core.judge import judge
    from game.core.score import score
    from game.core.statistics import totals

    judgements = judge(targets, edges, start.window)
    sums = totals(targets, judgements, edges)
    return PlayRecord(
        **{f.name: getattr(start, f.name) for f in fields(PlayStart)},
        grips=tuple(
            GripFigures(
                presented=int(sums.asked[grip]),
                hits=int(sums.hits[grip]),
                near=int(sums.near[grip]),
                wrong=int(sums.wrong[grip]),
                extra=int(sums.extra[grip]),
            )
            for grip in GRIPS
        ),
        missed=Missed(
            omission=int(sums.missed_omission.sum()),
            early=int(sums.missed_early.sum()),
            late=int(sums.missed_late.sum()),
            wrong_grip=int(sums.missed_wrong_grip.sum()),
        ),
        asynchrony_median_ms=_ms(sums.timing.median_us),
        asynchrony_sd_ms=_ms(sums.timing.sd_us),
        dwell_median_ms=_ms(sums.dwell.median_us),
        score=score(targets, judgements, start.window),
        duration_us=duration_us,
        level=level,
        x_after=x_after,
        interrupted=interrupted,
        targets=targets,
        edges=edges,
        raw_edges=raw_edges,
        segments=segments,
        events=tuple(events),
    )


def asked_targets(
    targets: np.ndarray, edges: np.ndarray, window: Window, reached_us: int
) -> np.ndarray:
    """Those of ``targets`` that a play broken off at ``reached_us`` had really asked.

    A target whose window was still open then, and that was not hit, was not: nobody knows what
    would have become of it. Leaving it out changes no hit.
    """
    from game.core.judge import judge

    hit = judge(targets, edges, window).targets["hit"]
    asked: np.ndarray = targets[hit | (targets["time_us"] + window.late_us < reached_us)]
    return asked


def _ms(value_us: float) -> float | None:
    return None if math.isnan(value_us) else value_us / 1000
