"""Plays made by hand, as they have just ended and as they are kept."""

from datetime import UTC, datetime

import numpy as np

from game.core import TARGET, Window, judge
from game.play.outcome import PlayOutcome
from game.records.judged import judged_play
from game.records.plays import PlaySummary
from game.therapy.difficulty import DifficultyState, Limits
from game.therapy.to_music import next_offer
from tests.play.charts import SECOND_US, pinches
from tests.records.examples import start_of_play


def outcome(grips, hit, lag_us=0) -> PlayOutcome:
    """One target a second of ``grips``, those in ``hit`` (bools) pinched ``lag_us`` late: all by
    the same, or each by its own."""
    targets = np.zeros(len(grips), TARGET)
    targets["time_us"] = np.arange(1, len(grips) + 1) * SECOND_US
    targets["grip"] = grips
    edges = pinches(
        *[
            (int(t["time_us"]) + int(lag), int(t["grip"]))
            for t, h, lag in zip(targets, hit, np.broadcast_to(lag_us, len(grips)), strict=True)
            if h
        ]
    )
    limits = Limits()
    return PlayOutcome(
        song_key="ode-to-joy",
        song_title="Ode to Joy",
        song_hash="0",
        patient="P1",
        hand="right",
        input_kind="glove",
        input_description="a glove",
        rate=1.0,
        fixed_rate=False,
        tempo=1.0,
        window=Window(),
        targets=targets,
        edges=edges,
        raw_edges=edges,
        segments=[],
        judgements=judge(targets, edges, Window()),
        duration_us=(len(grips) + 1) * SECOND_US,
        interrupted=False,
        offer=next_offer(DifficultyState.first(limits), limits),
    )


def earlier(grips, hit, lag_us=0, **other) -> PlaySummary:
    played = outcome(grips, hit, lag_us)
    start = start_of_play(
        started_at=datetime(2026, 11, 18, 10, tzinfo=UTC), input_kind="glove", **other
    )
    return judged_play(
        start,
        targets=played.targets,
        edges=played.edges,
        raw_edges=played.edges,
        segments=np.zeros((0, 3)),
        duration_us=played.duration_us,
        interrupted=False,
    )
