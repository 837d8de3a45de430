"""Equal loudness for every song, and nothing above the ceiling.

Loudness is that of ITU-R BS.1770-4: two filters (a shelf for the head, a high pass), mean square
in blocks of 400 ms that overlap by 75 %, gates at −70 LUFS and at 10 LU below what is left. The
standard gives the filters for 48 kHz only; their analogue prototypes, from which they are made
here for any rate, are those of B. De Man, "Evaluation of implementations of the EBU R128 loudness
measurement" (AES 145, 2018). True peak is BS.1770-4 annex 2: four times oversampled.
"""

from dataclasses import dataclass
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

#: The limiter sees samples; between them a wave can stand this much higher.
_BETWEEN_SAMPLES_DB: Final = 0.6

#: A melody that its file buries is raised by this at most.
MOST_BALANCE_DB: Final = 6.0

_PLAIN: Final = np.ones(1, np.float32)

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


@njit(cache=True, nogil=True, fastmath={"contract"})
def _energies(first, second, gains, filters, hop):
    """K-weighted squares of two sounds and their product, over both channels, per hop (3 × hops).

    So the loudness of each, and of their sum at any gains, comes from one pass; and the four
    filter chains of a pass run side by side in the processor. ``gains`` is one gain a frame for
    both, or a single one.
    """
    varies = len(gains) > 1
    count = first.shape[0] // hop
    energy = np.zeros((3, count))
    b0, b1, b2, a1, a2 = filters[0]
    c0, c1, c2, d1, d2 = filters[1]
    for channel in range(2):
        z1 = z2 = w1 = w2 = 0.0
        y1 = y2 = v1 = v2 = 0.0
        for block in range(count):
            own = 0.0
            others = 0.0
            both = 0.0
            for frame in range(block * hop, (block + 1) * hop):
                gain = gains[frame if varies else 0]
                x = first[frame, channel] * gain + 1e-15
                u = second[frame, channel] * gain + 1e-15
                y = b0 * x + z1
                q = b0 * u + y1
                z1 = (b1 * x + z2) - a1 * y
                y1 = (b1 * u + y2) - a1 * q
                z2 = b2 * x - a2 * y
                y2 = b2 * u - a2 * q
                w = c0 * y + w1
                v = c0 * q + v1
                w1 = (c1 * y + w2) - d1 * w
                v1 = (c1 * q + v2) - d1 * v
                w2 = c2 * y - d2 * w
                v2 = c2 * q - d2 * v
                own += w * w
                others += v * v
                both += w * v
            energy[0, block] += own
            energy[1, block] += others
            energy[2, block] += both
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
    if other is None:
        return _gated_lufs(_energies(sound, sound, _PLAIN, k_weighting(sample_rate), hop)[0], hop)
    energy = _energies(sound, other, _PLAIN, k_weighting(sample_rate), hop)
    return _gated_lufs(_of_the_sum(energy), hop)


def _of_the_sum(energy: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """Energy of first × ``gain`` + second, from what :func:`_energies` gives."""
    return np.asarray(gain * gain * energy[0] + energy[1] + 2 * gain * energy[2])


def momentary_lufs(sound: np.ndarray, sample_rate: int) -> float:
    """The loudest 400 ms of ``sound``, ungated; shorter sounds are measured as if in silence."""
    hop = sample_rate // 10
    short = max(0, 5 * hop - len(sound))
    padded = np.pad(sound, ((0, hop + short), (0, 0)))
    energy = _energies(padded, padded, _PLAIN, k_weighting(sample_rate), hop)[0]
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
def _limiter_gain(melody, backing, gain, raised, lift, ceiling, window, release):
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
            m = gain * raised * melody[frame, channel]
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


@dataclass(frozen=True)
class Mastering:
    """What makes stems a song: the melody's own gain, and then one gain a frame for all.

    ``melody_lufs`` is the melody's loudness after its own gain, before the common one.
    """

    melody_gain: float
    gains: np.ndarray
    melody_lufs: float


def master(melody: np.ndarray, backing: np.ndarray, sample_rate: int) -> Mastering:
    """How to bring melody × its gain + backing to TARGET_LUFS under CEILING_DBTP.

    A melody that is softer than its backing is raised to it, by 6 dB at most: the patient plays
    the melody, and files from the wild often bury it. What an arranger put in front stays as it
    is. The ceiling holds for the melody lifted by 3 dB as well. Silence is left alone.
    """
    hop = sample_rate // 10
    filters = k_weighting(sample_rate)
    window = round(LOOK_AHEAD_SECONDS * sample_rate)
    release = 1 - np.exp(-1 / (RELEASE_SECONDS * sample_rate))
    energy = _energies(melody, backing, _PLAIN, filters, hop)
    sung, under = _gated_lufs(energy[0], hop), _gated_lufs(energy[1], hop)
    raised_db = 0.0
    if np.isfinite(sung) and np.isfinite(under):
        raised_db = min(MOST_BALANCE_DB, max(0.0, under - sung))
    raised = float(10 ** (raised_db / 20))
    loudness = _gated_lufs(_of_the_sum(energy, raised), hop)
    if not np.isfinite(loudness):
        return Mastering(1.0, np.ones(len(melody), np.float32), sung)
    gain = 10 ** ((TARGET_LUFS - loudness) / 20)
    ceiling = 10 ** ((CEILING_DBTP - _BETWEEN_SAMPLES_DB) / 20)
    for _ in range(5):
        gains = _limiter_gain(melody, backing, gain, raised, LIFT, ceiling, window, release)
        if float(gains.min()) == np.float32(gain):
            break
        energy = _energies(melody, backing, gains, filters, hop)
        short = TARGET_LUFS - _gated_lufs(_of_the_sum(energy, raised), hop)
        if abs(short) < 0.2:
            break
        # What the limiter takes from a louder song is more than what it took from this one.
        gain *= 10 ** (1.3 * short / 20)
    return Mastering(raised, gains, sung + raised_db)
