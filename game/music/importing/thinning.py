"""From the hardest chart of five frets to a hand that pinches one finger at a time.

Five frets become the five grips in the order they lie in: green is the key pinch, red the index
finger, yellow the middle, blue the ring and orange the little finger. On the screen of a right
hand that is the guitar's own order from left to right, and a run up the neck runs across the hand.

A chord becomes its highest fret: the ear follows the top note, as it does where Griptune takes
the melody of a piano from its top line.

Levels are nested, from one target a bar to every note. A level has a grid (bars, half bars,
beats, halves and quarters of beats), and in every cell of its grid that has no target yet the
note is asked that stands out most: first by its place (the start of a bar before a beat before
what lies between), then by what the chart's author made of it (a note held, a chord), then the
earlier one. So the low levels keep a steady period where the music does, and follow it where it
is syncopated, instead of leaving a hole.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from game.core.grips import ACROSS_THE_HAND
from game.music.importing.fretted import FretNote
from game.music.timing import metre

#: The grip of each fret, green first.
GRIP_OF_FRET: tuple[int, ...] = tuple(int(grip) for grip in ACROSS_THE_HAND)

#: Notes this close, in parts of a quarter note, are one chord: the games these charts were made
#: for allow 10 ticks of 480.
_CHORD_PART = 48
#: A note may lie this far before its beat, in parts of a quarter note, and still be on it.
_EARLY_PART = 24
#: A note that is not held lasts this part of a quarter note; a shorter hold is not a hold (the
#: games cut those off at a third).
_SHORT_PART = 4
_HELD_PART = 3

#: Cells to a beat on the levels below the beat.
_BELOW_BEAT = (2, 4)


class Target(NamedTuple):
    """One pinch. ``level`` is 1 for what is asked first; each further level adds targets."""

    tick: int
    length: int
    grip: int
    level: int


@dataclass(frozen=True)
class _Bars:
    """Where bars start, how long they and their beats are, in ticks (float: 7/16 divides oddly)."""

    start: list[float]
    bar: list[float]
    beat: list[float]

    def place(self, tick: float) -> tuple[int, float, float, float]:
        """Of the bar in which ``tick`` lies: its number, ticks into it, its length, a beat's."""
        i = bisect_right(self.start, tick) - 1
        bars = int((tick - self.start[i]) // self.bar[i])
        # Numbers of bars need only differ; an earlier metre never has 100 000 of them.
        return i * 100_000 + bars, (tick - self.start[i]) % self.bar[i], self.bar[i], self.beat[i]


def targets_of(
    notes: Sequence[FretNote], resolution: int, metres: Sequence[tuple[int, int, int]]
) -> list[Target]:
    """The targets of a chart, sorted, with their levels (1 to 6).

    ``notes`` are sorted; ``metres`` are (tick, beats, note value). No two targets start together
    and none is held beyond the next.
    """
    chords = _chords(notes, resolution)
    level = _levels(chords, resolution, metres)
    made = []
    for i, chord in enumerate(chords):
        top = max(chord, key=lambda note: (note.fret, note.length))
        room = chords[i + 1][0].tick - chord[0].tick if i + 1 < len(chords) else None
        held = top.length if top.length * _HELD_PART > resolution else 0
        length = held or max(1, resolution // _SHORT_PART)
        if room is not None:
            length = min(length, room)
        made.append(Target(chord[0].tick, length, GRIP_OF_FRET[top.fret], level[i]))
    return made


def _chords(notes: Sequence[FretNote], resolution: int) -> list[list[FretNote]]:
    """The notes that are struck together."""
    chords: list[list[FretNote]] = []
    for note in notes:
        if chords and (note.tick - chords[-1][0].tick) * _CHORD_PART <= resolution:
            chords[-1].append(note)
        else:
            chords.append([note])
    return chords


def _levels(
    chords: Sequence[Sequence[FretNote]], resolution: int, metres: Sequence[tuple[int, int, int]]
) -> list[int]:
    """The level of each chord, from 1."""
    bars = _bars(metres, resolution)
    early = resolution / _EARLY_PART
    places = [bars.place(chord[0].tick + early) for chord in chords]
    grids = [[_cell(place, level) for place in places] for level in range(5)]
    on_grid = [next((k for k in range(5) if _starts(place, k, 2 * early)), 5) for place in places]
    stands_out = [
        (on_grid[i], -max(n.length for n in chord), -len(chord), i)
        for i, chord in enumerate(chords)
    ]
    level = [0] * len(chords)
    for number, cells in enumerate(grids, start=1):
        taken = {cell for cell, mine in zip(cells, level, strict=True) if mine}
        best: dict[tuple[int, int], int] = {}
        for i, cell in enumerate(cells):
            if cell not in taken and (cell not in best or stands_out[i] < stands_out[best[cell]]):
                best[cell] = i
        for i in best.values():
            level[i] = number
    return [mine or len(grids) + 1 for mine in level]


def _bars(metres: Sequence[tuple[int, int, int]], resolution: int) -> _Bars:
    given = list(metres) if metres and metres[0][0] <= 0 else [(0, 4, 4), *metres]
    made = _Bars([], [], [])
    for tick, numerator, denominator in given:
        if made.start and made.start[-1] == tick:
            del made.start[-1], made.bar[-1], made.beat[-1]
        this = metre(0.0, numerator, denominator)
        made.start.append(float(tick))
        made.beat.append(this.length * resolution)
        made.bar.append(this.beats * this.length * resolution)
    return made


def _cell_ticks(bar: float, beat: float, level: int) -> float:
    """How long a cell of the grid of ``level`` (from 0) is: bar, half bar, beat, half, quarter."""
    if level == 0:
        return bar
    if level == 1:
        beats = round(bar / beat)
        return bar / 2 if beats % 2 == 0 else bar
    return beat if level == 2 else beat / _BELOW_BEAT[level - 3]


def _cell(place: tuple[int, float, float, float], level: int) -> tuple[int, int]:
    number, ticks, bar, beat = place
    return number, int(ticks // _cell_ticks(bar, beat, level))


def _starts(place: tuple[int, float, float, float], level: int, tolerance: float) -> bool:
    """Whether the note lies at the start of a cell of ``level``."""
    _, ticks, bar, beat = place
    return ticks % _cell_ticks(bar, beat, level) <= tolerance
