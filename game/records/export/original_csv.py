"""The two layouts that the original glove's analysis programs read.

*Notes*, a file per song: ``expected,actual,difference`` per target, without a line of names. Grips
are 1 key, 2 index, 3 middle, 4 ring, 5 little; ``difference`` is ms, negative early. Where nothing
was pressed in time actual is 0 and the difference ``nan``. A wrong grip stands with its own number
and its own difference.

*Songs*, one file: date, time, song, hits of the five grips, asked of the five, mean and SD of the
hits' differences (ms), seconds, detected presses of the five; no line of names either. The SD is
that of a sample (n − 1).

A press counts if the judge says so (the window is the play's own), so hit rate, mean and SD are
those of our report.
"""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from game.core.grips import ACROSS_THE_HAND, Grip
from game.records.export.cells import Rows
from game.records.export.people import Counter, Progress, chosen, count_plays, plays_of
from game.records.export.sink import sink
from game.records.judged import really_asked
from game.records.plays import PlayRecord
from game.records.store_base import StoreBase

#: 1 key, 2 index, 3 middle, 4 ring, 5 little: the order across the hand.
NUMBERS: dict[int, int] = {int(grip): n for n, grip in enumerate(ACROSS_THE_HAND, start=1)}

_NOTHING = 0


def write_original(
    store: StoreBase,
    path: Path,
    codes: Sequence[str] | None = None,
    *,
    progress: Progress | None = None,
) -> int:
    """Write a folder or zip with ``CODE/songs.csv`` and ``CODE/notes/…csv``; returns how many
    songs. Only ordinary plays: the original knows no others. Raises RecordsError."""
    with store.reading() as connection, sink(path) as out:
        people = chosen(connection, codes)
        counter = Counter(count_plays(connection, people), progress)
        songs = 0
        for patient in people:
            played = []
            for play in plays_of(connection, patient):
                counter.one_more()
                if play.mode != "play":
                    continue
                songs += 1
                with out.file(f"{patient.code}/notes/{file_name(play)}") as file:
                    notes = Rows(file, (), mark=False)
                    for row in note_rows(play):
                        notes.write(row)
                played.append(song_row(play))
            with out.file(f"{patient.code}/songs.csv") as file:
                rows = Rows(file, (), mark=False)
                for row in played:
                    rows.write(row)
    return songs


def file_name(play: PlayRecord) -> str:
    """The name of a play's file: when, and which song; the identifier's end keeps two apart."""
    song = re.sub(r"[^A-Za-z0-9-]+", "_", play.song_key).strip("_")[:40] or "song"
    return f"{play.started_at:%Y-%m-%d_%H%M%S}_{song}_{play.id[-6:]}.csv"


def note_rows(play: PlayRecord) -> Iterator[tuple[int, int, float]]:
    """Expected, actual, difference (ms) of every target."""
    from game.core.data import WRONG_GRIP
    from game.core.judge import judge

    judgements = judge(play.targets, play.edges, play.window)
    counts = really_asked(play, judgements)
    wrong_us: dict[int, int] = {}
    for press in judgements.presses:
        if press["outcome"] == WRONG_GRIP:
            wrong_us[int(press["target_index"])] = int(play.edges[press["edge_index"]]["time_us"])
    for index, (target, judged) in enumerate(zip(play.targets, judgements.targets, strict=True)):
        if not counts[index]:
            continue  # the glove was at fault: nothing was asked
        expected = NUMBERS[int(target["grip"])]
        if judged["hit"]:
            yield expected, expected, int(judged["asynchrony_us"]) / 1000
        elif judged["wrong_grip"] >= 0:
            late_us = wrong_us[index] - int(target["time_us"])
            yield expected, NUMBERS[int(judged["wrong_grip"])], late_us / 1000
        else:
            yield expected, _NOTHING, math.nan


def song_row(play: PlayRecord) -> tuple[Any, ...]:
    """The row of a play in ``songs.csv``."""
    hits = [difference for expected, actual, difference in note_rows(play) if expected == actual]
    mean = sum(hits) / len(hits) if hits else math.nan
    square = sum((difference - mean) ** 2 for difference in hits)
    sd = math.sqrt(square / (len(hits) - 1)) if len(hits) > 1 else math.nan
    order: tuple[Grip, ...] = ACROSS_THE_HAND
    return (
        f"{play.started_at:%Y-%m-%d}",
        f"{play.started_at:%H:%M:%S}",
        play.song_title,
        *(int(play.of_grip(grip).hits) for grip in order),
        *(int(play.of_grip(grip).presented) for grip in order),
        mean,
        sd,
        play.duration_us / 1e6,
        *(int(play.of_grip(grip).repetitions) for grip in order),
    )
