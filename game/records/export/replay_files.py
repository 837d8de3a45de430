"""Every play as a replay file, which says nothing of who played."""

from collections.abc import Callable, Sequence
from pathlib import Path

from game.records.export.people import Counter, Progress, chosen, count_plays, plays_of
from game.records.export.sink import sink
from game.records.plays import PlayRecord
from game.records.replays import SUFFIX, Scene, replay_of, to_bytes
from game.records.store_base import StoreBase


def write_replays(
    store: StoreBase,
    path: Path,
    codes: Sequence[str] | None,
    scene_of: Callable[[PlayRecord], Scene],
    *,
    progress: Progress | None = None,
) -> int:
    """Write a folder or zip of replays; returns how many. ``scene_of`` gives the song's beats and
    words, where they are known. Raises RecordsError."""
    with store.reading() as connection, sink(path) as out:
        people = chosen(connection, codes)
        counter = Counter(count_plays(connection, people), progress)
        for patient in people:
            for play in plays_of(connection, patient):
                name = f"{play.started_at:%Y-%m-%d_%H%M%S}_{play.id}{SUFFIX}"
                with out.file(f"{patient.code}/{name}") as file:
                    file.write(to_bytes(replay_of(play, scene_of(play))))
                counter.one_more()
    return counter.done
