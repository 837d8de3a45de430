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
                    lines = Rows(file, (), mark=False)
                    notes = list(note_rows(play))
                    for note in notes:
                        lines.row(note)
                played.append(song_row(play, notes))
            with out.file(f"{patient.code}/songs.csv") as file:
                rows = Rows(file, (), mark=False)
                for row in played:
                    rows.row(row)
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
    wrong = judgements.presses[judgements.presses["outcome"] == WRONG_GRIP]
    at_us = play.edges["time_us"][wrong["edge_index"]].tolist()
    wrong_us = dict(zip(wrong["target_index"].tolist(), at_us, strict=True))
    judged = judgements.targets
    columns = (
        *(play.targets["time_us"], play.targets["grip"]),
        *(judged["hit"], judged["asynchrony_us"], judged["wrong_grip"], counts),
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for index, (target_us, grip, hit, asynchrony_us, wrong_grip, asked) in enumerate(rows):
        if not asked:
            continue  # the glove was at fault: nothing was asked
        expected = NUMBERS[grip]
        if hit:
            yield expected, expected, asynchrony_us / 1000
        elif wrong_grip >= 0:
            yield expected, NUMBERS[wrong_grip], (wrong_us[index] - target_us) / 1000
        else:
            yield expected, _NOTHING, math.nan


def song_row(play: PlayRecord, notes: Sequence[tuple[int, int, float]]) -> tuple[Any, ...]:
    """The row of a play in ``songs.csv``, from that of its notes."""
    hits = [difference for expected, actual, difference in notes if expected == actual]
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
