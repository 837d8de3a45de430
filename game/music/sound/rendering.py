"""A song at a tempo becomes stems: melody, backing, and a layer that good playing brings in.

Stems are kept on disk (:mod:`game.music.sound.cache`) under a name that is a digest of everything
that shaped them, so that nothing stale can be loaded. Rendering belongs into a process of its own
(:mod:`game.music.sound.worker`).
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from game.music.errors import MusicError
from game.music.song import CONTROL, Song
from game.music.sound.cache import CACHE_BYTES, is_whole, keep, load, to_stems
from game.music.sound.loudness import loudness_lufs
from game.music.sound.mastering import CEILING_DBTP, TARGET_LUFS, master, quantise
from game.music.sound.recorded import RECORDED_VERSION, recorded_stems
from game.music.sound.room import room
from game.music.sound.sharing import play_voices
from game.music.sound.soundfont import SoundFont, soundfont
from game.music.sound.stems import Stems
from game.music.sound.voices import SAMPLE_RATE, Score, one_note, score

#: Raised whenever the same song would sound different, so that old cache entries are not used.
RENDER_VERSION: Final = 3

MIN_TEMPO, MAX_TEMPO = 0.5, 1.5

#: A sound longer than this is refused: stems of 20 minutes take 420 MB each.
LONGEST_SECONDS: Final = 20 * 60

#: A voice under this gain (−76 dB) is over.
_FLOOR: Final = 1.5e-4

#: The layer: the melody an octave up on a celesta, this much softer than the melody (LU).
_LAYER_PROGRAM: Final = 8
_LAYER_BELOW: Final = 9.0
_LAYER_HIGHEST: Final = 100

Progress = Callable[[float], None]


def render(
    song: Song,
    tempo: float = 1.0,
    *,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
    font_path: Path | None = None,
    cache_bytes: int = CACHE_BYTES,
) -> Stems:
    """The stems of ``song`` at ``tempo`` (0.5 to 1.5), from ``cache_dir`` if they are there.

    Those of a recorded song are its recording, at tempo 1.0 only. ``progress`` is called with
    0 … 1. Raises MusicError if the song is too long to be held or its recording cannot be decoded,
    and ValueError for a tempo outside its range. A cache that cannot be written is done without.
    """
    if not MIN_TEMPO <= tempo <= MAX_TEMPO:
        raise ValueError(f"a tempo lies between {MIN_TEMPO} and {MAX_TEMPO}, not {tempo}")
    if song.recorded is not None and tempo != 1.0:
        raise ValueError(f"a recording plays at tempo 1.0, not {tempo}")
    font = soundfont(font_path)
    report = progress or (lambda _: None)
    place = None if cache_dir is None else place_of(cache_key(song, tempo, font), cache_dir)
    if place is not None:
        kept = load(place)
        if kept is not None:
            report(1.0)
            return kept
    quantised = _quantise(song, tempo, font, report)
    if place is not None:
        keep(place, quantised, cache_bytes)
    report(1.0)
    return to_stems(quantised)


def warm(font_path: Path | None = None) -> None:
    """Read the font and compile the kernels (cached on disk), so that the first song need not."""
    notes, controls = one_note(0, 60, 100, 0.1)
    whole = score(notes, controls, 500_000, 1.0, soundfont(font_path))
    stem = _play(whole, np.ones(len(whole.voices), bool), soundfont(font_path), lambda _: None)
    mastering = master(stem, stem, SAMPLE_RATE)
    quantise(stem, 1.0, mastering.gains, np.empty((len(stem), 2), np.int16))


def cache_key(song: Song, tempo: float, font: SoundFont) -> str:
    """A digest of everything that shapes the stems of ``song`` at ``tempo``."""
    digest = hashlib.sha256()
    settings = (RENDER_VERSION, font.digest, round(tempo, 6), TARGET_LUFS, CEILING_DBTP)
    digest.update(repr((settings, int(song.length_us))).encode())
    if song.recorded is not None:
        # What the audio files hold is in the song's own digest.
        recorded = (RECORDED_VERSION, song.recorded.offset_us, song.content_hash)
        digest.update(repr(recorded).encode())
    for part in (song.notes, song.controls, song.melody):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()[:40]


def find_kept(
    song: Song, tempo: float, cache_dir: Path, font_path: Path | None = None
) -> Path | None:
    """The cache file of these stems if there is one; cheap enough for the game thread."""
    place = place_of(cache_key(song, tempo, soundfont(font_path)), cache_dir)
    return place if is_whole(place) else None


def place_of(key: str, cache_dir: Path) -> Path:
    """The cache file of the stems that have this key."""
    return cache_dir / (key + ".npy")


def _quantise(song: Song, tempo: float, font: SoundFont, report: Progress) -> np.ndarray:
    if song.recorded is not None:
        return recorded_stems(song, song.recorded, LONGEST_SECONDS, report)
    seconds = song.length_us / tempo / 1e6
    if seconds > LONGEST_SECONDS:
        raise MusicError(
            f"{song.path}: {seconds / 60:.0f} minutes at this tempo are too long to be played; "
            f"at most {LONGEST_SECONDS // 60} can be"
        )
    whole = score(song.notes, song.controls, song.length_us, tempo, font)
    if whole.frames > (LONGEST_SECONDS + 60) * SAMPLE_RATE:
        raise MusicError(
            f"{song.path}: its last note ends long after the song does; shorten that note"
        )
    sung = np.zeros(len(song.notes), bool)
    sung[song.melody] = True
    report(0.02)
    melody = _play(whole, sung[whole.note], font, lambda part: report(0.02 + 0.15 * part))
    backing = _play(whole, ~sung[whole.note], font, lambda part: report(0.17 + 0.5 * part))
    mastering = master(melody, backing, SAMPLE_RATE)
    report(0.85)
    layer = _layer(song, tempo, font, whole.frames)
    louds = (
        mastering.melody_gain,
        1.0,
        _layer_gain(mastering.melody_lufs, loudness_lufs(layer, SAMPLE_RATE)),
    )
    quantised = np.empty((3, whole.frames, 2), np.int16)
    for number, stem in enumerate((melody, backing, layer)):
        _fade_edges(stem)
        quantise(stem, louds[number], mastering.gains, quantised[number])
    return quantised


def _layer(song: Song, tempo: float, font: SoundFont, frames: int) -> np.ndarray:
    notes = song.notes[song.melody].copy()
    notes["program"], notes["channel"], notes["drum"] = _LAYER_PROGRAM, 0, False
    raised = notes["pitch"].astype(int) + 12
    raised[raised > _LAYER_HIGHEST] -= 12
    notes["pitch"] = np.minimum(raised, 127)
    own = score(notes, np.zeros(0, CONTROL), song.length_us, tempo, font)
    stem = _play(own, np.ones(len(own.voices), bool), font, lambda _: None, dry=True)
    if len(stem) < frames:
        stem = np.pad(stem, ((0, frames - len(stem)), (0, 0)))
    return stem[:frames]


def _layer_gain(sung_lufs: float, layer_lufs: float) -> float:
    if not (np.isfinite(sung_lufs) and np.isfinite(layer_lufs)):
        return 0.0
    return float(min(4.0, 10 ** ((sung_lufs - _LAYER_BELOW - layer_lufs) / 20)))


def _play(
    whole: Score, which: np.ndarray, font: SoundFont, report: Progress, *, dry: bool = False
) -> np.ndarray:
    """The chosen voices in their room, or ``dry``.

    float32 (frames, 2), but channel after channel in memory.
    """
    out = np.zeros((3, whole.frames), np.float32)
    voices = whole.voices[which]
    play_voices(voices, font.samples, whole.curves, float(SAMPLE_RATE), _FLOOR, out, report)
    if not dry:
        room(out, SAMPLE_RATE)
    return out[:2].T


def _fade_edges(stem: np.ndarray) -> None:
    """A cut at either end would click: 2 ms in, 50 ms out."""
    start, end = round(0.002 * SAMPLE_RATE), round(0.05 * SAMPLE_RATE)
    if len(stem) > start + end:
        # Only where a sound is already under way: a song that starts with a drum keeps its
        # attack, since the first frame of every voice is silent.
        if np.abs(stem[0]).max() > 1e-3:
            stem[:start] *= np.linspace(0, 1, start, dtype=np.float32)[:, None]
        stem[-end:] *= np.linspace(1, 0, end, dtype=np.float32)[:, None]
