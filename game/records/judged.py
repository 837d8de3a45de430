"""From targets and edges to the figures that are kept: what the judge of today says of a play."""

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from game.core.data import Judgements, Mask, Window
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
    see :class:`PlayRecord` for the rest. Targets that fell into a fault of the glove, as ``events``
    tell of it, are left out of the figures. Imports the judge's kernels, which takes a second cold.
    """
    from game.core.judge import judge
    from game.core.score import score
    from game.core.statistics import outside_faults, totals

    judgements = judge(targets, edges, start.window)
    asked = outside_faults(targets, judgements, start.window, faults_of(events))
    sums = totals(targets, judgements, edges, asked=asked)
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
        score=score(targets, judgements, start.window, asked),
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


#: A fault of the glove that was not over when the play was.
_NEVER_OVER_US = 1 << 60


def really_asked(play: PlayRecord, judgements: Judgements) -> Mask:
    """Per target of ``play``: whether it counts as asked, outside every fault of the glove."""
    from game.core.statistics import outside_faults

    return outside_faults(play.targets, judgements, play.window, faults_of(play.events))


def faults_of(events: Sequence[Any]) -> list[tuple[int, int]]:
    """When the glove was at fault, song time, start and end, from the ``events`` of a play.

    A fault is told when it begins, with no end, and again under the same start when it is over.
    Raises ValueError for one that says no times.
    """
    found: dict[int, int] = {}
    for event in events:
        if isinstance(event, dict) and event.get("kind") == "fault":
            start_us, end_us = event.get("start_us"), event.get("end_us")
            if not isinstance(start_us, int) or not (end_us is None or isinstance(end_us, int)):
                raise ValueError("a fault of the glove is kept without its times")
            found[start_us] = _NEVER_OVER_US if end_us is None else end_us
    return sorted(found.items())


def _ms(value_us: float) -> float | None:
    return None if math.isnan(value_us) else value_us / 1000
