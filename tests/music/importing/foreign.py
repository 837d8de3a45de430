"""Songs of other games, made from scratch: charts, MIDI files, ``song.ini`` and recordings."""

from collections.abc import Sequence
from pathlib import Path

import mido
import numpy as np
import soundfile

#: The four frets of a bar of the made songs, in 4/4 (green is 0).
BAR = (0, 2, 1, 4)
TICKS = 480


def tone(seconds: float, hertz: float, rate: int = 44_100, level: float = 0.2) -> np.ndarray:
    """A quiet tone, float32 (frames, 2)."""
    time = np.arange(round(seconds * rate)) / rate
    wave = level * np.sin(2 * np.pi * hertz * time)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def clicks(seconds: float, at: Sequence[float], rate: int = 44_100) -> np.ndarray:
    """A quiet hum with clicks that begin at the times ``at``, float32 (frames, 2).

    The hum is about as loud as songs are made, so that bringing them there changes no peak much.
    """
    sound = tone(seconds, 300, rate, level=0.15)
    time = np.arange(rate // 100) / rate
    click = 0.8 * np.cos(2 * np.pi * 3_000 * time) * np.exp(-600 * time)
    for second in at:
        first = round(second * rate)
        sound[first : first + len(click)] += click[: len(sound) - first, None].astype(np.float32)
    return sound


def write_sound(path: Path, sound: np.ndarray, rate: int = 44_100) -> Path:
    """Write ``sound`` in the format that the name says, in blocks as long ones must be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    formats = {".ogg": ("OGG", "VORBIS"), ".opus": ("OGG", "OPUS"), ".mp3": ("MP3", None)}
    kind, subtype = formats.get(path.suffix, (path.suffix[1:].upper(), "PCM_16"))
    with soundfile.SoundFile(path, "w", rate, sound.shape[1], format=kind, subtype=subtype) as file:
        for first in range(0, len(sound), 8_192):
            file.write(sound[first : first + 8_192])
    return path


def ini(path: Path, encoding: str = "utf-8", **values: object) -> Path:
    """``song.ini`` with the given values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["[song]", *(f"{key} = {value}" for key, value in values.items())]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def guitar_track(
    bars: int, name: str = "PART GUITAR", ticks: int = TICKS, extra: Sequence[mido.Message] = ()
) -> mido.MidiTrack:
    """Four notes a bar (:data:`BAR`) for experts, the first of each bar for beginners."""
    events: list[tuple[int, mido.Message]] = [(0, message) for message in extra]
    for beat in range(4 * bars):
        fret, tick = BAR[beat % 4], beat * ticks
        notes = [96 + fret] + ([60 + fret] if beat % 4 == 0 else [])
        for note in notes:
            events.append((tick, mido.Message("note_on", note=note, velocity=100)))
            events.append((tick + ticks // 8, mido.Message("note_off", note=note)))
    return track(events, name)


def track(events: Sequence[tuple[int, mido.Message]], name: str = "") -> mido.MidiTrack:
    """A track from (tick, message)."""
    made = mido.MidiTrack()
    if name:
        made.append(mido.MetaMessage("track_name", name=name))
    now = 0
    for tick, message in sorted(events, key=lambda row: row[0]):
        made.append(message.copy(time=tick - now))
        now = tick
    return made


def notes_mid(path: Path, tracks: Sequence[mido.MidiTrack], bpm: float = 120.0) -> Path:
    """A ``notes.mid`` of these tracks after one with the tempo."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS, charset="utf-8")
    conductor = mido.MidiTrack()
    conductor.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))
    conductor.append(mido.MetaMessage("time_signature", numerator=4, denominator=4))
    file.tracks += [conductor, *tracks]
    file.save(path)
    return path


def chart(
    path: Path,
    sections: dict[str, Sequence[str]],
    encoding: str = "utf-8",
    resolution: int = 192,
    **about: object,
) -> Path:
    """A ``.chart`` of these sections' lines after ``[Song]`` with ``about``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    song = [f"Resolution = {resolution}", *(f"{key} = {value}" for key, value in about.items())]
    text = ""
    for name, lines in {"Song": song, **sections}.items():
        text += f"[{name}]\r\n{{\r\n" + "".join(f"  {line}\r\n" for line in lines) + "}\r\n"
    path.write_bytes(text.encode(encoding))
    return path


def expert_lines(bars: int, resolution: int = 192, length: int = 0) -> list[str]:
    """Four notes a bar (:data:`BAR`)."""
    return [f"{beat * resolution} = N {BAR[beat % 4]} {length}" for beat in range(4 * bars)]


SYNC = ("0 = TS 4", "0 = B 120000")


def frets_on_fire_song(folder: Path, bars: int = 16, title: str = "Fire in the Barn") -> Path:
    """A song as Frets on Fire has it: ``notes.mid``, the band in one file, the guitar in another.

    120 a minute, so a bar lasts 2 s.
    """
    seconds = 2.0 * bars + 3
    notes_mid(folder / "notes.mid", [guitar_track(bars)])
    ini(folder / "song.ini", name=title, artist="The Barn Owls", frets="Somebody")
    write_sound(folder / "song.ogg", tone(seconds, 220))
    write_sound(folder / "guitar.ogg", tone(seconds, 660, level=0.1))
    return folder


def clone_hero_song(folder: Path, bars: int = 16, title: str = "Clones of a Clown") -> Path:
    """A song as Clone Hero has it: ``notes.chart`` and Opus, drums in two stems."""
    seconds = 2.0 * bars + 3
    events = ['0 = E "section Intro"', f'{8 * 192} = E "section Verse 1"']
    events += ['0 = E "phrase_start"', '0 = E "lyric Clo-"', '96 = E "lyric nes"']
    chart(
        folder / "notes.chart",
        {"SyncTrack": SYNC, "Events": events, "ExpertSingle": expert_lines(bars)},
        Name='"Wrong name"',
        Offset=0,
    )
    ini(folder / "song.ini", name=title, artist="A Clown", charter="<color=#FF0000>Me</color>")
    for stem, hertz in (("song", 220), ("drums_1", 80), ("drums_2", 300)):
        write_sound(folder / f"{stem}.opus", tone(seconds, hertz, rate=48_000), rate=48_000)
    return folder
