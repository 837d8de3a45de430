"""A song of five frets as the two files Griptune plays it from: MIDI and ``.toml``."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido

from game.music.errors import MusicError
from game.music.importing.fretted import FretSong
from game.music.importing.ini import number
from game.music.importing.text import plain
from game.music.importing.thinning import Target, targets_of
from game.music.timing import TimeMap

#: So few notes are no song to play to.
FEWEST_TARGETS = 8
#: As long as a recording can be played.
LONGEST_SECONDS = 20 * 60
#: A recording is heard this long after the last target; then nobody wants to wait any more.
AFTER_LAST_SECONDS = 15.0
MOST_OFFSET_SECONDS = 600.0
#: What a MIDI file and its reader can hold, µs per quarter note (3.6 to 6000 a minute).
_SLOWEST, _FASTEST = 0xFFFFFF, 10_000

#: The pitch of grip 0 in the track ``griptune``, and how far apart the levels' velocities are.
_FIRST_PITCH, _LOUDEST, _LEVEL_STEP = 60, 127, 16


@dataclass(frozen=True)
class About:
    """What is known of a song. ``offset_s``: song time 0 is at this second of the recording."""

    title: str
    artist: str
    album: str
    year: str
    charter: str
    offset_s: float


def about_song(ini: Mapping[str, str], chart: Mapping[str, str], folder: Path) -> About:
    """What ``song.ini`` says, or else the chart file, or else the folder's name.

    ``delay`` (ms) and a chart's ``Offset`` (s) are the same thing: a note is heard in the
    recording so much later than its place in the chart; a ``delay`` other than 0 counts first.
    Raises MusicError for one that is no delay of any song.
    """
    values = {key: plain(value.strip('"')) for key, value in (*chart.items(), *ini.items())}
    for key, value in chart.items():
        values[key] = values.get(key) or plain(value.strip('"'))
    offset_s = number(dict(ini), "delay") / 1000 or number(dict(chart), "offset")
    if abs(offset_s) > MOST_OFFSET_SECONDS:
        raise MusicError(f"{folder}: a delay of {offset_s:.0f} s is none that a song has.")
    return About(
        title=values.get("name") or plain(folder.name) or "Song",
        artist=values.get("artist", ""),
        album=values.get("album", ""),
        year=values.get("year", "").lstrip(", "),
        charter=values.get("charter") or values.get("frets", ""),
        offset_s=offset_s,
    )


def targets_in_time(song: FretSong, folder: Path, music_s: float) -> list[Target]:
    """The targets of the hardest chart within the first ``music_s`` seconds of song time.

    Raises MusicError if there is no chart for five frets, if hardly a note falls into the
    recording, or for a tempo or a length that cannot be played.
    """
    hardest = song.hardest()
    if hardest is None:
        raise MusicError(f"{folder}: it has no chart for a guitar of five frets.")
    odd = next((us for _, us in song.tempi if not _FASTEST <= us <= _SLOWEST), None)
    if odd is not None:
        raise MusicError(f"{folder}: a tempo of {60e6 / odd:.0f} beats a minute is no music.")
    targets = targets_of(song.charts[hardest], song.resolution, song.metres)
    time_map = TimeMap(song.resolution, list(song.tempi))
    seconds = time_map.us([target.tick for target in targets]) / 1e6
    if seconds[-1] > LONGEST_SECONDS:
        raise MusicError(
            f"{folder}: it lasts {seconds[-1] / 60:.0f} minutes; songs of up to "
            f"{LONGEST_SECONDS // 60} can be played."
        )
    heard = [target for target, at in zip(targets, seconds, strict=True) if at < music_s]
    if len(heard) < min(FEWEST_TARGETS, len(targets)) or len(heard) < len(targets) / 2:
        raise MusicError(
            f"{folder}: its recording is over after {max(0.0, music_s):.0f} s, its chart only "
            f"after {seconds[-1]:.0f} s; they do not belong together."
        )
    if len(heard) < FEWEST_TARGETS:
        raise MusicError(f"{folder}: {len(heard)} notes are too few to play to.")
    return heard


def midi_bytes(song: FretSong, title: str, targets: Sequence[Target], music_s: float) -> bytes:
    """The MIDI file: tempi, metres and sections, the track ``griptune``, and the words.

    The tracks end where the music does, or some seconds after the last target.
    """
    time_map = TimeMap(song.resolution, list(song.tempi))
    last_s = float(time_map.us(targets[-1].tick)) / 1e6
    end_us = 1e6 * min(music_s, last_s + AFTER_LAST_SECONDS)
    end = max(
        targets[-1].tick + targets[-1].length,
        round(time_map.quarters_at(end_us) * song.resolution),
    )
    conductor: list[tuple[int, mido.MetaMessage]] = [
        (0, mido.MetaMessage("track_name", name=title))
    ]
    conductor += [(tick, mido.MetaMessage("set_tempo", tempo=us)) for tick, us in song.tempi]
    conductor += [
        (tick, mido.MetaMessage("time_signature", numerator=beats, denominator=value))
        for tick, beats, value in song.metres
    ]
    conductor += [(tick, mido.MetaMessage("marker", text=text)) for tick, text in song.sections]

    chart: list[tuple[int, mido.Message | mido.MetaMessage]] = [
        (0, mido.MetaMessage("track_name", name="griptune"))
    ]
    for tick, length, grip, level in targets:
        pitch = _FIRST_PITCH + grip
        velocity = _LOUDEST - _LEVEL_STEP * (level - 1)
        chart.append((tick, mido.Message("note_on", note=pitch, velocity=velocity)))
        chart.append((tick + length, mido.Message("note_off", note=pitch)))

    sung = [(0, mido.MetaMessage("track_name", name="Words"))]
    sung += [(tick, mido.MetaMessage("lyrics", text=text)) for tick, text in song.lyrics]

    file = mido.MidiFile(type=1, ticks_per_beat=song.resolution, charset="utf-8")
    file.tracks += [_track(conductor, end), _track(chart, end)]
    if song.lyrics:
        file.tracks.append(_track(sung, end))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _track(
    events: Sequence[tuple[int, mido.Message | mido.MetaMessage]], end: int
) -> mido.MidiTrack:
    """A track of (tick, message), up to ``end``; a note that ends is let go before one begins."""
    made = mido.MidiTrack()
    now = 0
    for tick, message in sorted(events, key=lambda row: (row[0], row[1].type != "note_off")):
        if tick > end:
            break
        made.append(message.copy(time=tick - now))
        now = tick
    made.append(mido.MetaMessage("end_of_track", time=end - now))
    return made


def toml_text(about: About, identity: str, folder: Path) -> str:
    """The ``.toml``: what is known of the song, where the recording lies, where it came from."""
    lines = [f"title = {_quoted(about.title)}"]
    for key, value in (
        ("composer", about.artist),
        ("album", about.album),
        ("year", about.year),
        ("charter", about.charter),
    ):
        if value:
            lines.append(f"{key} = {_quoted(value)}")
    lines += ["", "[audio]", f"offset_s = {about.offset_s:.6f}"]
    lines += ["", "[imported]", f"identity = {_quoted(identity)}"]
    lines += [f"folder = {_quoted(plain(folder.name))}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """``text`` as a TOML string; it holds printable characters only, so JSON's rules are TOML's."""
    return json.dumps(text, ensure_ascii=False)
