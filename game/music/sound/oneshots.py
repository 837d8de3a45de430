"""Short sounds: the melody's own voice for hits, ticks for other presses, taps and count-in clicks.

All are float32 (frames, 2) at 44.1 kHz, start within a few milliseconds (a press must be heard at
once) and end in silence. A near press plays the same sound as a hit, times :data:`SOFT_GAIN`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from game.music.song import Song
from game.music.sound.loudness import momentary_lufs
from game.music.sound.room import room
from game.music.sound.sharing import play_voices
from game.music.sound.soundfont import SoundFont, soundfont
from game.music.sound.voices import SAMPLE_RATE, one_note, score

#: Gain of a near press against a hit: −9 dB.
SOFT_GAIN: Final = 0.35

#: Loudest 400 ms of a hit: as loud as a melody stands in its song, a little above the mix.
_VOICE_LUFS: Final = -17.0
_VOICE_PEAK: Final = 0.7
_VOICE_VELOCITY: Final = 104
_HELD_SECONDS: Final = 0.35
_LONGEST_SECONDS: Final = 1.5

#: Pads and strings swell too slowly to answer a press: attacks are cut to this, and what a sample
#: has before it is 14 dB under its height is skipped, at most 80 ms of it.
_ATTACK_SECONDS: Final = 0.008
_SKIPPED_AT_MOST: Final = 0.08
_ONSET: Final = 0.2

_PIANO: Final = 0
_AUDIBLE: Final = 0.03


def voice_bank(
    song: Song, pitches: Iterable[int], font_path: Path | None = None
) -> dict[int, np.ndarray]:
    """A short note of the melody's voice for each pitch: 0.6 to 1.5 s, float32 (frames, 2).

    The voice is the program most of the melody is played with; piano if there is no melody or it
    is drums. All pitches are equally loud.
    """
    font = soundfont(font_path)
    melody = song.notes[song.melody]
    programs = melody["program"][~melody["drum"]]
    program = int(np.bincount(programs).argmax()) if len(programs) else _PIANO
    return {int(pitch): _voice(font, program, int(pitch)) for pitch in sorted(set(pitches))}


def _voice(font: SoundFont, program: int, pitch: int) -> np.ndarray:
    notes, controls = one_note(program, pitch, _VOICE_VELOCITY, _HELD_SECONDS)
    length_us = round(_LONGEST_SECONDS * 1e6)
    whole = score(notes, controls, length_us, 1.0, font, tail_seconds=_SKIPPED_AT_MOST)
    envelopes = whole.voices["volume_envelope"]
    envelopes[:, 0] = 0.0
    envelopes[:, 1] = np.minimum(envelopes[:, 1], _ATTACK_SECONDS)
    envelopes[:, 5] = np.clip(envelopes[:, 5], 0.6, 2.0)
    out = np.zeros((3, whole.frames), np.float32)
    play_voices(whole.voices, font.samples, whole.curves, float(SAMPLE_RATE), 6e-5, out)
    room(out, SAMPLE_RATE)
    sound = np.ascontiguousarray(out[:2].T)
    height = _height(sound[: SAMPLE_RATE // 3])
    if height.max(initial=0.0) <= 0.0:
        return tick()  # the font has no such note; a press must not be silent
    onset = int(np.argmax(height > _ONSET * height.max()))
    skipped = max(0, min(onset - SAMPLE_RATE // 500, round(_SKIPPED_AT_MOST * SAMPLE_RATE)))
    sound = sound[skipped : skipped + round(_LONGEST_SECONDS * SAMPLE_RATE)]
    sound = _trimmed(sound)
    gain = 10 ** ((_VOICE_LUFS - momentary_lufs(sound, SAMPLE_RATE)) / 20)
    gain = min(gain, _VOICE_PEAK / float(np.abs(sound).max()))
    sound = _faded(sound * np.float32(gain), attack=0.002, release=0.15)
    # At the far ends of the keyboard some samples are over before they are heard.
    return sound if np.abs(sound).max() > _AUDIBLE else tick()


def _trimmed(sound: np.ndarray) -> np.ndarray:
    """``sound`` without the part at its end that is 60 dB under its height; at least 0.6 s."""
    height = _height(sound)
    loud = np.flatnonzero(height > 1e-3 * height.max())
    return sound[: max(int(loud[-1]) + 1, round(0.6 * SAMPLE_RATE))]


def _height(sound: np.ndarray) -> np.ndarray:
    """How high each frame stands, whichever side (``max(axis=1)`` is 20 times as slow)."""
    return np.maximum(np.abs(sound[:, 0]), np.abs(sound[:, 1]))


def _faded(sound: np.ndarray, attack: float, release: float) -> np.ndarray:
    sound = np.ascontiguousarray(sound, np.float32)
    rise, fall = round(attack * SAMPLE_RATE), round(release * SAMPLE_RATE)
    sound[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    sound[-fall:] *= (0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fall, dtype=np.float32)))[:, None]
    return sound


def _struck(
    partials: Iterable[tuple[float, float, float]], seconds: float, peak: float, noise: float = 0.0
) -> np.ndarray:
    """Something struck: partials as (Hz, level, seconds to fall by 60 dB), a breath of noise."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = np.zeros(len(time))
    for hertz, level, fall in partials:
        wave += level * np.sin(2 * np.pi * hertz * time) * 10 ** (-3 * time / fall)
    if noise:
        hiss = np.random.default_rng(5).standard_normal(len(time))
        wave += noise * np.convolve(hiss, (0.25, 0.5, 0.25), "same") * 10 ** (-3 * time / 0.012)
    wave *= peak / np.abs(wave).max()
    return _faded(np.repeat(wave[:, None], 2, axis=1), attack=0.001, release=0.4 * seconds)


def tick() -> np.ndarray:
    """The quiet tick of a press that was neither hit nor near."""
    return _struck([(1_900, 0.6, 0.03), (3_100, 0.3, 0.02)], 0.06, 0.10, noise=0.3)


def pluck() -> np.ndarray:
    """A hit where the target has no pitch: a soft pluck that fits any harmony, as it has none.

    Its partials are those of no note (a muted string over a hollow body), so that it neither
    clashes with a recording nor is taken for the tap of a wrong grip.
    """
    body = [(196, 0.8, 0.12), (331, 0.6, 0.20), (547, 0.5, 0.16)]
    string = [(893, 0.45, 0.11), (1_451, 0.25, 0.08), (2_333, 0.12, 0.05)]
    return _struck([*body, *string], 0.24, 0.35, noise=0.15)


def wood_tap() -> np.ndarray:
    """A soft tap on wood: the pickup beats after a long rest."""
    return _struck([(620, 1.0, 0.09), (1_480, 0.45, 0.05), (2_700, 0.2, 0.03)], 0.16, 0.22, 0.1)


def count_in_click(strong: bool) -> np.ndarray:
    """A beat of the counted-in bar; ``strong`` for the first, which is higher and louder."""
    base, peak = (1_050.0, 0.42) if strong else (790.0, 0.30)
    partials = [(base, 1.0, 0.10), (base * 2.42, 0.5, 0.06), (base * 4.1, 0.2, 0.03)]
    return _struck(partials, 0.18, peak, 0.15)
