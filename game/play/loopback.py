"""The delay of the sound, heard by a microphone instead of tapped. Pure: a recording in, times out.

Chirps are played and recorded. Each is looked for in the recording by its shape (cross-correlation
with the chirp: a matched filter, the best there is in noise), and the time from handing over its
first frame to hearing it is the round trip: the output's delay, a metre of air every 2.9 ms, and
the microphone's own delay on its way in. What the capture callback waits for, a full block, is
known and is not in it, because frames are dated by the moment their *last* frame came. What the
microphone's electronics and driver add (some 2 to 20 ms) cannot be told apart from the output's
delay this way; so the figure is the most that the delay can be, and is kept with that remark.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from game.core.say import mark
from game.play.calibration import LONGEST_US, Measured

#: The chirp: from low to high through what small speakers and microphones still pass.
CHIRP_SECONDS: Final = 0.03
_LOW_HZ, _HIGH_HZ = 700.0, 6_500.0

#: So many are played this far apart, and so many of them have to be heard.
CHIRPS: Final = 8
APART_US: Final = 750_000
FEWEST: Final = 5

#: A chirp was heard if the recording looks like it by this much (1 would be the chirp and nothing
#: else; an echoing room with a fan gives 0.3) …
_LIKENESS: Final = 0.15
#: … and stands out so far from what else lies around it.
_STANDS_OUT: Final = 8.0
#: The direct sound comes first; an echo may be louder, but hardly by more than this.
_FIRST_SHARE: Final = 0.6

#: Hearings may differ so much; a device that is busy with something else does not hold still.
_SPREAD_US: Final = 5_000

_UNHEARD = mark("The microphone did not hear the clicks. Turn the sound up and try again.")
_DISAGREE = mark("The microphone heard each click at another time. Please try by ear instead.")


def chirp(sample_rate: int) -> np.ndarray:
    """The sound that is played and looked for: float32, mono, at most 0.5."""
    time = np.arange(round(CHIRP_SECONDS * sample_rate)) / sample_rate
    sweep = (_HIGH_HZ - _LOW_HZ) / CHIRP_SECONDS
    wave = np.sin(2 * np.pi * (_LOW_HZ * time + sweep / 2 * time**2))
    return (0.5 * wave * np.hanning(len(time))).astype(np.float32)


def round_trip(
    recording: np.ndarray,
    sample_rate: int,
    played_us: Sequence[int],
    frame_us: Callable[[int], int],
    known_us: int = 0,
) -> Measured:
    """The time from handing over a chirp to hearing it, from a mono ``recording`` (float32).

    ``played_us`` is when each chirp's first frame was handed over, ``frame_us`` tells when a frame
    of the recording came; both host time, µs. ``known_us`` is taken off: what is known of the
    input's delay. ``spread_us`` is a standard deviation, ``used`` the chirps heard, ``aside``
    those that were not.
    """
    sound = chirp(sample_rate)
    heard = []
    for at_us in played_us:
        frame = _first_hearing(recording, sound, sample_rate, at_us, frame_us)
        if frame is not None:
            heard.append(frame_us(frame) - at_us - known_us)
    if len(heard) < FEWEST:
        return Measured(used=len(heard), aside=len(played_us) - len(heard), trouble=_UNHEARD)
    times = np.array(heard, float)
    median = float(np.median(times))
    deviation = 1.4826 * float(np.median(np.abs(times - median)))
    return Measured(
        offset_us=round(median),
        sure_us=round(1.96 * 1.2533 * deviation / len(times) ** 0.5),
        spread_us=round(deviation),
        used=len(times),
        aside=len(played_us) - len(times),
        trouble=_DISAGREE if deviation > _SPREAD_US else "",
    )


def _first_hearing(
    recording: np.ndarray,
    sound: np.ndarray,
    sample_rate: int,
    at_us: int,
    frame_us: Callable[[int], int],
) -> int | None:
    """The frame of the recording at which the chirp handed over at ``at_us`` is first heard."""
    begin = _frame_at(at_us, sample_rate, frame_us, len(recording))
    end = begin + round(LONGEST_US / 1e6 * sample_rate) + len(sound)
    part = recording[max(0, begin) : min(len(recording), end)].astype(float)
    if len(part) < 2 * len(sound):
        return None
    alike = _likeness(part, sound.astype(float))
    peak = float(alike.max())
    if peak < _LIKENESS or peak < _STANDS_OUT * float(np.median(alike)):
        return None
    first = int(np.argmax(alike >= _FIRST_SHARE * peak))
    # Up to the top of that first peak: half a wave of the chirp's middle further at most.
    reach = alike[first : first + max(2, sample_rate // 3_600)]
    return max(0, begin) + first + int(np.argmax(reach))


def _frame_at(at_us: int, sample_rate: int, frame_us: Callable[[int], int], frames: int) -> int:
    """The frame that came at ``at_us``, or just before."""
    low, high = -1, frames
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if frame_us(middle) <= at_us else (low, middle)
    return low


def _likeness(part: np.ndarray, sound: np.ndarray) -> np.ndarray:
    """How much each stretch of ``part`` is shaped like ``sound``, 0 to 1, upside down or not."""
    places = len(part) - len(sound) + 1
    size = 1 << (len(part) + len(sound) - 1).bit_length()
    product = np.fft.rfft(part, size) * np.conj(np.fft.rfft(sound, size))
    alike = np.abs(np.fft.irfft(product, size)[:places])
    energy = np.cumsum(np.concatenate(([0.0], part**2)))
    stretch = np.sqrt(np.maximum(energy[len(sound) :] - energy[: -len(sound)], 0.0))
    # Near silence everything looks like anything: what is softer than a thousandth is nothing.
    floor = 1e-3 * np.sqrt(len(sound)) * max(float(np.abs(part).max()), 1e-3)
    likeness: np.ndarray = alike / (np.maximum(stretch, floor) * np.linalg.norm(sound))
    return likeness
