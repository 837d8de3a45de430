"""Voices played: which of them can share a wave, the waves made, and everything mixed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from game.music.sound.kernels import BLOCK, MEMORY, VOICE, make_waves, mix_voices

#: A closed hi-hat silences an open one within this.
CHOKE_SECONDS: Final = 0.03

#: Waves of a song may fill this much memory, in frames (100 MB); the other voices are made one by
#: one. Songs need a tenth of it.
POOL_FRAMES: Final = 24_000_000

#: What shapes a wave. The rest of a voice is put on when it is mixed.
_SHAPE: Final = (
    *("sample_start", "sample_end", "loop_start", "loop_end", "loop", "pitch_cents"),
    *("cutoff_cents", "q_cb", "mod_envelope", "mod_to_pitch", "mod_to_cutoff", "lfo", "vibrato"),
)

#: Rows of the control curves.
_GAIN, _BEND, _VIBRATO = 0, 2, 3

_MIXED_AT_ONCE: Final = 200


@dataclass(frozen=True, eq=False)
class Waves:
    """Waves that voices share: frames in ``pool``, and what :func:`make_waves` remembered.

    For each voice ``shared`` is how many of its first frames are there, from ``firsts`` on.
    """

    pool: np.ndarray
    memories: np.ndarray
    firsts: np.ndarray
    shared: np.ndarray


def play_voices(
    voices: np.ndarray,
    samples: np.ndarray,
    curves: np.ndarray,
    sample_rate: float,
    floor: float,
    out: np.ndarray,
    report: Callable[[float], None] = lambda _: None,
) -> None:
    """Add ``voices`` (VOICE) to ``out`` (left, right, room send × frames; float32).

    ``samples`` are the font's, ``curves`` those of :func:`~game.music.sound.kernels.mix_voices`;
    a voice whose gain falls under ``floor`` is over. ``report`` is called with 0 … 1.
    """
    waves = shared_waves(voices, samples, curves, sample_rate, floor, out.shape[1])
    for begun in range(0, len(voices), _MIXED_AT_ONCE):
        part = slice(begun, begun + _MIXED_AT_ONCE)
        mix_voices(
            *(voices[part], waves.shared[part], waves.firsts[part], waves.pool, waves.memories),
            *(samples, curves, sample_rate, CHOKE_SECONDS, floor, out),
        )
        report(min(1.0, (begun + _MIXED_AT_ONCE) / len(voices)))


def shared_waves(
    voices: np.ndarray,
    samples: np.ndarray,
    curves: np.ndarray,
    sample_rate: float,
    floor: float,
    frames: int,
) -> Waves:
    """The waves that more than one of ``voices`` begins with, made for the longest of them.

    Not shared are voices of a channel that is ever bent or shaken.
    """
    wanted = _blocks(_useful_frames(voices, curves, sample_rate, floor, frames))
    plain = ~(curves[[_BEND, _VIBRATO]] != 0).any(axis=(0, 2))
    wanted[~plain[voices["channel"]]] = 0
    shapes = np.zeros(len(voices), [(name, VOICE[name]) for name in _SHAPE] + [("held", "i8")])
    for name in _SHAPE:
        shapes[name] = voices[name]
    # If filter, pitch or loop change once it is let go, only notes as long share a wave.
    changes = (voices["mod_to_pitch"] != 0) | (voices["mod_to_cutoff"] != 0) | (voices["loop"] == 3)
    held = np.minimum(voices["off_frame"] - voices["start_frame"], frames)
    shapes["held"] = np.where(changes, _blocks(held), 0)
    packed = shapes.view((np.void, shapes.itemsize))
    _, examples, which = np.unique(packed, return_index=True, return_inverse=True)
    which = which.reshape(-1)
    lengths = np.zeros(len(examples), np.int64)
    np.maximum.at(lengths, which, wanted)
    users = np.bincount(which, wanted > 0, minlength=len(examples))
    saved = np.bincount(which, wanted, minlength=len(examples)) - lengths
    lengths[users < 2] = 0
    best = np.argsort(-saved, kind="stable")
    room = np.cumsum(lengths[best] + BLOCK)
    lengths[best[room > POOL_FRAMES]] = 0
    made_ones = np.flatnonzero(lengths)
    # One block more than a wave has: what is remembered at its end stands there.
    places = np.cumsum(lengths[made_ones] + BLOCK)
    firsts = np.zeros(len(examples), np.int64)
    firsts[made_ones] = places - lengths[made_ones] - BLOCK
    total = int(places[-1]) if len(places) else 0
    pool = np.empty(total, np.float32)
    memories = np.empty((total // BLOCK, MEMORY))
    made = np.zeros(len(examples), np.int64)
    made_now = np.zeros(len(made_ones), np.int64)
    make_waves(
        *(voices[examples[made_ones]], lengths[made_ones], samples, sample_rate),
        *(firsts[made_ones], pool, memories, made_now),
    )
    made[made_ones] = made_now // BLOCK * BLOCK
    return Waves(pool, memories, firsts[which], np.minimum(wanted, made[which]))


def _blocks(frames: np.ndarray) -> np.ndarray:
    """Frames rounded up to whole blocks."""
    return np.asarray((frames + BLOCK - 1) // BLOCK * BLOCK)


def _useful_frames(
    voices: np.ndarray, curves: np.ndarray, sample_rate: float, floor: float, frames: int
) -> np.ndarray:
    """For how many frames each voice can be heard.

    An estimate: a voice that lasts longer is made by itself from there on.
    """
    envelope = voices["volume_envelope"]
    loudest = voices["gain"] * curves[_GAIN].max(axis=1)[voices["channel"]]
    height_db = 20 * np.log10(np.maximum(loudest, 1e-9) / floor)
    until_decay = envelope[:, :3].sum(axis=1)
    off = (voices["off_frame"] - voices["start_frame"]) / sample_rate
    fallen_db = np.clip((off - until_decay) / envelope[:, 3] * 100, 0, envelope[:, 4])
    seconds = off + envelope[:, 5] * np.maximum(0, height_db - fallen_db) / 100
    dies = envelope[:, 4] > 90
    died = until_decay + envelope[:, 3] * np.maximum(0, height_db) / 100
    seconds = np.where(dies, np.minimum(seconds, np.maximum(died, off)), seconds)
    choked = (voices["choke_frame"] - voices["start_frame"]) / sample_rate + CHOKE_SECONDS
    seconds = np.minimum(seconds, choked)
    speed = 2.0 ** (np.clip(voices["pitch_cents"], -12_000, 12_000) / 1_200)
    sampled = (voices["sample_end"] - voices["sample_start"]) / (speed * sample_rate)
    seconds = np.where(voices["loop"] == 0, np.minimum(seconds, sampled), seconds)
    left = np.maximum(frames - voices["start_frame"], 0)
    return np.minimum(np.maximum(seconds * sample_rate, 0), left).astype(np.int64)
