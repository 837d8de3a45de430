"""Equal loudness for every song, and nothing above the ceiling.

Loudness is that of ITU-R BS.1770-4: two filters (a shelf for the head, a high pass), mean square
in blocks of 400 ms that overlap by 75 %, gates at −70 LUFS and at 10 LU below what is left. The
standard gives the filters for 48 kHz only; their analogue prototypes, from which they are made
here for any rate, are those of B. De Man, "Evaluation of implementations of the EBU R128 loudness
measurement" (AES 145, 2018). True peak is BS.1770-4 annex 2: four times oversampled.
"""

from typing import Final

import numpy as np
from numba import njit

#: What every song is brought to, in LUFS, and how loud its highest true peak may be, in dBTP.
TARGET_LUFS: Final = -16.0
CEILING_DBTP: Final = -1.0

#: Look-ahead and release of the limiter. The gain never moves faster than over 5 ms, which is
#: what keeps it from being heard as distortion.
LOOK_AHEAD_SECONDS: Final = 0.005
RELEASE_SECONDS: Final = 0.12

#: The melody is lifted by this much while the patient hits (see stage/mixer): the limiter leaves
#: room for it.
LIFT: Final = 10 ** (3 / 20)


def k_weighting(sample_rate: int) -> np.ndarray:
    """The two biquads of BS.1770 as rows ``b0 b1 b2 a1 a2`` (float64, 2 × 5)."""
    rows = np.empty((2, 5))

    gain_db, hertz, q = 3.999843853973347, 1681.974450955533, 0.7071752369554196
    k = np.tan(np.pi * hertz / sample_rate)
    high = 10 ** (gain_db / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    rows[0] = (
        (high + band * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    )

    hertz, q = 38.13547087602444, 0.5003270373238773
    k = np.tan(np.pi * hertz / sample_rate)
    a0 = 1 + k / q + k * k
    rows[1] = (1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)
    return rows


@njit(cache=True, nogil=True)
def _hop_energy(first, second, first_gain, second_gain, filters, hop):
    """Sum over both channels of the K-weighted squares of ``first`` + ``second``, per hop."""
    count = first.shape[0] // hop
    energy = np.zeros(count)
    b0, b1, b2, a1, a2 = filters[0]
    c0, c1, c2, d1, d2 = filters[1]
    for channel in range(2):
        z1 = z2 = w1 = w2 = 0.0
        for block in range(count):
            total = 0.0
            for frame in range(block * hop, (block + 1) * hop):
                x = first_gain * first[frame, channel] + second_gain * second[frame, channel]
                x += 1e-15
                y = b0 * x + z1
                z1 = b1 * x - a1 * y + z2
                z2 = b2 * x - a2 * y
                w = c0 * y + w1
                w1 = c1 * y - d1 * w + w2
                w2 = c2 * y - d2 * w
                total += w * w
            energy[block] += total
    return energy


def _gated_lufs(energy: np.ndarray, hop: int) -> float:
    if len(energy) < 4:
        return -np.inf
    blocks = np.convolve(energy, np.ones(4), "valid") / (4 * hop)
    loudness = -0.691 + 10 * np.log10(np.maximum(blocks, 1e-30))
    above = blocks[loudness > -70.0]
    if not len(above):
        return -np.inf
    relative = -0.691 + 10 * np.log10(above.mean()) - 10.0
    kept = blocks[(loudness > -70.0) & (loudness > relative)]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def loudness_lufs(sound: np.ndarray, sample_rate: int, other: np.ndarray | None = None) -> float:
    """Integrated loudness of stereo ``sound`` (frames × 2), or of ``sound`` + ``other``.

    −inf if nothing is louder than −70 LUFS or it is shorter than 400 ms.
    """
    hop = sample_rate // 10
    second = sound if other is None else other
    energy = _hop_energy(
        *(sound, second, 1.0, 0.0 if other is None else 1.0), k_weighting(sample_rate), hop
    )
    return _gated_lufs(energy, hop)


def momentary_lufs(sound: np.ndarray, sample_rate: int) -> float:
    """The loudest 400 ms of ``sound``, ungated; shorter sounds are measured as if in silence."""
    hop = sample_rate // 10
    short = max(0, 5 * hop - len(sound))
    padded = np.pad(sound, ((0, hop + short), (0, 0)))
    energy = _hop_energy(padded, padded, 1.0, 0.0, k_weighting(sample_rate), hop)
    blocks = np.convolve(energy, np.ones(4), "valid") / (4 * hop)
    return float(-0.691 + 10 * np.log10(max(blocks.max(), 1e-30)))


def oversampling_filter() -> np.ndarray:
    """Four phases of twelve taps (float64, 4 × 12), a windowed sinc; each phase sums to 1."""
    place = (np.arange(48) - 23.5) / 4
    taps = (np.sinc(place) * np.kaiser(48, 6.0)).reshape(12, 4).T
    return np.ascontiguousarray(taps / taps.sum(axis=1, keepdims=True))


@njit(cache=True, nogil=True)
def _true_peak(first, second, first_gain, taps, worth):
    peak = 0.0
    frames = first.shape[0]
    for channel in range(2):
        for frame in range(frames):
            x = first_gain * first[frame, channel] + second[frame, channel]
            size = abs(x)
            if size > peak:
                peak = size
            # Between samples a band-limited wave can stand higher, but where they are all low
            # it cannot matter.
            if size > worth and 6 <= frame < frames - 6:
                for phase in range(taps.shape[0]):
                    total = 0.0
                    for k in range(12):
                        place = frame - 6 + k
                        total += taps[phase, k] * (
                            first_gain * first[place, channel] + second[place, channel]
                        )
                    if abs(total) > peak:
                        peak = abs(total)
    return peak


def true_peak(sound: np.ndarray, other: np.ndarray | None = None, lift: float = 1.0) -> float:
    """The highest true peak of stereo ``sound`` × ``lift`` (+ ``other``), linear."""
    second = np.zeros_like(sound) if other is None else other
    sample_peak = float(np.abs(sound * np.float32(lift) + second).max(initial=0.0))
    return float(_true_peak(sound, second, lift, oversampling_filter(), 0.6 * sample_peak))


@njit(cache=True, nogil=True)
def _limiter_gain(melody, backing, gain, lift, ceiling, window, release):
    """Gain per frame that keeps the mix under ``ceiling``, with the melody lifted or not.

    The needed gain is held for ``window`` frames ahead (sliding minimum), recovers exponentially,
    and is averaged over ``window`` frames, so that it is down in time and never jumps.
    """
    frames = melody.shape[0]
    needed = np.ones(frames + window, np.float32)
    limited = False
    for frame in range(frames):
        peak = 0.0
        for channel in range(2):
            m = gain * melody[frame, channel]
            b = gain * backing[frame, channel]
            peak = max(peak, abs(m + b), abs(lift * m + b))
        if peak > ceiling:
            needed[frame] = ceiling / peak
            limited = True
    result = np.full(frames, gain, np.float32)
    if not limited:
        return result
    queue = np.empty(frames + window, np.int64)
    head = 0
    tail = 0
    history = np.ones(window, np.float32)
    total = float(window)
    held = 1.0
    for frame in range(-window, frames):
        # The minimum over [frame, frame + window] by a queue of rising values.
        ahead = frame + window
        while tail > head and needed[queue[tail - 1]] >= needed[ahead]:
            tail -= 1
        queue[tail] = ahead
        tail += 1
        while queue[head] < frame:
            head += 1
        held = min(float(needed[queue[head]]), held + (1.0 - held) * release)
        place = frame % window
        total += held - history[place]
        history[place] = held
        if frame >= 0:
            result[frame] = gain * total / window
    return result


def master(melody: np.ndarray, backing: np.ndarray, sample_rate: int) -> np.ndarray:
    """The gain per frame (float32) that brings the mix to TARGET_LUFS under CEILING_DBTP.

    Both stems are to be multiplied by it. The mix is the plain sum; the ceiling holds for the
    melody lifted by 3 dB as well. Silence gets gain 1.
    """
    hop = sample_rate // 10
    filters = k_weighting(sample_rate)
    window = round(LOOK_AHEAD_SECONDS * sample_rate)
    release = 1 - np.exp(-1 / (RELEASE_SECONDS * sample_rate))
    loudness = _gated_lufs(_hop_energy(melody, backing, 1.0, 1.0, filters, hop), hop)
    if not np.isfinite(loudness):
        return np.ones(len(melody), np.float32)
    gain = 10 ** ((TARGET_LUFS - loudness) / 20)
    ceiling = 10 ** ((CEILING_DBTP - 0.3) / 20)
    for _ in range(4):
        curve = _limiter_gain(melody, backing, gain, LIFT, ceiling, window, release)
        if float(curve.min()) == np.float32(gain):
            break
        loudness = _limited_lufs(melody, backing, curve, filters, hop)
        short = TARGET_LUFS - loudness
        if abs(short) < 0.2:
            break
        gain *= 10 ** (short / 20)
    return curve


def _limited_lufs(
    melody: np.ndarray, backing: np.ndarray, curve: np.ndarray, filters: np.ndarray, hop: int
) -> float:
    limited = (melody + backing) * curve[:, None]
    return _gated_lufs(_hop_energy(limited, limited, 1.0, 0.0, filters, hop), hop)
