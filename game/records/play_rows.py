"""A play to rows and back. Every function works inside the transaction it is given."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, delete, insert, select

from game.core.data import Window
from game.core.grips import GRIPS
from game.records import blobs
from game.records.errors import RecordsError
from game.records.identifiers import new_identifier
from game.records.plays import (
    DifficultyChange,
    GripFigures,
    Missed,
    PlayRecord,
    PlayStart,
    PlaySummary,
    at_the_station,
)
from game.records.schema import (
    difficulty_changes,
    difficulty_states,
    patients,
    play_data,
    play_grips,
    plays,
)
from game.records.schema_sessions import sessions
from game.records.types import to_json

_ARRAYS = ("targets", "edges", "raw_edges", "segments")

#: So many plays' data are in memory at a time: a play is some kilobytes.
_AT_A_TIME = 50


def has_play(connection: Connection, play_id: str) -> bool:
    """Whether a play of this identifier is kept already."""
    return connection.execute(select(plays.c.id).where(plays.c.id == play_id)).first() is not None


def has_patient(connection: Connection, patient_id: str) -> bool:
    """Whether there is a patient of this identifier."""
    query = select(patients.c.id).where(patients.c.id == patient_id)
    return connection.execute(query).first() is not None


def _has_session(connection: Connection, session_id: str | None) -> bool:
    query = select(sessions.c.id).where(sessions.c.id == session_id)
    return session_id is not None and connection.execute(query).first() is not None


def insert_play(
    connection: Connection,
    record: PlayRecord,
    changes: Sequence[DifficultyChange],
    state: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    """Keep a play, its difficulty changes, and the difficulty state it left behind."""
    row = _summary_row(record)
    if not _has_session(connection, record.session_id):
        row["session_id"] = (
            None  # the opening never reached the disk; the play is kept all the same
        )
    connection.execute(insert(plays), row)
    connection.execute(
        insert(play_grips),
        [
            {
                "play_id": record.id,
                "grip": grip.label,
                "presented": int(figures.presented),
                "hits": int(figures.hits),
                "near": int(figures.near),
                "wrong": int(figures.wrong),
                "extra": int(figures.extra),
                "repetitions": int(figures.repetitions),
            }
            for grip, figures in zip(GRIPS, record.grips, strict=True)
        ],
    )
    arrays, document = _data(record)
    connection.execute(
        insert(play_data),
        {
            "play_id": record.id,
            "data": blobs.encode(arrays, document),
            "digest": blobs.digest(arrays, document),
        },
    )
    insert_changes(connection, record, changes, now)
    if state is not None and record.patient_id is not None:
        put_state(connection, record, state, now)


def insert_changes(
    connection: Connection, play: PlayStart, changes: Sequence[DifficultyChange], now: datetime
) -> None:
    """Keep difficulty changes of a play that is kept in the same transaction."""
    if not changes:
        return
    connection.execute(
        insert(difficulty_changes),
        [
            {
                "id": new_identifier(now),
                "patient_id": play.patient_id,
                "play_id": play.id,
                "hand": play.hand,
                "input_kind": play.input_kind,
                "changed_at": now,
                "sequence": sequence,
                "song_us": None if change.song_us is None else int(change.song_us),
                "before_x": float(change.before),
                "after_x": float(change.after),
                "reason": str(change.reason),
                "evidence": dict(change.evidence),
            }
            for sequence, change in enumerate(changes)
        ],
    )


def put_state(
    connection: Connection, play: PlayStart, state: Mapping[str, Any], now: datetime
) -> None:
    """Make ``state`` the present difficulty of the play's patient, hand and kind of input."""
    key = {"patient_id": play.patient_id, "hand": play.hand, "input_kind": play.input_kind}
    connection.execute(delete(difficulty_states).filter_by(**key))
    connection.execute(
        insert(difficulty_states), {**key, **state_columns(state), "updated_at": now}
    )


def state_columns(state: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that hold a difficulty state.

    Raises ValueError unless it is JSON with the numbers ``x`` and ``seen``.
    """
    try:
        to_json(state)
        return {"x": float(state["x"]), "seen": int(state["seen"]), "state": dict(state)}
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no difficulty state ({error}): {state}") from error


def summaries(connection: Connection, rows: Sequence[Row[Any]]) -> list[PlaySummary]:
    """The plays of ``rows`` (of the table ``plays``), in their order.

    Raises RecordsError for rows that contradict one another.
    """
    grips = _grips_of(connection, [row.id for row in rows])
    found = []
    for row in rows:
        with _readable(row.id):
            found.append(PlaySummary(**_summary_values(row, grips[row.id])))
    return found


def read_play(connection: Connection, row: Row[Any]) -> PlayRecord:
    """The play of ``row`` with its data. Raises RecordsError if they are damaged."""
    (play,) = read_plays(connection, [row])
    return play


def read_plays(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[PlayRecord]:
    """The plays of ``rows`` with their data, in their order, a few in memory at a time.

    Raises RecordsError if one is damaged.
    """
    for first in range(0, len(rows), _AT_A_TIME):
        some = rows[first : first + _AT_A_TIME]
        ids = [row.id for row in some]
        data = {
            kept.play_id: kept
            for kept in connection.execute(select(play_data).where(play_data.c.play_id.in_(ids)))
        }
        grips = _grips_of(connection, ids)
        for row in some:
            yield _play(row, data.get(row.id), grips[row.id])


def _play(row: Row[Any], kept: Row[Any] | None, grips: tuple[GripFigures, ...]) -> PlayRecord:
    with _readable(row.id):
        if kept is None:
            raise ValueError("its data are missing")
        arrays, document = blobs.decode(kept.data)
        if blobs.digest(arrays, document) != kept.digest:
            raise ValueError("its data are not those that were written")
        return PlayRecord(
            **_summary_values(row, grips),
            targets=arrays["targets"],
            edges=arrays["edges"],
            raw_edges=arrays["raw_edges"],
            segments=arrays["segments"],
            events=tuple(document["events"]),
        )


@contextmanager
def _readable(play_id: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise RecordsError(
            f"the play {play_id} cannot be read ({error}): restore it from a backup"
        ) from error


def _data(record: PlayRecord) -> tuple[dict[str, np.ndarray], Any]:
    return {name: getattr(record, name) for name in _ARRAYS}, {"events": list(record.events)}


def _summary_row(play: PlaySummary) -> dict[str, Any]:
    return {
        "id": play.id,
        "patient_id": play.patient_id,
        "song_key": play.song_key,
        "song_title": play.song_title,
        "song_hash": play.song_hash,
        "started_at": play.started_at,
        "utc_offset_s": play.utc_offset_s,
        "local_date": play.local_date.isoformat(),
        "hand": play.hand,
        "input_kind": play.input_kind,
        "input_description": play.input_description,
        "rate_asked": _number(play.rate_asked),
        "rate_fixed": bool(play.rate_fixed),
        "tempo": float(play.tempo),
        "window_early_us": int(play.window.early_us),
        "window_late_us": int(play.window.late_us),
        "window_near_us": int(play.window.near_us),
        "targets": int(play.asked),
        "hits": int(play.hits),
        "missed_omission": int(play.missed.omission),
        "missed_early": int(play.missed.early),
        "missed_late": int(play.missed.late),
        "missed_wrong_grip": int(play.missed.wrong_grip),
        "near": int(play.near),
        "wrong": int(play.wrong),
        "extra": int(play.extra),
        "counted": int(play.counted),
        "repetitions": int(play.repetitions),
        "asynchrony_median_ms": _number(play.asynchrony_median_ms),
        "asynchrony_sd_ms": _number(play.asynchrony_sd_ms),
        "dwell_median_ms": _number(play.dwell_median_ms),
        "score": int(play.score),
        "duration_us": int(play.duration_us),
        "level": _number(play.level),
        "x_after": _number(play.x_after),
        "interrupted": bool(play.interrupted),
        "seed": None if play.seed is None else int(play.seed),
        "software_version": play.software_version,
        "delays": dict(play.delays),
        "mode": play.mode,
        "session_id": play.session_id,
    }


def _summary_values(row: Row[Any], grips: tuple[GripFigures, ...]) -> dict[str, Any]:
    return {
        "id": row.id,
        "patient_id": row.patient_id,
        "started_at": at_the_station(row.started_at, row.utc_offset_s),
        "song_key": row.song_key,
        "song_title": row.song_title,
        "song_hash": row.song_hash,
        "hand": row.hand,
        "input_kind": row.input_kind,
        "input_description": row.input_description,
        "rate_asked": row.rate_asked,
        "rate_fixed": row.rate_fixed,
        "tempo": row.tempo,
        "window": Window(row.window_early_us, row.window_late_us, row.window_near_us),
        "software_version": row.software_version,
        "seed": row.seed,
        "delays": row.delays,
        "mode": row.mode,
        "session_id": row.session_id,
        "grips": grips,
        "missed": Missed(
            row.missed_omission, row.missed_early, row.missed_late, row.missed_wrong_grip
        ),
        "asynchrony_median_ms": row.asynchrony_median_ms,
        "asynchrony_sd_ms": row.asynchrony_sd_ms,
        "dwell_median_ms": row.dwell_median_ms,
        "score": row.score,
        "duration_us": row.duration_us,
        "level": row.level,
        "x_after": row.x_after,
        "interrupted": row.interrupted,
    }


def _grips_of(
    connection: Connection, play_ids: Sequence[str]
) -> dict[str, tuple[GripFigures, ...]]:
    found: dict[str, dict[str, GripFigures]] = {play_id: {} for play_id in play_ids}
    for first in range(0, len(play_ids), 500):  # SQLite takes so many values in one statement
        some = play_ids[first : first + 500]
        for row in connection.execute(select(play_grips).where(play_grips.c.play_id.in_(some))):
            found[row.play_id][row.grip] = GripFigures(
                row.presented, row.hits, row.near, row.wrong, row.extra
            )
    return {
        play_id: tuple(grips.get(grip.label, GripFigures()) for grip in GRIPS)
        for play_id, grips in found.items()
    }


def _number(value: float | None) -> float | None:
    # What there was nothing to take of is NaN in arrays and nothing in the database.
    return None if value is None or math.isnan(value) else float(value)
