"""The parts of a rendered song, as they are played."""

import threading
from dataclasses import dataclass, field

import numpy as np

from game.music.sound.voices import SAMPLE_RATE


def _complete() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass(frozen=True, eq=False)
class Stems:
    """A rendered song: float32 arrays (frames, 2), all of one length, meant to be added up.

    ``melody`` + ``backing`` is the song at −16 LUFS under −1 dBTP, also while ``melody`` is
    lifted by 3 dB. ``layer`` (the melody once more, on a celesta) is extra and starts silent.

    Stems that were kept begin to play while they are still read from the disk: their first
    seconds are there at once, the rest is filled in from start to end many times faster than it
    is heard. ``whole`` is set when nothing is missing any more.
    """

    melody: np.ndarray
    backing: np.ndarray
    layer: np.ndarray
    sample_rate: int = SAMPLE_RATE
    whole: threading.Event = field(default_factory=_complete)

    def __len__(self) -> int:
        return len(self.melody)

    @property
    def length_us(self) -> int:
        """How long the sound is, its last tail included."""
        return len(self) * 1_000_000 // self.sample_rate
