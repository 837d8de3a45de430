"""How loud a sound is and how high it stands.

Loudness is that of ITU-R BS.1770-4: two filters (a shelf for the head, a high pass), mean square
in blocks of 400 ms that overlap by 75 %, gates at −70 LUFS and at 10 LU below what is left. The
standard gives the filters for 48 kHz only; their analogue prototypes, from which they are made
here for any rate, are those of B. De Man, "Evaluation of implementations of the EBU R128 loudness
measurement" (AES 145, 2018). True peak is BS.1770-4 annex 2: four times oversampled.
"""

from typing import Final

import numpy as np
from numba import njit

#: Energies are kept in hops of 10 ms, short against everything that the standard averages over.
HOPS_PER_SECOND: Final = 100


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
def _energies(first, second, filters, hop):
    """K-weighted squares of two signals and their product, summed per hop (3 × hops).

    So the loudness of each, and of their sum at any gains, comes from one pass; and the filter
    chains of a pass run side by side in the processor.
    """
    count = len(first) // hop
    energy = np.zeros((3, count))
    b0, b1, b2, a1, a2 = filters[0]
    c0, c1, c2, d1, d2 = filters[1]
    z1 = z2 = w1 = w2 = 0.0
    y1 = y2 = v1 = v2 = 0.0
    for block in range(count):
        own = 0.0
        others = 0.0
        both = 0.0
        for frame in range(block * hop, (block + 1) * hop):
            x = first[frame] + 1e-15
            u = second[frame] + 1e-15
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
        energy[0, block] = own
        energy[1, block] = others
        energy[2, block] = both
    return energy


def _energy(sound: np.ndarray, sample_rate: int) -> np.ndarray:
    """K-weighted squares of stereo ``sound``, both channels together, per hop."""
    filters, hop = k_weighting(sample_rate), sample_rate // HOPS_PER_SECOND
    return np.asarray(_energies(sound[:, 0], sound[:, 1], filters, hop)[:2].sum(axis=0))


def energies_of_both(sound: np.ndarray, other: np.ndarray, sample_rate: int) -> np.ndarray:
    """K-weighted squares of two stereo sounds and their product, per hop (3 × hops)."""
    filters, hop = k_weighting(sample_rate), sample_rate // HOPS_PER_SECOND
    sides = [_energies(sound[:, side], other[:, side], filters, hop) for side in (0, 1)]
    return np.asarray(sides[0] + sides[1])


def _blocks(energy: np.ndarray, sample_rate: int) -> np.ndarray:
    """Mean squares of blocks of 400 ms that overlap by 75 %, from energies per hop."""
    hop, tenth = sample_rate // HOPS_PER_SECOND, HOPS_PER_SECOND // 10
    tenths = energy[: len(energy) // tenth * tenth].reshape(-1, tenth).sum(axis=1)
    if len(tenths) < 4:
        return np.zeros(0)
    return np.convolve(tenths, np.ones(4), "valid") / (4 * tenth * hop)


def gated_lufs(energy: np.ndarray, sample_rate: int) -> float:
    """Integrated loudness from K-weighted energies per hop, both channels together."""
    blocks = _blocks(energy, sample_rate)
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
    if other is None:
        return gated_lufs(_energy(sound, sample_rate), sample_rate)
    return gated_lufs(energy_of_the_sum(energies_of_both(sound, other, sample_rate)), sample_rate)


def energy_of_the_sum(energy: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """Energy of first × ``gain`` + second, from energies of both."""
    return np.asarray(gain * gain * energy[0] + energy[1] + 2 * gain * energy[2])


def momentary_lufs(sound: np.ndarray, sample_rate: int) -> float:
    """The loudest 400 ms of ``sound``, ungated; shorter sounds are measured as if in silence."""
    tenth = sample_rate // 10
    short = max(0, 5 * tenth - len(sound))
    padded = np.pad(sound, ((0, tenth + short), (0, 0)))
    blocks = _blocks(_energy(padded, sample_rate), sample_rate)
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
