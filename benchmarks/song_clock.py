"""How far the song time that is drawn is from where the sound card is, scheme by scheme.

A modelled card takes 1 024 frames at a time at 44 100 a second, runs 200 ppm fast, and its
callbacks come 2 ms (standard deviation) early or late. A game asks 60 times a second for three
minutes. Beside our filter stand four other ways to know the time, as small models of our own:

* *free-running*: the host's clock from the start on;
* *raw position*: the frames handed over at the last callback;
* *osu!*: ``InterpolatingFramedClock`` of osu-framework. A stopwatch runs along; every frame an
  eighth of its distance to the raw position is taken off it, from two frames of 60 Hz (33 ms) on
  the raw position is taken instead, and it never goes back.
* *YARG*: ``SongSyncController``. The host's clock is the song's, and the speed of the sound is
  nudged after it: differences under 1.5 ms are left, of others 15 % are made good in the time a
  change needs to be heard, by at most a tenth of the speed. The sound is where the card is, so
  the picture's distance from it is what is compared.

Both were read in their public repositories (ppy/osu-framework, YARC-Official/YARG) in 2026.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Figure
from game.play.clock import AudioSongClock

SAMPLE_RATE = 44_100
_BUFFER, _PPM, _JITTER_US, _SECONDS = 1_024, 200.0, 2_000.0, 180.0
_FRAME_US = 1_000_000 / 60
_SEEDS = range(8)


class Card:
    """The modelled card: ``host_us`` and ``frames`` of its callbacks."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        count = int(_SECONDS * SAMPLE_RATE / _BUFFER)
        self.rate = 1 + _PPM * 1e-6
        self.frames = np.arange(count) * _BUFFER
        due = self.frames / SAMPLE_RATE * 1e6 / self.rate
        late = rng.normal(0, _JITTER_US, count)
        self.host_us = np.maximum.accumulate(np.rint(due + late)).astype(np.int64)
        self.asked_us = np.arange(0, int(self.host_us[-1]), _FRAME_US).astype(np.int64)

    @property
    def true_us(self) -> np.ndarray:
        """Where the card is when it is asked."""
        return self.asked_us * self.rate

    def raw_us(self) -> np.ndarray:
        """The position at the last callback before each time asked."""
        last = np.searchsorted(self.host_us, self.asked_us, side="right") - 1
        return np.where(last >= 0, self.frames[np.maximum(last, 0)], 0) / SAMPLE_RATE * 1e6


def ours(card: Card) -> np.ndarray:
    """The game's own clock, fed and asked as the game does."""
    clock = AudioSongClock(SAMPLE_RATE)
    clock.start(0, 0)
    said, taken = np.zeros(len(card.asked_us)), 0
    for k, now in enumerate(card.asked_us.tolist()):
        while taken < len(card.host_us) and card.host_us[taken] <= now:
            clock.observe(int(card.host_us[taken]), int(card.frames[taken]))
            taken += 1
        said[k] = clock.song_us(now)
    return said


def interpolating(card: Card) -> np.ndarray:
    """osu!'s: a stopwatch pulled towards the raw position by an eighth a frame."""
    allowed_us = 2 * _FRAME_US
    raw = card.raw_us()
    said = np.zeros(len(raw))
    here = before_us = last_raw = 0.0
    going = False
    for k, now in enumerate(card.asked_us.tolist()):
        going = going or raw[k] != last_raw
        moved = here + (now - before_us)
        if not going or abs(raw[k] - moved) > allowed_us:
            here, going = max(here, raw[k]), False
        else:
            here = max(here, moved + (raw[k] - moved) / 8)
        before_us, last_raw = now, raw[k]
        said[k] = here
    return said


def steering(card: Card) -> np.ndarray:
    """YARG's: the sound is sped up or slowed down after the host's clock.

    Returned is the card's own time plus the picture's distance from the sound, so that it can be
    compared with the others. What is measured of the sound is the raw position.
    """
    delay_us, deadband_us, gain, most = 50_000.0, 1_500.0, 0.15, 0.10
    step_us = 1_000.0
    raw_at = np.searchsorted(card.host_us, np.arange(0, card.asked_us[-1], step_us), side="right")
    nudged_us = 0.0  # what the speed changes that are heard by now have moved the sound
    pending: deque[float] = deque()
    away = []
    for tick, taken in enumerate(raw_at):
        host_us = tick * step_us
        heard = card.frames[taken - 1] / SAMPLE_RATE * 1e6 if taken else 0.0
        off = host_us - (heard + nudged_us)
        adjust = 0.0
        if abs(off) >= deadband_us:
            left_ms = (off - sum(pending)) / 1e3
            adjust = float(np.clip(gain / (delay_us / 1e3) * left_ms, -most, most))
        pending.append(adjust * step_us)
        if len(pending) > delay_us / step_us:
            nudged_us += pending.popleft()
        away.append(host_us - (host_us * card.rate + nudged_us))
    at = np.minimum((card.asked_us / step_us).astype(int), len(away) - 1)
    return card.true_us + np.array(away)[at]


def figures() -> Iterator[Figure]:
    schemes = {
        "two-state filter (ours)": ours,
        "free-running": lambda card: card.asked_us.astype(float),
        "raw position": Card.raw_us,
        "as osu! interpolates": interpolating,
        "as YARG steers the sound": steering,
    }
    cards = [Card(seed) for seed in _SEEDS]
    for name, scheme in schemes.items():
        spread, back = [], 0
        for card in cards:
            said = np.asarray(scheme(card))
            spread.append(float(np.std(said - card.true_us)) / 1e3)
            back += int((np.diff(said) < 0).sum())
        yield Figure(f"{name}, residual SD, worst of {len(cards)}", max(spread), "ms", False)
        if name.endswith("(ours)"):
            yield Figure(f"{name}, steps back", back, "", False)
