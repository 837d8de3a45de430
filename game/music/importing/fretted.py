"""What a chart for a guitar of five frets says, whichever file it came from. Times in ticks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

#: The parts played on five frets, in the order they are looked for, with the stem each is
#: heard in ("rhythm" holds the bass where a song has no bass stem of its own).
PARTS: Mapping[str, tuple[str, ...]] = {
    "guitar": ("guitar",),
    "coop": ("guitar",),
    "rhythm": ("rhythm",),
    "bass": ("bass", "rhythm"),
    "keys": ("keys",),
}

#: No song has more notes, and no song is longer than so many ticks.
MAX_NOTES = 60_000
MAX_TICK = 2**30


class Difficulty(IntEnum):
    """How hard a chart is, the hardest last."""

    EASY = 0
    MEDIUM = 1
    HARD = 2
    EXPERT = 3


class FretNote(NamedTuple):
    """One note: ``length`` is 0 if it is not held; ``fret`` is 0 (green) to 4 (orange).

    An open string is fret 0 here: it is the lowest note there is, and green lies lowest.
    """

    tick: int
    length: int
    fret: int


@dataclass(frozen=True)
class FretSong:
    """One song. ``resolution`` is ticks per quarter note.

    ``tempi`` are (tick, µs per quarter note), ``metres`` (tick, beats, note value), ``sections``
    and ``lyrics`` (tick, text), all sorted. A syllable ends in a space where its word ends and
    begins with a line break where its line begins. ``charts`` holds the notes of each part and
    difficulty. ``about`` is what the chart file itself says of the song, keys in lower case.
    """

    resolution: int
    tempi: Sequence[tuple[int, int]]
    metres: Sequence[tuple[int, int, int]]
    sections: Sequence[tuple[int, str]]
    lyrics: Sequence[tuple[int, str]]
    charts: Mapping[tuple[str, Difficulty], Sequence[FretNote]]
    about: Mapping[str, str] = field(default_factory=dict)

    def hardest(self) -> tuple[str, Difficulty] | None:
        """The part to be played, guitar first, at its hardest; None if there is none."""
        for part in PARTS:
            for difficulty in reversed(Difficulty):
                if self.charts.get((part, difficulty)):
                    return part, difficulty
        return None
