"""Song time: by hand, with the host, and following a sound card that is modelled here."""

import bisect
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.play.clock import (
    SNAP_US,
    AudioSongClock,
    Delay,
    Delays,
    HostSongClock,
    ManualClock,
)

SAMPLE_RATE = 44_100
SEEDS = range(200) if os.environ.get("GRIPTUNE_SOAK") else range(6)


class SoundCard:
    """Takes ``buffer`` frames at a time at its own rate; each callback comes late by some jitter.

    ``true_us(host)`` is where the card really is, against which a clock is measured.
    """

    def __init__(self, seed, ppm=200.0, jitter_us=2_000.0, buffer=1_024, seconds=180.0, shape="n"):
        random = np.random.default_rng(seed)
        self.rate = 1 + ppm * 1e-6
        count = int(seconds * SAMPLE_RATE / buffer)
        self.frames = np.arange(count) * buffer
        due = self.frames / SAMPLE_RATE * 1e6 / self.rate
        late = {
            "n": lambda: random.normal(0, jitter_us, count),
            "u": lambda: random.uniform(-jitter_us, jitter_us, count),
            "e": lambda: random.exponential(jitter_us, count) - jitter_us,
        }[shape]()
        self.host_us = np.maximum.accumulate(np.rint(due + late)).astype(np.int64)

    def true_us(self, host_us):
        return np.asarray(host_us) * self.rate


def follow(card, clock, frame_us=16_667, until_us=None):
    """Let ``clock`` follow ``card`` as a game does: at each picture, take in what came, then ask.

    Returns host times asked and song times said.
    """
    clock.start(0, 0)
    until = int(card.host_us[-1]) if until_us is None else until_us
    asked = np.arange(0, until, frame_us)
    said = np.empty(len(asked), np.int64)
    taken = 0
    for k, now in enumerate(asked):
        while taken < len(card.host_us) and card.host_us[taken] <= now:
            clock.observe(int(card.host_us[taken]), int(card.frames[taken]))
            taken += 1
        said[k] = clock.song_us(int(now))
    return asked, said


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", ["n", "u", "e"])
@pytest.mark.parametrize("ppm", [200.0, -200.0])
def test_a_card_200_ppm_off_with_2_ms_of_jitter_is_followed_to_0_3_ms(seed, shape, ppm):
    card = SoundCard(seed, ppm=ppm, shape=shape)
    asked, said = follow(card, AudioSongClock(SAMPLE_RATE))
    residual_ms = (said - card.true_us(asked)) / 1_000
    assert residual_ms.std() <= 0.3
    assert np.abs(residual_ms[asked > 10_000_000]).max() < 1.5
    assert (np.diff(said) >= 0).all()


def test_what_the_filter_is_for_free_running_and_raw_position_do_worse():
    card = SoundCard(3)
    asked, said = follow(card, AudioSongClock(SAMPLE_RATE))
    followed = (said - card.true_us(asked)).std()
    free_running = (asked - card.true_us(asked)).std()
    places = [bisect.bisect_right(card.host_us, t) - 1 for t in asked.tolist()]
    raw = (card.frames[places] / SAMPLE_RATE * 1e6 - card.true_us(asked)).std()
    assert followed * 20 < free_running
    assert followed * 20 < raw


def test_the_rate_of_the_card_is_learned():
    clock = AudioSongClock(SAMPLE_RATE)
    follow(SoundCard(1, ppm=-150.0), clock)
    assert (clock.rate - 1) * 1e6 == pytest.approx(-150, abs=15)


def test_a_clock_gives_the_same_answer_for_a_past_time_however_late_it_is_asked():
    card = SoundCard(5, seconds=30)
    clock = AudioSongClock(SAMPLE_RATE)
    asked, said = follow(card, clock)
    assert [clock.song_us(int(t)) for t in asked] == said.tolist()


def test_the_kept_segments_alone_give_the_same_answers():
    clock = AudioSongClock(SAMPLE_RATE)
    asked, said = follow(SoundCard(6, seconds=30), clock)
    replayed = HostSongClock()
    replayed.segments = list(clock.segments)
    assert [replayed.song_us(int(t)) for t in asked] == said.tolist()
    assert len(clock.segments) < 30 * 6


@pytest.mark.parametrize("frame_us", [1_000_000, 100_000, 4_167])
def test_the_picture_rate_does_not_matter_for_how_well_it_follows(frame_us):
    card = SoundCard(2)
    asked, said = follow(card, AudioSongClock(SAMPLE_RATE), frame_us=frame_us)
    assert (said - card.true_us(asked)).std() < 600


def test_more_than_100_ms_behind_snaps_forward():
    clock = AudioSongClock(SAMPLE_RATE)
    clock.start(0, 0)
    clock.observe(1_000_000, round(1.3 * SAMPLE_RATE))
    assert clock.song_us(1_000_001) == pytest.approx(1_300_000, abs=5)


def test_a_little_behind_catches_up_without_a_step():
    clock = AudioSongClock(SAMPLE_RATE)
    clock.start(0, 0)
    assert clock.song_us(1_000_000) == 1_000_000
    clock.observe(1_000_000, round(1.03 * SAMPLE_RATE))
    times = np.arange(1_000_000, 1_400_000, 1_000)
    said = np.array([clock.song_us(int(t)) for t in times])
    assert said[0] == 1_000_000
    assert (np.diff(said) <= 1_101).all()
    assert said[-1] - times[-1] == pytest.approx(30_000, abs=1_000)


def test_ahead_of_the_sound_waits_and_goes_on_when_it_has_come():
    clock = AudioSongClock(SAMPLE_RATE)
    clock.start(0, 0)
    said = []
    for k in range(300):  # the card began 400 ms late
        host = 400_000 + k * 10_000
        said.append(clock.song_us(host))
        clock.observe(host, round(k * 0.01 * SAMPLE_RATE))
    assert said[0] == 400_000
    assert (np.diff(said) >= 0).all()
    assert said[5] == said[10] == said[20]
    assert clock.song_us(3_400_000) == pytest.approx(3_000_000, abs=2_000)


def test_an_underrun_moves_the_card_and_the_clock_follows_without_going_back():
    card = SoundCard(4, seconds=40)
    card.host_us[900:] += 60_000  # 60 ms in which nothing was played
    asked, said = follow(card, AudioSongClock(SAMPLE_RATE))
    late = asked > card.host_us[900] + 3_000_000
    off = said[late] - (asked[late] - 60_000) * card.rate
    assert np.abs(off).max() < 3_000
    assert (np.diff(said) >= 0).all()


def test_single_late_callbacks_hardly_count():
    card = SoundCard(7, seconds=60)
    card.host_us[::50] += 40_000
    card.host_us = np.maximum.accumulate(card.host_us)
    asked, said = follow(card, AudioSongClock(SAMPLE_RATE))
    settled = asked > 10_000_000
    assert (said - card.true_us(asked))[settled].std() < 600


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 200_000), st.integers(-400_000, 400_000)), min_size=1, max_size=60
    )
)
def test_never_backwards_whatever_is_observed(steps):
    clock = AudioSongClock(SAMPLE_RATE)
    clock.start(0, -2_000_000)
    host, before = 0, clock.song_us(0)
    for step, off in steps:
        host += step
        now = clock.song_us(host)
        assert now >= before
        clock.observe(host, max(0, round((host + off) * SAMPLE_RATE / 1e6)))
        before = clock.song_us(host)
        assert before >= now


@pytest.mark.parametrize("clock", [HostSongClock(), AudioSongClock()])
def test_pause_holds_and_resume_goes_on_or_rewinds(clock):
    clock.start(1_000, -500)
    assert clock.song_us(1_000) == -500
    assert clock.song_us(11_000) == 9_500
    clock.pause(21_000)
    assert not clock.running
    assert clock.song_us(500_000) == 19_500
    clock.resume(600_000)
    assert clock.song_us(610_000) == 29_500
    clock.pause(620_000)
    clock.resume(700_000, 5_000)
    assert clock.song_us(701_000) == 6_000
    assert clock.song_us(605_000) == 24_500  # what was, stays
    assert clock.host_us(6_000) == 701_000  # of the present run
    assert [row.rate for row in clock.segments] == [1.0, 0.0, 1.0, 0.0, 1.0]


def test_observations_while_paused_are_ignored():
    clock = AudioSongClock()
    clock.start(0, 0)
    clock.pause(1_000)
    clock.observe(2_000, 44_100)
    assert clock.song_us(3_000) == 1_000
    assert clock.song_us(3_000_000) == 1_000


def test_host_times_of_targets_come_back():
    clock = AudioSongClock(SAMPLE_RATE)
    follow(SoundCard(8, seconds=20), clock)
    for song in range(100_000, 25_000_000, 777_777):
        host = clock.host_us(song)
        assert clock.song_us(host) >= song
        assert clock.song_us(host - 1) < song or host in {row.host_us for row in clock.segments}


def test_a_clock_not_started_stands_at_nought_and_says_so():
    clock = HostSongClock()
    assert clock.song_us(123) == 0
    assert not clock.running
    with pytest.raises(ValueError, match="not been started"):
        clock.host_us(0)


def test_a_manual_clock_is_set_by_hand_and_never_goes_back():
    clock = ManualClock(5)
    clock.advance_to(10)
    clock.advance_to(7)
    assert clock() == 10
    clock.advance(3)
    assert clock() == 13
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)


def test_delays_shift_judging_and_drawing_and_the_patients_lag_shifts_nothing():
    delays = Delays(Delay(40_000, "loopback"), Delay(25_000, "by eye"), Delay(5_000, "ping"))
    slow = Delays(delays.audio, delays.display, delays.link, Delay(180_000, "measured"))
    for d in (delays, slow):
        assert d.judged_us(1_000_000) == 955_000
        assert d.drawn_us(1_000_000) == 985_000
        assert d.judged_us(1_000_000, silent=True) == 970_000
        assert d.drawn_us(1_000_000, silent=True) == 1_000_000
    assert (slow.audio_us, slow.display_us, slow.link_us, slow.motor_us) == (
        *(40_000, 25_000, 5_000, 180_000),
    )
    assert Delays().audio.source == "not measured"


def test_the_snap_limit_is_100_ms():
    assert SNAP_US == 100_000
