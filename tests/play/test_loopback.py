"""The delay of the sound in a recording: rooms, microphones and clocks that are modelled."""

import numpy as np
import pytest

from game.play.loopback import APART_US, CHIRPS, chirp, round_trip

RATE = 44_100
ms = 1_000

PLAYED = tuple(1_000_000 + k * APART_US for k in range(CHIRPS))
LENGTH_S = 8.5


def room(
    delay_us: int | list[int],
    *,
    loud: float = 0.1,
    noise: float = 0.0,
    echoes: tuple[tuple[int, float], ...] = (),
    hum: float = 0.0,
    small_speaker: bool = False,
    upside_down: bool = False,
    left_out: tuple[int, ...] = (),
    seed: int = 1,
    rate: int = RATE,
) -> np.ndarray:
    """What a microphone records; ``delay_us`` of each chirp, or of all."""
    rng = np.random.default_rng(seed)
    out = np.zeros(round(LENGTH_S * rate))
    sound = chirp(rate) / 0.5 * loud * (-1 if upside_down else 1)
    if small_speaker:
        sound = np.diff(sound, prepend=0.0) * 3
    for k, at_us in enumerate(PLAYED):
        if k in left_out:
            continue
        late_us = delay_us[k] if isinstance(delay_us, list) else delay_us
        for more_us, share in ((0, 1.0), *echoes):
            start = round((at_us + late_us + more_us) * rate / 1e6)
            out[start : start + len(sound)] += share * sound
    time = np.arange(len(out)) / rate
    out += noise * rng.standard_normal(len(out)) + hum * np.sin(2 * np.pi * 100 * time)
    return out.astype(np.float32)


def came_us(frame: int) -> int:
    return frame * 1_000_000 // RATE


@pytest.mark.parametrize("delay_ms", [0, 3, 25, 62, 140, 290, 480])
def test_the_round_trip_is_found_to_half_a_millisecond(delay_ms):
    found = round_trip(room(delay_ms * ms, noise=0.003), RATE, PLAYED, came_us)
    assert found.trouble == ""
    assert abs(found.offset_us - delay_ms * ms) <= 500
    assert found.used == CHIRPS
    assert found.spread_us <= 500


@pytest.mark.parametrize(
    "how",
    [
        {"noise": 0.02},
        {"hum": 0.3},
        {"loud": 0.004, "noise": 0.0005},
        {"echoes": ((9_000, 0.8), (23_000, 0.6), (41_000, 0.4))},
        {"echoes": ((30_000, 1.3),)},
        {"small_speaker": True, "noise": 0.01},
        {"upside_down": True},
        {"left_out": (1, 4, 6)},
    ],
    ids=["noise", "hum", "soft", "echoes", "loud echo", "small speaker", "upside down", "missing"],
)
def test_real_rooms_and_cheap_microphones_move_it_by_a_millisecond_at_most(how):
    found = round_trip(room(75 * ms, **how), RATE, PLAYED, came_us)
    assert found.trouble == ""
    assert abs(found.offset_us - 75 * ms) <= ms
    assert found.used + found.aside == CHIRPS


def test_what_is_known_of_the_input_is_taken_off():
    found = round_trip(room(75 * ms), RATE, PLAYED, came_us, known_us=12 * ms)
    assert found.offset_us == pytest.approx(63 * ms, abs=500)


def test_the_clocks_of_microphone_and_computer_may_differ():
    """A microphone at 48 kHz, 300 ppm off, that began two seconds before the program counts."""
    rate = 48_000
    recording = room(90 * ms, rate=rate, noise=0.002)

    def late_us(frame: int) -> int:
        return round(frame * 1e6 / rate * 1.0003) - 2_000_000

    played = [round(at_us * 1.0003) - 2_000_000 for at_us in PLAYED]
    found = round_trip(recording, rate, played, late_us)
    assert found.offset_us == pytest.approx(90 * ms, abs=600)


def test_one_chirp_that_is_late_moves_nothing():
    delays = [50 * ms] * CHIRPS
    delays[3] += 120 * ms
    found = round_trip(room(delays), RATE, PLAYED, came_us)
    assert found.trouble == ""
    assert found.offset_us == pytest.approx(50 * ms, abs=500)


@pytest.mark.parametrize(
    ("recording", "words"),
    [
        (np.zeros(round(LENGTH_S * RATE), np.float32), "did not hear"),
        (np.zeros(0, np.float32), "did not hear"),
        (np.zeros(200, np.float32), "did not hear"),
        (room(0, loud=0.0, noise=0.05), "did not hear"),
        (room(50 * ms, loud=0.0, hum=0.5), "did not hear"),
        (room(50 * ms, left_out=(0, 2, 4, 6)), "did not hear"),
        (room([20 * ms + 40 * ms * k for k in range(CHIRPS)]), "another time"),
        (np.full(round(LENGTH_S * RATE), np.float32(1.0)), "did not hear"),
    ],
    ids=["silence", "nothing", "short", "noise", "hum", "half", "unsteady", "stuck"],
)
def test_what_does_not_hold_says_why_and_what_to_do(recording, words):
    found = round_trip(recording, RATE, PLAYED, came_us)
    assert words in found.trouble
    assert "try" in found.trouble


def test_noise_is_never_taken_for_a_chirp():
    for seed in range(20):
        recording = room(0, loud=0.0, noise=0.1, seed=seed)
        assert round_trip(recording, RATE, PLAYED, came_us).used == 0


def test_the_chirp_begins_and_ends_softly_and_leaves_room():
    sound = chirp(RATE)
    assert abs(sound[0]) < 0.01
    assert abs(sound[-1]) < 0.01
    assert 0.4 < np.abs(sound).max() <= 0.5
