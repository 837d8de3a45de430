"""What a MIDI file says: notes, controls, tempo, beats and bars, words, and which notes are sung.

All times are ``int64`` microseconds from the start of the file at tempo 1.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

#: One sounding note. ``track`` is the index of its track in the file, ``program`` the General
#: MIDI sound of its channel when it starts (meaningless for ``drum`` notes, which are channel 9
#: counted from 0 and whose pitch is the instrument).
NOTE = np.dtype(
    [
        ("time_us", "i8"),
        ("duration_us", "i8"),
        ("pitch", "u1"),
        ("velocity", "u1"),
        ("channel", "u1"),
        ("program", "u1"),
        ("track", "i2"),
        ("drum", "?"),
    ]
)

#: One thing that changes how a channel sounds. ``kind`` below 128 is the number of a MIDI
#: controller (7 volume, 10 pan, 11 expression, 64 pedal, 101/100/6/38 the bend range, …) with
#: ``value`` 0 to 127; two kinds are ours: :data:`PROGRAM` (0 to 127) and :data:`BEND`
#: (−8192 to 8191).
CONTROL = np.dtype([("time_us", "i8"), ("channel", "u1"), ("kind", "u1"), ("value", "i2")])

VOLUME, PAN, EXPRESSION, PEDAL = 7, 10, 11, 64
PROGRAM, BEND = 128, 129

#: One target of the author's own chart: a note of the track named ``griptune``. ``grip`` is in code
#: order, ``level`` 1 to 8: level 1 is asked first, and level k asks all notes of levels 1 to k.
AUTHORED = np.dtype([("time_us", "i8"), ("duration_us", "i8"), ("grip", "u1"), ("level", "u1")])
#: So many velocities of a note in that track are one level, the loudest the first.
LEVEL_VELOCITIES = 16

#: From ``time_us`` on a quarter note lasts ``us_per_beat`` microseconds.
TEMPO = np.dtype([("time_us", "i8"), ("us_per_beat", "i8")])


def _no_targets() -> np.ndarray:
    empty = np.zeros(0, AUTHORED)
    empty.flags.writeable = False
    return empty


@dataclass(frozen=True)
class Recorded:
    """Recorded audio beside the MIDI file, which is heard in place of the synthesis.

    ``path`` is all of the music, or all but the lead if ``lead`` names a file of its own. Song
    time 0 is ``offset_us`` after the beginning of the recording (before it, if negative).
    A recorded song plays at its own tempo only.
    """

    path: Path
    lead: Path | None
    offset_us: int


@dataclass(frozen=True)
class Song:
    """A song as read from its file; every array is read-only.

    ``notes`` is :data:`NOTE`, sorted by time; ``controls`` is :data:`CONTROL`, sorted by time
    (equal times in file order). ``beats_us`` holds every beat from 0, and last the end of the
    song, where the last bar ends; ``bar_beats`` are the indices in it where bars start (the
    first bar may be a pickup, shorter than its metre). ``melody`` are indices into ``notes`` of
    the line a listener would sing, one note at a time, in order; ``melody_track`` and
    ``melody_reason`` say where it was found and why there. ``lyrics`` and ``sections`` are pairs
    of time and text. ``problems`` are sentences about what in the file was broken and left out.
    ``content_hash`` changes when the file, its ``.toml`` or its recorded audio does.

    ``authored`` (:data:`AUTHORED`, sorted by time) is the author's own chart, empty if there is
    none; its track is silent and not among the ``notes``. ``recorded`` is the audio that replaces
    the synthesis. A song that has both may have no notes and no melody at all; its
    ``melody_track`` is then -1.
    """

    path: Path
    title: str
    notes: np.ndarray
    controls: np.ndarray
    tempo_map: np.ndarray
    beats_us: np.ndarray
    bar_beats: np.ndarray
    melody: np.ndarray
    melody_track: int
    melody_reason: str
    length_us: int
    content_hash: str
    track_names: tuple[str, ...] = ()
    lyrics: tuple[tuple[int, str], ...] = ()
    sections: tuple[tuple[int, str], ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    authored: np.ndarray = field(default_factory=_no_targets)
    recorded: Recorded | None = None

    @property
    def bars_us(self) -> np.ndarray:
        """Where each bar starts, and last the end of the song."""
        return np.append(self.beats_us[self.bar_beats], self.length_us)

    @property
    def melody_notes(self) -> np.ndarray:
        """The notes of the melody (:data:`NOTE`), in order."""
        return self.notes[self.melody]

    @property
    def melody_name(self) -> str:
        """The name of the track the melody was found in, or an empty string."""
        if 0 <= self.melody_track < len(self.track_names):
            return self.track_names[self.melody_track]
        return ""

    @property
    def line(self) -> np.ndarray:
        """What the chart follows (:data:`NOTE`, in order): the melody, or the author's own targets.

        Of those the pitch is the grip, and the velocity the loudest of the level.
        """
        if not len(self.authored):
            return self.melody_notes
        line = np.zeros(len(self.authored), NOTE)
        for name in ("time_us", "duration_us"):
            line[name] = self.authored[name]
        line["pitch"] = self.authored["grip"]
        line["velocity"] = 127 - LEVEL_VELOCITIES * (self.authored["level"].astype(int) - 1)
        return line
