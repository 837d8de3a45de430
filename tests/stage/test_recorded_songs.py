"""A song with its own recording: what a sound card gets, and when."""

import time
from dataclasses import replace

import numpy as np
import pytest

from game.core.data import TARGET
from game.music.chart import Chart
from game.music.errors import MusicError
from game.music.reading import read_song
from game.music.song import Recorded
from game.music.sound import SAMPLE_RATE, RenderWorker, render
from game.play.performance import Event, EventKind
from game.play.setup import Player, PlayOptions, prepare
from game.stage.mixer import DUCK, LIFT, Mixer
from game.stage.sounds import PlaySounds, PressSounds
from tests.music.importing.foreign import clicks, tone, write_sound
from tests.music.songs import ODE_A, melody_only

#: Song time 0 is at this second of the recordings here.
OFFSET_S = 1.5


def recorded_ode(folder, click_times_s=(), lead=None):
    """Eight bars of Ode to joy beside a recording that clicks at these times of the song."""
    path = melody_only(folder / "song.mid", ODE_A)
    path.with_suffix(".toml").write_text(f"[audio]\noffset_s = {OFFSET_S}\n")
    at = [OFFSET_S + second for second in click_times_s]
    write_sound(folder / "song.opus", clicks(22, at, 48_000), 48_000)
    if lead is not None:
        write_sound(folder / "song.lead.ogg", lead)
    return read_song(path)


def heard(mixer, seconds, buffer=441):
    """The next seconds of the mix."""
    out = np.zeros((round(seconds * SAMPLE_RATE) // buffer * buffer, 2), np.float32)
    for first in range(0, len(out), buffer):
        mixer.fill(out[first : first + buffer])
    return out


def test_a_click_on_a_target_is_heard_at_the_targets_time(tmp_path):
    silent = prepare(recorded_ode(tmp_path), "song", Player(), PlayOptions(rate=1.0))
    # Not the one at time 0: a recording that begins in the middle of a sound is faded in there.
    targets = silent.chart.targets["time_us"][1:] / 1e6
    assert len(targets) > 10
    song = recorded_ode(tmp_path, targets)
    prepared = prepare(song, "song", Player(), PlayOptions(rate=1.0))
    with RenderWorker(tmp_path / "cache") as worker:
        stems = worker.request(song, prepared.tempo).result()
        assert stems.whole.wait(120)
    mixer = Mixer()
    mixer.load(stems)
    mixer.play(-prepared.lead_us)
    sound = np.abs(heard(mixer, prepared.lead_us / 1e6 + targets[-1] + 1)).max(axis=1)
    lead_frames = round(prepared.lead_us * SAMPLE_RATE / 1e6)
    assert not sound[: lead_frames - 5].any(), "before the song only the counted bar is heard"
    for second in targets:
        expected = lead_frames + round(second * SAMPLE_RATE)
        around = sound[expected - 2_000 : expected + 2_000]
        assert around.argmax() - 2_000 == pytest.approx(0, abs=22), "half a millisecond"
        assert around.max() > 0.35


def test_hits_lift_and_misses_duck_the_lead_stem_alone(tmp_path):
    song = recorded_ode(tmp_path, lead=tone(22, 1_000, level=0.2))
    stems = render(song)
    mixer = Mixer()
    mixer.load(stems)
    mixer.play(0)

    def lead_level():
        """The level of the lead's own tone in the last 0.2 s of half a second."""
        sound = heard(mixer, 0.5)[-8_820:, 0]
        return float(np.abs(np.fft.rfft(sound * np.hanning(len(sound)))[200]))

    plain = lead_level()
    mixer.hit(500_000, None, 500_000)
    assert lead_level() / plain == pytest.approx(LIFT, rel=0.02)
    mixer.miss(1_000_000, 900_000)
    assert lead_level() / plain == pytest.approx(DUCK, rel=0.02)


def test_a_recording_is_decoded_once_and_again_only_when_it_changes(tmp_path):
    song = recorded_ode(tmp_path, (1.0,))
    cache = tmp_path / "cache"
    first = render(song, cache_dir=cache)
    assert np.array_equal(first.backing, render(song, cache_dir=cache).backing)
    assert len(list(cache.iterdir())) == 1
    changed = render(recorded_ode(tmp_path, (2.0,)), cache_dir=cache)
    assert not np.array_equal(first.backing, changed.backing)
    assert len(list(cache.iterdir())) == 2


def test_a_recording_that_has_gone_or_is_broken_is_told_in_a_sentence(tmp_path):
    song = recorded_ode(tmp_path)
    (tmp_path / "song.opus").write_bytes(b"OggS but no more")
    with RenderWorker(tmp_path / "cache") as worker:
        with pytest.raises(MusicError, match=r"song\.opus.*cannot be decoded"):
            worker.request(song).result()
        (tmp_path / "song.opus").unlink()
        with pytest.raises(MusicError, match=r"song\.opus.*cannot be read"):
            worker.request(song).result()


def test_a_recording_that_crashes_the_decoder_takes_nothing_with_it(tmp_path):
    song = recorded_ode(tmp_path)
    write_sound(tmp_path / "long.wav", tone(120, 300))
    endless = replace(
        song, recorded=Recorded(tmp_path / "long.wav", None, 0), length_us=120_000_000
    )
    with RenderWorker(tmp_path / "cache") as worker:
        worker.request(song).result()
        job = worker.request(endless)
        while job.progress == 0.0:
            time.sleep(0.001)
        worker._process.kill()
        with pytest.raises(MusicError, match="recording may be broken"):
            job.result(timeout_s=120)
        assert len(worker.request(replace(song, content_hash="1")).result()) > 0


def test_a_recording_keeps_its_tempo_and_says_so(tmp_path):
    song = recorded_ode(tmp_path)
    with pytest.raises(MusicError, match="its own recording"):
        prepare(song, "song", Player(), PlayOptions(tempo=0.8))
    slow = prepare(song, "song", Player(previous_tempo=1.1), PlayOptions(rate=3.0))
    assert slow.tempo == 1.0
    assert prepare(song, "song", Player(), PlayOptions(tempo=1.0)).tempo == 1.0
    with pytest.raises(ValueError, match=r"tempo 1\.0"):
        render(song, 0.9)


def test_a_hit_on_a_target_without_a_pitch_is_plucked_and_a_near_press_softly(tmp_path):
    targets = np.zeros(2, TARGET)
    targets["time_us"] = (1_000_000, 2_000_000)
    beats = np.arange(0, 4_000_001, 500_000)
    chart = Chart(targets, (0.5,), np.array([[0, 4_000_000]]), 1.0, 4_000_000, beats, beats[::4])
    sounds = PlaySounds.of(recorded_ode(tmp_path), chart)
    loudness = []
    for kind in (EventKind.NEAR, EventKind.HIT):
        mixer = Mixer()
        presses = PressSounds(mixer, sounds, chart)
        presses.hear([Event(kind, 1_000_000, 0, target=0)], targets)
        loudness.append(float(np.abs(heard(mixer, 0.3)).max()))
    assert 0.05 < loudness[0] < 0.5 * loudness[1]
