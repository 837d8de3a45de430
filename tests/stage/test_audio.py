"""What a sound card would get, measured; and real callbacks on a device that drops its frames."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from game.music.sound import SAMPLE_RATE, Stems, count_in_click, tick
from game.play.clock import AudioSongClock
from game.stage import audio
from game.stage.audio import AudioOut
from game.stage.mixer import DUCK, FADE_FRAMES, KNEE, LIFT, Mixer, add_stems

BUFFER = 441
SECOND = 1_000_000


def sine(hertz, seconds, level=0.2):
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def silence(seconds):
    return np.zeros((round(seconds * SAMPLE_RATE), 2), np.float32)


def song(seconds=8.0, melody=440.0):
    return Stems(sine(melody, seconds), silence(seconds), silence(seconds))


def playing(stems, song_us=0):
    mixer = Mixer()
    mixer.load(stems)
    mixer.play(song_us)
    return mixer


def pull(mixer, seconds, buffer=BUFFER, meanwhile=None):
    """The next frames, in buffers; ``meanwhile`` maps a buffer's number to what is asked then."""
    parts = []
    for number in range(round(seconds * SAMPLE_RATE / buffer)):
        if meanwhile and number in meanwhile:
            meanwhile[number](mixer)
        part = np.full((buffer, 2), np.nan, np.float32)
        mixer.fill(part)
        parts.append(part)
    return np.concatenate(parts)


def level_db(sound, start_s, end_s):
    part = sound[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE), 0]
    return 20 * np.log10(np.sqrt(np.mean(part.astype(float) ** 2)))


def largest_step(sound):
    return float(np.abs(np.diff(sound[:, 0])).max())


def test_the_song_comes_out_as_it_is_frame_for_frame():
    stems = Stems(sine(440, 1), sine(220, 1), sine(880, 1))
    heard = pull(playing(stems, -SECOND // 2), 1.5)
    start = SAMPLE_RATE // 2
    assert not heard[:start].any()
    assert heard[start:] == pytest.approx(stems.melody + stems.backing, abs=1e-6)


@pytest.mark.parametrize("buffer", [1, 64, 441, 1_024, 4_410])
def test_the_size_of_the_buffers_changes_nothing(buffer):
    def mixer():
        m = playing(song(0.5), -SECOND // 10)
        m.schedule(50_000, count_in_click(True))
        m.hit(0, None, 100_000)
        return m

    heard, plain = pull(mixer(), 0.4, buffer), pull(mixer(), 0.4, 441)
    both = min(len(heard), len(plain))
    assert both > 0.3 * SAMPLE_RATE
    assert heard[:both] == pytest.approx(plain[:both], abs=2e-6)


def test_after_the_end_there_is_silence_and_the_frames_are_counted_on():
    mixer = playing(song(0.1))
    heard = pull(mixer, 1.0)
    assert not heard[SAMPLE_RATE // 5 :].any()
    assert mixer.frames_handed == mixer.run_frames == mixer.position == SAMPLE_RATE


def test_a_hit_lifts_the_melody_by_3_db_until_the_next_target():
    mixer = playing(song())
    heard = pull(mixer, 3.0, meanwhile={100: lambda m: m.hit(SECOND, 2 * SECOND, 500_000)})
    plain = level_db(heard, 0.5, 1.0)
    assert level_db(heard, 1.1, 2.0) - plain == pytest.approx(3.0, abs=0.05)
    assert level_db(heard, 2.1, 2.9) - plain == pytest.approx(0.0, abs=0.05)


def test_a_lift_ends_after_four_beats_if_no_target_comes():
    mixer = playing(song())
    mixer.hit(0, 60 * SECOND, 500_000)
    heard = pull(mixer, 4.0)
    assert level_db(heard, 0.5, 1.9) - level_db(heard, 2.2, 3.9) == pytest.approx(3.0, abs=0.05)


def test_a_miss_ducks_by_at_most_6_db_for_at_most_a_beat():
    mixer = playing(song())
    heard = pull(mixer, 3.0, meanwhile={100: lambda m: m.miss(SECOND, 500_000)})
    plain = level_db(heard, 0.5, 1.0)
    assert -6.0 <= level_db(heard, 1.1, 1.49) - plain <= -4.5
    assert level_db(heard, 1.6, 2.9) - plain == pytest.approx(0.0, abs=0.05)


def test_a_hit_ends_a_duck_and_a_miss_a_lift():
    mixer = playing(song())
    mixer.miss(0, 4 * SECOND)
    heard = pull(
        mixer,
        3.0,
        meanwhile={
            100: lambda m: m.hit(SECOND, None, 4 * SECOND),
            200: lambda m: m.miss(2 * SECOND, 4 * SECOND),
        },
    )
    assert level_db(heard, 1.2, 2.0) - level_db(heard, 0.2, 1.0) == pytest.approx(8.5, abs=0.1)
    assert level_db(heard, 2.2, 3.0) == pytest.approx(level_db(heard, 0.2, 1.0), abs=0.1)


def test_only_the_melody_is_lifted():
    mixer = playing(Stems(silence(2), sine(440, 2), silence(2)))
    mixer.hit(0, None, SECOND)
    heard = pull(mixer, 1.0)
    assert level_db(heard, 0.2, 0.9) == pytest.approx(level_db(sine(440, 1), 0.2, 0.9), abs=0.01)


def test_no_gain_ramp_pause_jump_or_volume_makes_a_click():
    mixer = playing(song(20.0, melody=200.0))
    heard = pull(
        mixer,
        6.0,
        meanwhile={
            50: lambda m: m.hit(500_000, None, 300_000),
            103: lambda m: m.miss(SECOND, 400_000),
            171: lambda m: m.volumes(0.2, 1.0),
            230: lambda m: m.volumes(1.0, 1.0),
            290: lambda m: m.pause(),
            320: lambda m: m.resume(),
            377: lambda m: m.play(7_001_234),
            450: lambda m: m.layer(True),
            500: lambda m: m.load(song(2.0, melody=200.0)),
            531: lambda m: m.play(777_777),
        },
    )
    # A 200 Hz sine of 0.2, lifted by 3 dB, moves by at most this between two samples; the fade
    # of 10 ms adds a 441st of its height.
    steepest = 0.2 * LIFT * (2 * np.pi * 200 / SAMPLE_RATE + 1.2 / FADE_FRAMES)
    assert largest_step(heard) <= steepest


def test_a_step_in_the_gain_would_be_seen_by_that_measure():
    sound = sine(200, 1.0)
    sound[22_100:] *= LIFT
    assert largest_step(sound) > 0.2 * LIFT * (2 * np.pi * 200 / SAMPLE_RATE + 1.2 / FADE_FRAMES)


def test_pause_stands_still_and_resume_goes_on_where_it_stood():
    mixer = playing(song())
    pull(mixer, 1.0)
    mixer.pause()
    heard = pull(mixer, 1.0)
    assert not heard[FADE_FRAMES + 1 :].any()
    stood = mixer.position
    assert stood - SAMPLE_RATE <= FADE_FRAMES
    assert not mixer.playing
    run = mixer.resume()
    pull(mixer, 0.5)
    assert mixer.run == run
    assert mixer.position == stood + mixer.run_frames == stood + SAMPLE_RATE // 2


def test_a_jump_lands_exactly_and_counts_its_frames_from_there():
    mixer = playing(song())
    pull(mixer, 0.5)
    run = mixer.play(3 * SECOND)
    pull(mixer, 0.5)
    assert mixer.run == run
    assert mixer.position == 3 * SAMPLE_RATE + mixer.run_frames
    assert SAMPLE_RATE // 2 - mixer.run_frames == FADE_FRAMES


def test_scheduled_clicks_sound_at_their_frame_while_counting_in():
    click = count_in_click(True)
    mixer = Mixer()
    mixer.load(song())
    for beat in range(4):
        mixer.schedule(-2 * SECOND + beat * 500_000, click)
    pull(mixer, 0.3)  # nothing moves yet, so nothing may be dropped
    mixer.play(-2 * SECOND)
    heard = pull(mixer, 2.0)
    for beat in range(4):
        start = beat * SAMPLE_RATE // 2
        assert heard[start : start + len(click)] == pytest.approx(click, abs=1e-6)
        assert not heard[start + len(click) : start + SAMPLE_RATE // 2].any()


def test_a_click_that_is_past_is_dropped_and_clearing_forgets_the_rest():
    mixer = playing(Stems(silence(9), silence(9), silence(9)))
    pull(mixer, 1.0)
    mixer.schedule(SECOND // 2, tick())
    mixer.schedule(3 * SECOND, tick())
    assert not pull(mixer, 1.0).any()
    mixer.clear_schedule()
    assert not pull(mixer, 2.0).any()


def test_sounds_of_presses_come_at_once_over_the_music_and_have_their_own_volume():
    mixer = playing(Stems(silence(2), silence(2), silence(2)))
    mixer.volumes(1.0, 0.5)
    mixer.sound(sine(700, 0.2), 0.5)
    heard = pull(mixer, 0.5)
    assert np.abs(heard[: SAMPLE_RATE // 5]).max() == pytest.approx(0.05, rel=0.01)
    assert not heard[SAMPLE_RATE // 5 :].any()


def test_sounds_play_while_the_music_is_paused_or_there_is_none():
    mixer = Mixer()
    mixer.sound(tick())
    assert np.abs(pull(mixer, 0.1)).max() > 0.01


def test_many_sounds_and_a_loud_song_never_reach_the_ceiling():
    loud = sine(100, 2.0, level=0.86)
    mixer = playing(Stems(loud, loud, loud))
    for _ in range(40):
        mixer.sound(sine(100, 1.0, level=0.8))
    heard = pull(mixer, 1.0)
    assert np.abs(heard).max() < 1.0


def test_below_the_knee_the_ceiling_changes_nothing():
    loud = sine(100, 0.5, level=KNEE - 0.001)
    heard = pull(playing(Stems(loud, silence(0.5), silence(0.5))), 0.4)
    assert np.array_equal(heard[FADE_FRAMES:], loud[FADE_FRAMES : len(heard)])


def test_the_extra_layer_swells_in_and_out():
    mixer = playing(Stems(silence(6), silence(6), sine(440, 6)))
    heard = pull(
        mixer, 5.0, meanwhile={100: lambda m: m.layer(True), 350: lambda m: m.layer(False)}
    )
    assert not heard[:SAMPLE_RATE].any()
    assert level_db(heard, 3.0, 3.4) == pytest.approx(level_db(sine(440, 1), 0.1, 0.9), abs=0.1)
    assert level_db(heard, 4.8, 5.0) < -40


def test_read_only_stems_do_not_make_the_callback_compile():
    stems = song(0.2)
    for part in (stems.melody, stems.backing, stems.layer):
        part.flags.writeable = False
    mixer = playing(stems)
    mixer.warm()
    known = list(add_stems.signatures)
    pull(mixer, 0.1)
    assert add_stems.signatures == known


def wait_for(what):
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.005)


def follow(out, clock, seconds, song_us):
    out.mixer.play(song_us)
    clock.start(audio.host_clock(), song_us)
    return go_on(out, clock, seconds)


def go_on(out, clock, seconds):
    """What was observed and what the clock said, looked at as often as a game does."""
    seen, said, until = [], [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        out.poll()
        for host_us, frames in out.observations():
            clock.observe(host_us, frames)
            seen.append((host_us, frames))
        said.append(clock.song_us(audio.host_clock()))
        time.sleep(0.008)
    return seen, said


@pytest.mark.parametrize("backend", ["null", "thread"])
def test_real_callbacks_count_their_frames_exactly_and_drive_the_song_clock(backend):
    with AudioOut(backend=backend) as out:
        assert out.kind == backend
        out.mixer.load(song())
        clock = AudioSongClock(SAMPLE_RATE)
        seen, said = follow(out, clock, 1.2, -SECOND // 2)
        host, frames = np.array(seen).T
    assert frames[0] == 0
    assert (np.diff(frames) > 0).all()
    assert (np.diff(said) >= 0).all()
    assert out.mixer.run_frames == out.mixer.position + SAMPLE_RATE // 2
    assert frames[-1] <= out.mixer.run_frames
    elapsed = (host[-1] - host[0]) / SECOND
    assert frames[-1] / SAMPLE_RATE == pytest.approx(elapsed, abs=0.4)
    assert out.longest_us < 1_000_000
    handed = out.mixer.frames_handed
    time.sleep(0.05)
    assert out.mixer.frames_handed == handed, "a closed device still pulls"


def test_observations_of_an_earlier_run_are_left_out():
    with AudioOut(backend="null") as out:
        out.mixer.load(song())
        out.mixer.play(0)
        wait_for(lambda: out.mixer.position > 0)
        out.mixer.play(5 * SECOND)
        wait_for(lambda: out.mixer.position > 5 * SAMPLE_RATE)
        frames = [row[1] for row in out.observations()]
    assert frames == sorted(frames)
    assert frames[0] < 0.1 * SAMPLE_RATE


def test_a_device_that_goes_is_replaced_by_silence_that_keeps_time(monkeypatch):
    with AudioOut(backend="null") as out:
        out.kind = "device"  # as if the null device were a sound card
        out.silent_reason = None
        assert not out.poll()
        out._device.stop()
        out._stopped()
        assert out.poll()
        assert out.silent_reason == audio.DEVICE_LOST
        before = out.mixer.frames_handed
        wait_for(lambda: out.mixer.frames_handed > before)
        assert not out.poll()


def as_a_sound_card(out):
    """The null device of miniaudio, taken for a sound card."""
    assert out.kind == "null"
    out.kind = "device"
    return out


def test_a_device_that_stops_asking_without_a_word_is_given_up(monkeypatch):
    with AudioOut(backend="null") as out:
        as_a_sound_card(out)
        out.mixer.load(song())
        out.mixer.play(0)
        time.sleep(0.1)
        assert not out.poll()
        monkeypatch.setattr(audio, "GONE_US", 200_000)
        out._device.stop_callback = None
        out._device.stop()
        wait_for(out.poll)
        assert out.silent_reason == audio.DEVICE_LOST
        assert out.latency_us == 0


@pytest.mark.parametrize("harm", ["raises", "hangs"])
def test_a_song_goes_on_in_silence_when_its_device_vanishes(monkeypatch, harm):
    with AudioOut(backend="null") as out:
        as_a_sound_card(out)
        out.mixer.load(song(20.0))
        clock = AudioSongClock(SAMPLE_RATE)
        follow(out, clock, 0.5, 0)
        device, hung = out._device, threading.Event()

        def closed():
            if harm == "raises":
                raise OSError("no such device")
            hung.wait(30)

        monkeypatch.setattr(device, "close", closed)
        device.stop()
        out._stopped()
        began = time.perf_counter()
        assert out.poll()
        assert time.perf_counter() - began < 15, "the loop waited for a device that is gone"
        before = clock.song_us(audio.host_clock())
        said = []
        for _ in range(100):
            for host_us, frames in out.observations():
                clock.observe(host_us, frames)
            said.append(clock.song_us(audio.host_clock()))
            time.sleep(0.008)
        hung.set()
        assert out.silent_reason == audio.DEVICE_LOST
        assert (np.diff(said) >= 0).all()
        assert said[-1] - before > 0.5 * SECOND
        monkeypatch.undo()
        device.close()


@pytest.mark.parametrize("where", ["opening", "starting"])
def test_a_driver_that_fails_is_silence_and_not_the_end(monkeypatch, where):
    import miniaudio

    def broken(*_, **__):
        raise miniaudio.MiniaudioError("the driver says no")

    if where == "opening":
        monkeypatch.setattr(miniaudio, "PlaybackDevice", broken)
    else:
        monkeypatch.setattr(miniaudio.PlaybackDevice, "start", broken)
    with AudioOut() as out:
        assert out.kind == "thread"
        assert out.silent_reason == audio.NO_DEVICE
        before = out.mixer.frames_handed
        time.sleep(0.2)
        assert out.mixer.frames_handed > before


def test_an_error_in_the_mix_is_a_dropout_and_not_the_end(monkeypatch):
    with AudioOut(backend="null") as out:

        def broken(_):
            raise RuntimeError("no")

        monkeypatch.setattr(out.mixer, "fill", broken)
        time.sleep(0.1)
        monkeypatch.undo()
        before = out.mixer.frames_handed
        time.sleep(0.2)
        assert out.mixer.frames_handed > before


def test_without_a_sound_card_the_game_is_told_so_in_a_sentence_and_stderr_stays_clean(tmp_path):
    # An ALSA configuration with no cards and no sound servers to reach: a machine with no sound.
    empty = tmp_path / "asound.conf"
    empty.write_text("")
    program = (
        "import time\n"
        "from game.stage.audio import AudioOut\n"
        "with AudioOut() as out:\n"
        "    time.sleep(0.2)\n"
        "    print(out.kind, out.silent_reason, out.mixer.frames_handed > 0, out.latency_us)\n"
    )
    nowhere = {"XDG_RUNTIME_DIR": str(tmp_path), "PULSE_SERVER": str(tmp_path / "none")}
    nowhere |= {"ALSA_CONFIG_PATH": str(empty), "JACK_NO_START_SERVER": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | nowhere,
        check=True,
    )
    if done.stdout.startswith("device"):
        pytest.skip("this system's sound does not go through ALSA, PulseAudio or JACK")
    assert done.stdout.strip() in (
        f"null {audio.NO_DEVICE} True 0",
        f"thread {audio.NO_DEVICE} True 0",
    )
    assert "ALSA" not in done.stderr


def test_a_backend_is_one_of_three():
    with pytest.raises(ValueError, match="thread"):
        AudioOut(backend="loud")


def test_levels_are_what_the_song_may_do():
    assert 20 * np.log10(LIFT) == pytest.approx(3.0)
    assert -6.0 <= 20 * np.log10(DUCK) < 0
