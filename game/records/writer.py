"""The writer thread: the game hands facts over and goes on; the thread brings them to the disk.

While a play runs, what happened in it is appended to the journal at least every two seconds and at
every pause, so that a killed process loses no more than that. When the play closes, it is kept as
a whole and its journal removed in one transaction; until then its row in ``open_plays`` names the
writer it belongs to, and :mod:`game.records.interrupted` finds it if the process died.

A disk that is full, read-only or busy loses nothing either: everything stays in memory, the thread
tries again, and :attr:`Writer.trouble` says what is the matter. One chunk per play is under way at
a time and keeps its number until it is known to be written, so that trying again after an unclear
failure writes nothing twice.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError

from game.core.data import EDGE, TARGET
from game.records import blobs
from game.records.database import engine_of, writing
from game.records.owners import new_owner, owner_lock
from game.records.play_rows import has_patient, has_play, insert_play, state_columns
from game.records.plays import DifficultyChange, PlayRecord, PlayStart, Segments, segment_rows
from game.records.schema import journal, open_plays
from game.records.store import Store
from game.records.trouble import is_forbidden, sentence_of
from game.records.types import to_json

#: How often the journal goes to the disk. Half of the two seconds that may be lost at most, so
#: that a slow commit still ends within them.
JOURNAL_EVERY_S = 1.0

RETRY_EVERY_S = 0.5

#: How long one attempt waits for another program's transaction.
_LOCK_WAIT_S = 0.5


#: Errors of the database that trying again cannot mend.
_OUR_OWN_FAULT = (IntegrityError, DataError, ProgrammingError)


@dataclass
class Chunk:
    """A piece of a play, as the journal keeps it.

    ``targets`` (TARGET) came into view, ``edges`` (EDGE, song time) were judged, ``raw_edges``
    (EDGE, host time) were reported. Of ``segments``, ``state`` and ``reached_us`` the latest
    counts and None says nothing new; ``changes`` and ``events`` add up.
    """

    targets: list[np.ndarray] = field(default_factory=list)
    edges: list[np.ndarray] = field(default_factory=list)
    raw_edges: list[np.ndarray] = field(default_factory=list)
    segments: list[tuple[int, int, float]] | None = None
    reached_us: int | None = None
    state: Mapping[str, Any] | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)

    def add(self, other: "Chunk") -> None:
        """Let ``other`` follow."""
        self.targets += other.targets
        self.edges += other.edges
        self.raw_edges += other.raw_edges
        self.changes += other.changes
        self.events += other.events
        if other.segments is not None:
            self.segments = other.segments
        if other.reached_us is not None:
            self.reached_us = max(self.reached_us or 0, other.reached_us)
        if other.state is not None:
            self.state = other.state

    def arrays(self) -> dict[str, np.ndarray]:
        """``targets``, ``edges`` and ``raw_edges``, each in one array."""
        return {
            "targets": _joined(self.targets, TARGET),
            "edges": _joined(self.edges, EDGE),
            "raw_edges": _joined(self.raw_edges, EDGE),
        }

    def encode(self) -> bytes:
        """The chunk as a block of bytes."""
        return blobs.encode(
            self.arrays(),
            {
                "segments": self.segments,
                "reached_us": self.reached_us,
                "state": self.state,
                "changes": self.changes,
                "events": self.events,
            },
        )

    @classmethod
    def decode(cls, block: bytes) -> "Chunk":
        """The chunk in ``block``. Raises ValueError if it is damaged."""
        arrays, document = blobs.decode(block)
        return cls(
            targets=[arrays["targets"]],
            edges=[arrays["edges"]],
            raw_edges=[arrays["raw_edges"]],
            segments=document["segments"],
            reached_us=document["reached_us"],
            state=document["state"],
            changes=document["changes"],
            events=document["events"],
        )


class Journal:
    """Where the facts of one play go. Every method returns at once, whatever the disk does.

    Made by :meth:`Writer.open_play`; ends with :meth:`close` or :meth:`discard`, after which
    nothing more may be handed over (RuntimeError).
    """

    def __init__(
        self, start: PlayStart, clock: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self.start = start
        self._clock = clock
        self._wake = wake
        self._pieces: deque[Chunk] = deque()
        self._ended = False
        # From here on the thread's own.
        self._opening = start.opening()
        self._opened = False
        self._sequence = 0
        self._under_way: Chunk | None = None
        self._ending: Callable[[Connection], None] | None = None

    def targets(self, targets: np.ndarray) -> None:
        """Targets (TARGET) that came into view."""
        self._hand_over(Chunk(targets=[targets.copy()]))

    def edges(self, edges: np.ndarray) -> None:
        """Raw edges (EDGE, host time) as they were polled."""
        self._hand_over(Chunk(raw_edges=[edges.copy()]))

    def judged(self, edges: np.ndarray, reached_us: int) -> None:
        """Edges (EDGE, song time) given to the judge, and the time up to which all is settled.

        Without these an interrupted play could not be judged: a rewind decides what counts.
        """
        self._hand_over(Chunk(edges=[edges.copy()], reached_us=int(reached_us)))

    def segments(self, segments: Segments) -> None:
        """All of the song clock's segments so far, see :func:`segment_rows`."""
        self._hand_over(Chunk(segments=segment_rows(segments).tolist()))

    def changed(
        self, state: Mapping[str, Any] | None, changes: Sequence[DifficultyChange] = ()
    ) -> None:
        """The difficulty so far (None: not to be kept) and the changes since the last call."""
        documents = [change.document() for change in changes]
        # What cannot be kept fails here, in the caller, and not in the thread.
        to_json(documents)
        if state is not None:
            state_columns(state)
        self._hand_over(Chunk(state=None if state is None else dict(state), changes=documents))

    def event(self, document: Any) -> None:
        """Anything else worth keeping with the play, as JSON."""
        to_json(document)
        self._hand_over(Chunk(events=[document]))

    def flush(self) -> None:
        """To the disk now rather than within the second: at every pause."""
        self._wake()

    def close(
        self,
        record: PlayRecord,
        *,
        state: Mapping[str, Any] | None = None,
        changes: Sequence[DifficultyChange] = (),
    ) -> None:
        """The play is over: keep ``record``, with all its changes, in place of the journal.

        See :meth:`Store.save_play`. Raises ValueError for the record of another play, TypeError or
        ValueError for what cannot be kept.
        """
        if record.id != self.start.id:
            raise ValueError(f"{record.id} is not the play that was opened ({self.start.id})")
        to_json([[c.document() for c in changes], list(record.events), dict(record.delays)])
        if state is not None:
            state_columns(state)
        kept_changes, now = tuple(changes), self._clock()

        def keep(connection: Connection) -> None:
            _remove_open(connection, record.id)
            # Kept already if the last attempt succeeded and only its answer was lost. A patient
            # who was erased while playing leaves nothing behind.
            known = record.patient_id is None or has_patient(connection, record.patient_id)
            if known and not has_play(connection, record.id):
                insert_play(connection, record, kept_changes, state, now)

        self._end(keep)

    def discard(self) -> None:
        """The play is not worth keeping: nothing was asked and nothing pressed."""
        self._end(lambda connection: _remove_open(connection, self.start.id))

    def _hand_over(self, piece: Chunk) -> None:
        if self._ended:
            raise RuntimeError(f"the play {self.start.id} is closed")
        self._pieces.append(piece)

    def _end(self, ending: Callable[[Connection], None]) -> None:
        if self._ended:
            raise RuntimeError(f"the play {self.start.id} is closed")
        self._ended = True
        self._ending = ending
        self._wake()

    # The thread's part

    @property
    def _has_work(self) -> bool:
        return bool(self._pieces or self._under_way or not self._opened or self._ending)

    def _append(self, connection: Connection, owner: str) -> None:
        """Write what is new, inside a transaction. Done again if it fails."""
        patient_id = self.start.patient_id
        if patient_id is not None and not has_patient(connection, patient_id):
            self._pieces.clear()  # erased while playing: nothing is kept
            return
        play_id = self.start.id
        row = select(open_plays.c.id).where(open_plays.c.id == play_id)
        if connection.execute(row).first() is None:
            connection.execute(
                insert(open_plays),
                {
                    "id": play_id,
                    "patient_id": patient_id,
                    "owner": owner,
                    "opening": self._opening,
                },
            )
        if self._under_way is None and self._pieces:
            self._under_way = Chunk()
            while self._pieces:
                self._under_way.add(self._pieces.popleft())
        if self._under_way is None:
            return
        key = {"play_id": play_id, "sequence": self._sequence}
        if connection.execute(select(journal.c.sequence).filter_by(**key)).first() is None:
            connection.execute(insert(journal), {**key, "chunk": self._under_way.encode()})

    def _written(self) -> None:
        self._opened = True
        if self._under_way is not None:
            self._under_way = None
            self._sequence += 1


class Writer:
    """The thread that writes for ``store``. Close it, or use ``with``.

    Raises nothing when the disk fails: see :attr:`trouble`. ``journal_every_s`` is for tests.
    """

    def __init__(self, store: Store, *, journal_every_s: float = JOURNAL_EVERY_S) -> None:
        self._place = store.place
        self._clock = store.clock
        self._journal_every_s = journal_every_s
        self._owner = new_owner(store)
        self._lock_file = owner_lock(store, self._owner)
        self._locked = False
        # Connections of its own, which give up on a busy file soon and say so.
        self.engine = engine_of(store.place, lock_wait_s=_LOCK_WAIT_S)
        self._journals: list[Journal] = []
        self._closing = False
        self._trouble: str | None = None
        self._failure: str | None = None
        self._condition = threading.Condition()
        self._woken = False
        self._thread = threading.Thread(target=self._run, name="records writer", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str | None:
        """Why something is not written yet, as a sentence for the screen; None if all is well."""
        return self._trouble or self._failure

    def open_play(self, start: PlayStart) -> Journal:
        """A play begins. Raises TypeError or ValueError if ``start`` holds what JSON cannot."""
        to_json(start.opening())
        journal_of_play = Journal(start, self._clock, self._wake)
        with self._condition:
            if self._closing:
                raise RuntimeError("the writer is closed")
            self._journals.append(journal_of_play)
        self._wake()
        return journal_of_play

    def wait_until_written(self, timeout_s: float) -> bool:
        """Wait until all that was handed over so far is on the disk; False if it was not in time.

        Not for the game's thread.
        """
        until = time.monotonic() + timeout_s
        with self._condition:
            self._woken = True
            self._condition.notify_all()
            while any(j._has_work for j in self._journals):
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._condition.wait(min(left, 0.05))
                self._woken = True
        return True

    def close(self, timeout_s: float = 10.0) -> bool:
        """Write what is left and end the thread; False if it could not all be written in time.

        Plays that were not closed stay in the journal, as after a crash.
        """
        with self._condition:
            self._closing = True
        self._wake()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            return False
        self._lock_file.release()
        if not self._journals:
            self._lock_file.remove()
        self.engine.dispose()
        return True

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _wake(self) -> None:
        with self._condition:
            self._woken = True
            self._condition.notify_all()

    def _run(self) -> None:
        while True:
            closing = self._closing
            all_written = self._write_all()
            if closing and all_written:
                return
            if not all_written:
                time.sleep(RETRY_EVERY_S)  # being woken would not make a full disk any emptier
                continue
            with self._condition:
                self._condition.wait_for(
                    lambda: self._woken or self._closing, self._journal_every_s
                )
                self._woken = False

    def _write_all(self) -> bool:
        with self._condition:
            waiting = [j for j in self._journals if j._has_work]
        trouble = None
        for one in waiting:
            ending = one._ending  # looked at once: one that comes later is written next time
            try:
                self._take_lock()
                with writing(self.engine) as connection:
                    if ending is not None:
                        ending(connection)
                    else:
                        one._append(connection, self._owner)
            except (DatabaseError, OSError) as error:
                # IntegrityError and the like are DatabaseErrors too, but no disk's fault.
                if isinstance(error, _OUR_OWN_FAULT) and not is_forbidden(error):
                    self._give_up(one, error)
                else:
                    trouble = f"this play is kept in memory: {sentence_of(error, self._place)}"
            except Exception as error:
                # One play that cannot be written must not end the thread that others need.
                self._give_up(one, error)
            else:
                one._written()
                if ending is not None:
                    self._forget(one)
        self._trouble = trouble
        with self._condition:
            self._condition.notify_all()
        return trouble is None

    def _take_lock(self) -> None:
        if not self._locked:
            self._lock_file.path.parent.mkdir(mode=0o700, exist_ok=True)
            self._locked = self._lock_file.acquire()

    def _give_up(self, one: Journal, error: Exception) -> None:
        """Trying again cannot help. What the journal holds stays there, for the next start."""
        self._failure = f"the play {one.start.id} could not be kept whole: {error}"
        self._forget(one)

    def _forget(self, one: Journal) -> None:
        with self._condition:
            self._journals.remove(one)


def _remove_open(connection: Connection, play_id: str) -> None:
    connection.execute(delete(open_plays).where(open_plays.c.id == play_id))


def _joined(pieces: list[np.ndarray], dtype: np.dtype) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype), *pieces])
