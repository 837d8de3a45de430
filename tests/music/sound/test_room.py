"""The room, against its twin in plain Python and against what a room is."""

import numpy as np
import pytest

from game.music.sound import room as rooms
from game.music.sound.room import CHUNK, room

RATE = 44_100


def plain_room(stem):
    """The same network, frame by frame."""
    delays, lines = rooms._DELAYS, len(rooms._DELAYS)
    feedback = [10 ** (-3 * d / (rooms._SECONDS * RATE)) for d in delays]
    memory = [[0.0] * d for d in delays]
    low = [0.0] * lines
    for frame in range(stem.shape[1]):
        into = stem[2, frame - rooms._PRE_DELAY] if frame >= rooms._PRE_DELAY else 0.0
        heard = []
        for k in range(lines):
            y = memory[k][frame % delays[k]]
            low[k] = low[k] * rooms._DAMPING + y * (1 - rooms._DAMPING)
            heard.append(low[k] * feedback[k])
        for k in range(lines):
            memory[k][frame % delays[k]] = into + heard[k] - sum(heard) * 2 / lines
        stem[0, frame] += rooms._LEVEL * sum(heard[1::2])
        stem[1, frame] += rooms._LEVEL * sum(heard[0::2])


@pytest.mark.parametrize("frames", [1, 599, CHUNK, 3 * CHUNK + 17, 9_000])
def test_the_network_is_that_of_its_twin_at_any_length(frames):
    random = np.random.default_rng(frames)
    stem = random.standard_normal((3, frames)).astype(np.float32)
    slowly, quickly = stem.astype(float), stem.copy()
    plain_room(slowly)
    room(quickly, RATE)
    assert quickly == pytest.approx(slowly, abs=2e-5)


def knock():
    """What the room answers to one knock: left and right."""
    stem = np.zeros((3, 3 * RATE), np.float32)
    stem[2, 0] = 1.0
    room(stem, RATE)
    return stem[:2]


def test_a_knock_dies_away_evenly_within_its_time():
    # Schroeder's backward integration: the time to fall by 60 dB, from −5 to −35.
    energy = np.square(knock(), dtype=float).sum(axis=0)
    left = 10 * np.log10(np.cumsum(energy[::-1])[::-1] / energy.sum() + 1e-30)
    at_5, at_35 = np.argmax(left < -5), np.argmax(left < -35)
    assert 0.6 < 2 * (at_35 - at_5) / RATE < 1.4
    assert np.abs(knock()[:, -100:]).max() < 1e-6


def test_it_answers_after_the_sound_itself_and_on_both_sides_alike():
    answer = knock()
    first = np.flatnonzero(np.abs(answer).max(axis=0) > 1e-9)[0]
    assert 0.03 < first / RATE < 0.06
    left, right = np.square(answer, dtype=float).sum(axis=1)
    assert abs(10 * np.log10(left / right)) < 1.5
    assert abs(np.corrcoef(answer)[0, 1]) < 0.3


def test_silence_stays_silent():
    stem = np.zeros((3, RATE), np.float32)
    room(stem, RATE)
    assert np.abs(stem).max() < 1e-15
