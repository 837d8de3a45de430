"""One play on its way into the records."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from game import __version__
from game.play.clock import Delays, Segment
from game.play.conductor import fault_event
from game.play.outcome import PlayOutcome
from game.play.plan import Plan
from game.play.setup import PreparedPlay
from game.records.identifiers import new_identifier
from game.records.judged import judged_play
from game.records.plays import DifficultyChange, PlayStart
from game.records.writer import Journal
from game.therapy.difficulty import Change


def play_start(
    prepared: PreparedPlay,
    began: datetime,
    patient_id: str | None,
    hand: str,
    about: Mapping[str, Any],
) -> PlayStart:
    """What is known of a play when it begins; ``about`` as :meth:`game.cli.keeping.Keeper.conduct`
    has it."""
    delays: Delays = about["delays"]
    return PlayStart(
        id=new_identifier(began),
        patient_id=patient_id,
        started_at=began,
        song_key=prepared.song_key,
        song_title=prepared.song.title,
        song_hash=prepared.song.content_hash,
        hand=about.get("hand") or hand,
        input_kind=about["input_kind"],
        input_description=about["input_description"],
        rate_asked=prepared.rate,
        rate_fixed=prepared.options.rate is not None,
        tempo=prepared.tempo,
        window=prepared.options.window,
        software_version=__version__,
        seed=prepared.options.seed,
        delays={
            name: {"us": delay.us, "source": delay.source} for name, delay in vars(delays).items()
        },
        mode=about.get("mode", "play"),
        session_id=about.get("session_id") or None,
    )


class Recording:
    """One play on its way into the records: journalled while it runs, folded in when it closes."""

    def __init__(self, journal: Journal, start: PlayStart) -> None:
        self._journal = journal
        self._start = start
        self._changes_told = 0

    def edges(self, edges: np.ndarray) -> None:
        """Raw edges in host time."""
        self._journal.edges(edges)

    def targets(self, targets: np.ndarray) -> None:
        """Targets that came into view."""
        self._journal.targets(targets)

    def judged(self, edges: np.ndarray, reached_us: int) -> None:
        """Edges in song time that were judged, and how far all is settled."""
        self._journal.judged(edges, reached_us)

    def segments(self, segments: list[Segment]) -> None:
        """The song clock's segments so far."""
        self._journal.segments(segments)

    def changed(self, plan: Plan) -> None:
        """The plan changed the difficulty."""
        new = plan.changes[self._changes_told :]
        self._changes_told = len(plan.changes)
        state = None if plan.state is None else plan.state.to_dict()
        self._journal.changed(state, [_kept(logged.song_us, logged.change) for logged in new])

    def event(self, document: dict[str, Any]) -> None:
        """Something else that happened, such as a fault of the glove."""
        self._journal.event(document)

    def flush(self) -> None:
        """To the disk now: at every pause."""
        self._journal.flush()

    def discard(self) -> None:
        """Nothing was asked and nothing pressed: not worth keeping."""
        self._journal.discard()

    def close(self, outcome: PlayOutcome) -> str:
        """Keep the play; returns its identifier."""
        record = judged_play(
            # What it was really played with is known only now.
            replace(
                self._start,
                input_kind=outcome.input_kind,
                input_description=outcome.input_description,
            ),
            targets=outcome.targets,
            edges=outcome.edges,
            raw_edges=outcome.raw_edges,
            segments=outcome.segments,
            duration_us=outcome.duration_us,
            interrupted=outcome.interrupted,
            level=outcome.level,
            x_after=outcome.x_after,
            events=[fault_event(*fault) for fault in outcome.faults_us],
        )
        self._journal.close(
            record,
            state=outcome.difficulty if self._start.patient_id is not None else None,
            changes=[_kept(logged.song_us, logged.change) for logged in outcome.changes],
        )
        return self._start.id


def _kept(song_us: int | None, change: Change) -> DifficultyChange:
    return DifficultyChange.of(song_us, change.reason.value, change)
