"""A recorded song as stems: its own audio in place of the synthesis, laid onto song time.

The balance of a recording is its maker's; only its loudness is brought to that of every song.
Without a lead stem all of it is backing, and nothing is lifted or ducked.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from game.music.audio_file import stereo_blocks
from game.music.errors import MusicError
from game.music.song import Recorded, Song
from game.music.sound.mastering import master, quantise
from game.music.sound.voices import SAMPLE_RATE

#: Raised whenever the same recording would sound different, so that old cache entries go unused.
RECORDED_VERSION: Final = 1

#: After its last bar a recording is heard this much longer, fading out for most of it.
_AFTER_SECONDS: Final = 2.0
_FADE_SECONDS: Final = 1.5
#: A recording that begins in the middle of a sound would click.
_FADE_IN_SECONDS: Final = 0.002


def recorded_stems(
    song: Song, recorded: Recorded, longest_s: float, report: Callable[[float], None]
) -> np.ndarray:
    """Melody, backing and layer of a recorded song as int16 (3, frames, 2); the layer is silent.

    Frame n is heard n / 44 100 s after song time 0, wherever in the recording that is; song time
    the recording does not cover is silent. ``report`` is called with 0 … 1. Raises MusicError if
    the song is longer than ``longest_s``, a file cannot be decoded, or the recording is over
    before the song begins.
    """
    seconds = song.length_us / 1e6
    if seconds > longest_s:
        raise MusicError(
            f"{song.path}: {seconds / 60:.0f} minutes are too long to be played; "
            f"at most {longest_s / 60:.0f} can be"
        )
    frames = round((seconds + _AFTER_SECONDS) * SAMPLE_RATE)
    skipped = round(recorded.offset_us * SAMPLE_RATE / 1e6)
    share = 0.8 if recorded.lead is None else 0.4
    backing = _laid(recorded.path, skipped, frames, lambda part: report(share * part))
    if recorded.lead is None:
        melody = np.zeros_like(backing)
    else:
        melody = _laid(recorded.lead, skipped, frames, lambda part: report(share * (1 + part)))
    for stem in (melody, backing):
        _fade_edges(stem)
    # A guitar that its record puts behind the band stays there.
    gains = master(melody, backing, SAMPLE_RATE, most_balance_db=0.0).gains
    report(0.95)
    quantised = np.zeros((3, frames, 2), np.int16)
    quantise(melody, 1.0, gains, quantised[0])
    quantise(backing, 1.0, gains, quantised[1])
    return quantised


def _laid(path: Path, skipped: int, frames: int, report: Callable[[float], None]) -> np.ndarray:
    """The sound of ``path`` from frame ``skipped`` on (before its start, if negative), exactly
    ``frames`` long. float32 (frames, 2)."""
    out = np.zeros((frames, 2), np.float32)
    at = -skipped  # where in `out` the next block begins
    for block in stereo_blocks(path, SAMPLE_RATE, (frames + skipped) / SAMPLE_RATE + 1):
        first, last = max(at, 0), min(at + len(block), frames)
        if last > first:
            out[first:last] = block[first - at : last - at]
        at += len(block)
        report(min(1.0, max(0, at) / frames))
    if at <= 0:
        raise MusicError(f"{path}: this recording is over before the song begins; see offset_s.")
    return out


def _fade_edges(stem: np.ndarray) -> None:
    rise, fall = round(_FADE_IN_SECONDS * SAMPLE_RATE), round(_FADE_SECONDS * SAMPLE_RATE)
    if len(stem) <= rise + fall:
        return
    # A recording that begins in silence keeps a first note at time 0 as it is.
    if np.abs(stem[0]).max() > 1e-3:
        stem[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    stem[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)[:, None]
