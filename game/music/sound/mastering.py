"""Equal loudness for every song, and nothing above the ceiling: gains, a limiter, 16 bits."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from game.music.sound.loudness import (
    HOPS_PER_SECOND,
    energies_of_both,
    energy_of_the_sum,
    gated_lufs,
)

#: What every song is brought to, in LUFS, and how loud its highest true peak may be, in dBTP.
TARGET_LUFS: Final = -16.0
CEILING_DBTP: Final = -1.0

#: Look-ahead and release of the limiter. The gain never moves faster than over 5 ms, which is
#: what keeps it from being heard as distortion.
LOOK_AHEAD_SECONDS: Final = 0.005
RELEASE_SECONDS: Final = 0.12

#: Frames over which the limiter's gain is a straight line.
STRIDE = 8

#: The limiter sees samples; between them a wave can stand this much higher.
_BETWEEN_SAMPLES_DB: Final = 0.6

#: A melody that its file buries is raised by this at most.
MOST_BALANCE_DB: Final = 6.0

#: The melody is lifted by this much while the patient hits (see stage/mixer): the limiter leaves
#: room for it.
LIFT: Final = 10 ** (3 / 20)


@njit(cache=True, nogil=True)
def _peaks(melody, backing, raised, lift):
    """The highest sample of each stride of the mix, the melody ``raised``, and lifted or not."""
    frames = melody.shape[0]
    peaks = np.zeros((frames + STRIDE - 1) // STRIDE, np.float32)
    for channel in range(2):
        for stride in range(len(peaks)):
            highest = peaks[stride]
            for frame in range(stride * STRIDE, min(frames, (stride + 1) * STRIDE)):
                m = raised * melody[frame, channel]
                b = backing[frame, channel]
                highest = max(highest, abs(m + b), abs(lift * m + b))
            peaks[stride] = highest
    return peaks


@njit(cache=True, nogil=True)
def _limiter_gain(peaks, ceiling, window, release):
    """Gain at the start of each stride (and at the end) that keeps ``peaks`` under ``ceiling``.

    The needed gain is held for ``window`` strides ahead (sliding minimum), recovers exponentially,
    and is averaged over ``window`` strides, so that it is down in time and never jumps.
    """
    strides = len(peaks)
    result = np.ones(strides + 1, np.float32)
    needed = np.ones(strides + 1 + window, np.float32)
    limited = False
    for stride in range(strides):
        if peaks[stride] > ceiling:
            # At both ends of the stride, since the gain runs straight from one to the other.
            least = ceiling / peaks[stride]
            needed[stride] = min(needed[stride], least)
            needed[stride + 1] = least
            limited = True
    if not limited:
        return result
    queue = np.empty(strides + 1 + window, np.int64)
    head = 0
    tail = 0
    history = np.ones(window, np.float32)
    total = float(window)
    held = 1.0
    for stride in range(-window, strides + 1):
        # The minimum over [stride, stride + window] by a queue of rising values.
        ahead = stride + window
        while tail > head and needed[queue[tail - 1]] >= needed[ahead]:
            tail -= 1
        queue[tail] = ahead
        tail += 1
        while queue[head] < stride:
            head += 1
        held = min(float(needed[queue[head]]), held + (1.0 - held) * release)
        place = stride % window
        total += held - history[place]
        history[place] = held
        if stride >= 0:
            result[stride] = total / window
    return result


@njit(cache=True, nogil=True)
def _gain_of_frames(gains, gain, frames):
    """``gains`` at the starts of strides × ``gain``, for each frame: straight in between."""
    result = np.empty(frames, np.float32)
    for frame in range(frames):
        stride = frame // STRIDE
        part = np.float32(frame - stride * STRIDE) / np.float32(STRIDE)
        result[frame] = gain * (gains[stride] + part * (gains[stride + 1] - gains[stride]))
    return result


@njit(cache=True, nogil=True)
def quantise(stem, gain, gains, out):
    """Write ``stem`` (frames × 2) × ``gain`` × ``gains`` (one a frame) as int16 to ``out``."""
    for frame in range(stem.shape[0]):
        for channel in range(2):
            level = stem[frame, channel] * gain * gains[frame] * 32767.0
            out[frame, channel] = np.int16(np.rint(min(32767.0, max(-32767.0, level))))


@dataclass(frozen=True)
class Mastering:
    """What makes stems a song: the melody's own gain, and then one gain a frame for all.

    ``melody_lufs`` is the melody's loudness after its own gain, before the common one.
    """

    melody_gain: float
    gains: np.ndarray
    melody_lufs: float


def master(
    melody: np.ndarray,
    backing: np.ndarray,
    sample_rate: int,
    most_balance_db: float = MOST_BALANCE_DB,
) -> Mastering:
    """How to bring melody × its gain + backing to TARGET_LUFS under CEILING_DBTP.

    A melody that is softer than its backing is raised to it, by ``most_balance_db`` at most: the
    patient plays the melody, and files from the wild often bury it. What an arranger put in front
    stays as it is. The ceiling holds for the melody lifted by 3 dB as well. Silence is left alone.
    """
    energy = energies_of_both(melody, backing, sample_rate)
    sung, under = gated_lufs(energy[0], sample_rate), gated_lufs(energy[1], sample_rate)
    raised_db = 0.0
    if np.isfinite(sung) and np.isfinite(under):
        raised_db = min(most_balance_db, max(0.0, under - sung))
    raised = float(10 ** (raised_db / 20))
    mixed = energy_of_the_sum(energy, raised)
    loudness = gated_lufs(mixed, sample_rate)
    if not np.isfinite(loudness):
        return Mastering(1.0, np.ones(len(melody), np.float32), sung)
    gain, gains = _limited(_peaks(melody, backing, raised, LIFT), mixed, loudness, sample_rate)
    return Mastering(raised, _gain_of_frames(gains, gain, len(melody)), sung + raised_db)


def _limited(
    peaks: np.ndarray, energy: np.ndarray, loudness: float, sample_rate: int
) -> tuple[float, np.ndarray]:
    """The gain that brings what has ``peaks`` and ``energy`` to TARGET_LUFS, and the limiter's."""
    window = round(LOOK_AHEAD_SECONDS * sample_rate / STRIDE)
    release = 1 - np.exp(-STRIDE / (RELEASE_SECONDS * sample_rate))
    ceiling = 10 ** ((CEILING_DBTP - _BETWEEN_SAMPLES_DB) / 20)
    gain = float(10 ** ((TARGET_LUFS - loudness) / 20))
    hop = sample_rate // HOPS_PER_SECOND
    edges = np.arange(len(energy) + 1) * hop // STRIDE
    for _ in range(8):
        gains = _limiter_gain(peaks * np.float32(gain), ceiling, window, release)
        if float(gains.min()) == 1.0:
            break
        # The limiter moves slowly against a hop, so its mean square there is what it takes away.
        taken = np.add.reduceat(np.square(gains, dtype=np.float64), edges)[:-1] / np.diff(edges)
        short = TARGET_LUFS - gated_lufs(energy * gain**2 * taken, sample_rate)
        if abs(short) < 0.1:
            break
        # What the limiter takes from a louder song is more than what it took from this one.
        gain *= 10 ** (1.3 * short / 20)
    return gain, gains
