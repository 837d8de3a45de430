"""Decode an audio file, block by block: OGG, Opus, MP3, FLAC and WAV as stereo at any rate.

``soundfile`` (libsndfile) decodes and ``soxr`` resamples. Both are C libraries fed with a file
from outside, so whoever calls this does it in a process that may die: the one that renders, or
one started for an import.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from game.music.errors import MusicError

#: An hour of stereo at 44.1 kHz, uncompressed, and a little more.
MAX_BYTES = 700_000_000
MAX_CHANNELS = 16
LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000
BLOCK_FRAMES = 65_536
#: Samples above this are no sound (full scale is 1); float files can hold anything.
_LOUDEST = 8.0


def stereo_blocks(path: Path, sample_rate: int, longest_s: float) -> Iterator[np.ndarray]:
    """The sound of ``path`` as float32 blocks (frames, 2) at ``sample_rate``.

    The first ``longest_s`` seconds are decoded. One channel is heard on both sides; more than two
    are mixed to one, as their order differs between formats. Raises MusicError, one sentence
    naming the file, if it cannot be read or is no sound.
    """
    # Loaded here: the game itself never decodes, only its helper processes do.
    import soundfile
    import soxr

    try:
        size = path.stat().st_size
    except OSError as error:
        raise MusicError(f"{path}: cannot be read ({error.strerror or error}).") from None
    if size > MAX_BYTES:
        raise MusicError(f"{path}: {size / 1e6:.0f} MB is no song; up to 700 MB are read.")
    try:
        with soundfile.SoundFile(path) as file:
            if not 1 <= file.channels <= MAX_CHANNELS:
                raise MusicError(f"{path}: a sound of {file.channels} channels cannot be played.")
            rate = int(file.samplerate)
            if not LOWEST_RATE <= rate <= HIGHEST_RATE:
                raise MusicError(f"{path}: a sound of {rate} samples a second cannot be played.")
            resampler = None
            if rate != sample_rate:
                resampler = soxr.ResampleStream(rate, sample_rate, 2, dtype="float32")
            left = round(longest_s * rate)
            while left > 0:
                block = file.read(min(BLOCK_FRAMES, left), dtype="float32", always_2d=True)
                if not len(block):
                    break
                left -= len(block)
                stereo = _stereo(block)
                yield stereo if resampler is None else resampler.resample_chunk(stereo)
            if resampler is not None:
                yield resampler.resample_chunk(np.zeros((0, 2), np.float32), last=True)
    except (RuntimeError, OSError, TypeError) as error:
        # soundfile's own errors are RuntimeErrors; a file that names no format is a TypeError.
        reason = str(error).strip().rstrip(".") or type(error).__name__
        reason = reason.rpartition(": ")[2]
        raise MusicError(f"{path}: this recording cannot be decoded ({reason}).") from None


def _stereo(block: np.ndarray) -> np.ndarray:
    if block.shape[1] > 2:
        block = block.mean(axis=1, keepdims=True)
    stereo = np.repeat(block, 2, axis=1) if block.shape[1] == 1 else block
    # Not a number compares as false with everything: such samples become silence.
    return np.where(np.abs(stereo) <= _LOUDEST, stereo, np.float32(0.0))
