"""Judging old plays with the present rules: what comes out stands beside what was kept.

A play keeps what went into the judge, so it can be judged again whenever the rules have changed.
The kept figures are facts and stay; where the present rules say something else, that is written as
a rejudgement with the version of the program. Judging again by the same rules writes nothing.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from game.core.grips import GRIPS
from game.records.export.people import Counter, Progress
from game.records.identifiers import new_identifier
from game.records.judged import judged_play
from game.records.patient_rows import patient_id_of
from game.records.play_rows import read_plays
from game.records.plays import PlayRecord, PlaySummary
from game.records.schema import plays, rejudgements
from game.records.store_base import StoreBase

#: Two figures in ms that lie closer than this are the same.
_SAME_MS = 1e-6

_AT_A_TIME = 50


@dataclass(frozen=True)
class Rejudged:
    """One play that the present rules judge otherwise: each figure as kept, and as judged now."""

    play: PlaySummary
    changes: Mapping[str, tuple[Any, Any]]
    new: bool


@dataclass(frozen=True)
class Outcome:
    """How many plays were judged again, and those that came out otherwise."""

    plays: int
    changed: tuple[Rejudged, ...]


def rejudge(
    store: StoreBase,
    code: str | None = None,
    *,
    software: str,
    write: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """Judge the plays of a patient, or all plays, with the present rules.

    With ``write`` what comes out otherwise is kept beside the play, once. Raises RecordsError for
    an unknown code and for plays whose data are damaged.
    """
    with store.reading() as connection:
        query = select(plays.c.id).order_by(plays.c.started_at, plays.c.id)
        if code is not None:
            query = query.where(plays.c.patient_id == patient_id_of(connection, code))
        ids = list(connection.execute(query).scalars())
    counter = Counter(len(ids), progress)
    changed: list[Rejudged] = []
    for first in range(0, len(ids), _AT_A_TIME):
        some = ids[first : first + _AT_A_TIME]
        with store.reading() as connection:
            rows = connection.execute(
                select(plays).where(plays.c.id.in_(some)).order_by(plays.c.started_at, plays.c.id)
            ).all()
            found = list(_changed(connection, read_plays(connection, rows), counter))
        if write and any(one.new for one, _ in found):
            _keep(store, found, software)
        changed += [one for one, _ in found]
    return Outcome(len(ids), tuple(changed))


def figures_of(play: PlaySummary) -> dict[str, Any]:
    """The figures of a play that come from judging: what a rejudgement keeps."""
    return {
        "hits": play.hits,
        "near": play.near,
        "wrong": play.wrong,
        "extra": play.extra,
        "missed_omission": play.missed.omission,
        "missed_early": play.missed.early,
        "missed_late": play.missed.late,
        "missed_wrong_grip": play.missed.wrong_grip,
        "counted": play.counted,
        "repetitions": play.repetitions,
        "asynchrony_median_ms": play.asynchrony_median_ms,
        "asynchrony_sd_ms": play.asynchrony_sd_ms,
        "dwell_median_ms": play.dwell_median_ms,
        "score": play.score,
        **{
            f"{grip.label}_{name}": getattr(play.of_grip(grip), name)
            for grip in GRIPS
            for name in ("presented", "hits", "near", "wrong", "extra")
        },
    }


def rejudgements_of(connection: Connection, play_id: str) -> list[dict[str, Any]]:
    """What later rules made of a play, the earliest first: each a set of figures."""
    query = (
        select(rejudgements.c.document)
        .where(rejudgements.c.play_id == play_id)
        .order_by(rejudgements.c.judged_at, rejudgements.c.id)
    )
    return list(connection.execute(query).scalars())


def _changed(
    connection: Connection, found: Iterator[PlayRecord], counter: Counter
) -> Iterator[tuple[Rejudged, dict[str, Any]]]:
    for play in found:
        kept, now = figures_of(play), figures_of(_again(play))
        counter.one_more()
        if _same(kept, now):
            continue
        earlier = rejudgements_of(connection, play.id)
        changes = {n: (kept[n], now[n]) for n in kept if not _alike(kept[n], now[n])}
        yield Rejudged(play, changes, not any(_same(one, now) for one in earlier[-1:])), now


def _again(play: PlayRecord) -> PlayRecord:
    return judged_play(
        play,
        targets=play.targets,
        edges=play.edges,
        raw_edges=play.raw_edges,
        segments=play.segments,
        duration_us=play.duration_us,
        interrupted=play.interrupted,
        level=play.level,
        x_after=play.x_after,
        events=play.events,
    )


def _keep(
    store: StoreBase, found: Sequence[tuple[Rejudged, dict[str, Any]]], software: str
) -> None:
    now = store.clock()
    with store.writing() as connection:
        connection.execute(
            insert(rejudgements),
            [
                {
                    "id": new_identifier(now),
                    "play_id": one.play.id,
                    "judged_at": now,
                    "software_version": software,
                    "document": figures,
                }
                for one, figures in found
                if one.new
            ],
        )


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.keys() == other.keys() and all(
        _alike(value, other[name]) for name, value in one.items()
    )


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=_SAME_MS)
    return bool(one == other)
