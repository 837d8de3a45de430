"""The song in focus, heard before it is chosen: real renderer, real mixer, time by the hand."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from game.music.errors import MusicError
from game.music.library import Entry
from game.music.reading import read_song
from game.music.sound import SAMPLE_RATE, RenderWorker, Stems
from game.play.clock import ManualClock
from game.play.setup import Player, PlayOptions, prepare
from game.stage.ahead import Making
from game.stage.mixer import Mixer
from game.stage.preview import (
    FADE_OUT_US,
    GAIN,
    HEARD_US,
    READY_US,
    REST_US,
    Preview,
    clip,
    telling_part,
)
from tests.music.sound.songs import band, notes, song

SONGS = Path(__file__).parents[2] / "songs"
SECOND = 1_000_000


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    with RenderWorker(tmp_path_factory.mktemp("cache")) as made:
        made.start()
        yield made


class Sound:
    """A sound card that is pulled by the test."""

    def __init__(self):
        self.mixer = Mixer()
        self.silent_reason = None

    def hear(self, seconds):
        out = np.zeros((round(seconds * SAMPLE_RATE), 2), np.float32)
        for start in range(0, len(out), 441):
            self.mixer.fill(out[start : start + 441])
        return out


def entry(name, ok=True):
    return Entry(key=name, path=SONGS / f"{name}.mid", title=name, ok=ok, content_hash=name)


class Chooser:
    """A list with the focus on one song, and what it makes of it."""

    def __init__(self, worker, sounds=True):
        self.now = ManualClock(5 * SECOND)
        self.sound = Sound()
        self.preview = Preview(self.sound, worker, self.now, sounds=sounds)
        self.made = []

    def make(self, entry):
        self.made.append(entry.key)
        return Making(
            entry.path,
            lambda song: prepare(song, entry.key, Player(), PlayOptions(rate=1.0)),
        )

    def rest(self, entry, seconds):
        """Frames of 50 ms with the focus on ``entry``; the slow things are given their time."""
        for _ in range(round(seconds / 0.05)):
            self.preview.step(entry, self.make)
            self.settle()
            self.now.advance(50_000)
        self.preview.step(entry, self.make)

    def settle(self):
        rest = self.preview._rest
        if rest is not None and rest.making is not None:
            rest.making.play._thread.join()
            rest.making.tuning._thread.join()
            if rest.job is not None:
                with_error = time.monotonic() + 60
                while not rest.job.done and time.monotonic() < with_error:
                    time.sleep(0.002)
                rest.job.result().whole.wait(120)


def level(sound):
    return float(np.sqrt(np.mean(np.square(sound, dtype=float))))


def test_a_song_sounds_once_the_focus_rests_on_it(worker):
    chooser = Chooser(worker)
    chooser.rest(entry("ode-to-joy"), 0.55)
    assert not chooser.preview.sounding
    assert not chooser.sound.hear(0.1).any()
    chooser.rest(entry("ode-to-joy"), 0.15)
    assert chooser.preview.sounding
    assert level(chooser.sound.hear(2.0)) > 0.01


def test_it_is_the_telling_part_softer_than_in_a_play(worker):
    chooser = Chooser(worker)
    chooser.rest(entry("ode-to-joy"), 0.8)
    heard = chooser.sound.hear(11.0)
    stems = worker.request(read_song(SONGS / "ode-to-joy.mid")).result()
    stems.whole.wait(120)
    from_us, until_us = telling_part(read_song(SONGS / "ode-to-joy.mid"))
    part = slice(round(from_us * 0.0441), round(until_us * 0.0441))
    plain = (stems.melody + stems.backing)[part]
    middle = slice(2 * SAMPLE_RATE, 8 * SAMPLE_RATE)
    assert heard[middle] == pytest.approx(GAIN * plain[middle], abs=1e-3)
    assert level(heard[: SAMPLE_RATE // 20]) < 0.1 * level(plain[: SAMPLE_RATE // 20])
    assert not heard[10 * SAMPLE_RATE + 1_000 :].any(), "it stops by itself"


def test_it_stops_at_once_when_the_focus_moves_and_without_a_click(worker):
    chooser = Chooser(worker)
    chooser.rest(entry("ode-to-joy"), 0.8)
    before = chooser.sound.hear(2.0)
    chooser.preview.step(entry("greensleeves"), chooser.make)
    assert not chooser.preview.sounding
    after = chooser.sound.hear(0.5)
    assert not after[round(0.02 * SAMPLE_RATE) :].any()
    seam = np.concatenate([before[-2_000:], after])
    assert np.abs(np.diff(seam, axis=0)).max() <= 1.1 * np.abs(np.diff(before, axis=0)).max()


@pytest.mark.parametrize("elsewhere", [None, entry("broken", ok=False)])
def test_it_stops_on_anything_that_is_no_song(worker, elsewhere):
    chooser = Chooser(worker)
    chooser.rest(entry("ode-to-joy"), 0.8)
    assert chooser.preview.sounding
    chooser.preview.step(elsewhere, chooser.make)
    chooser.sound.hear(0.05)
    assert not chooser.sound.hear(0.2).any()
    assert "broken" not in chooser.made


def test_leaving_stops_it_and_coming_back_begins_anew(worker):
    chooser = Chooser(worker)
    chooser.rest(entry("ode-to-joy"), 0.8)
    chooser.preview.stop()
    chooser.sound.hear(0.05)
    assert not chooser.sound.hear(0.2).any()
    chooser.rest(entry("ode-to-joy"), 0.8)
    assert chooser.preview.sounding


def test_a_focus_that_only_passes_makes_nothing_ready(worker):
    chooser = Chooser(worker)
    for name in ("ode-to-joy", "greensleeves", "fur-elise"):
        chooser.rest(entry(name), READY_US / SECOND - 0.05)
    assert chooser.made == []


def test_a_song_is_heard_once(worker):
    chooser = Chooser(worker)
    chooser.rest(entry("ode-to-joy"), 0.8)
    chooser.sound.hear(0.5)
    chooser.rest(entry("ode-to-joy"), HEARD_US / SECOND + 5)
    assert not chooser.preview.sounding
    assert chooser.made == ["ode-to-joy"]


@pytest.mark.parametrize("why", ["settings", "no device"])
def test_it_is_silent_where_it_should_be_and_the_song_is_ready_all_the_same(worker, why):
    chooser = Chooser(worker, sounds=why != "settings")
    if why == "no device":
        chooser.sound.silent_reason = "No sound device was found."
    chooser.rest(entry("ode-to-joy"), 2.0)
    assert not chooser.preview.sounding
    assert not chooser.sound.hear(1.0).any()
    assert chooser.preview._rest.job.done


def test_a_song_that_cannot_be_played_is_passed_over(worker):
    chooser = Chooser(worker)
    missing = replace(entry("ode-to-joy"), key="gone", path=SONGS / "gone.mid")
    for _ in range(40):
        chooser.preview.step(missing, chooser.make)
        if chooser.preview._rest.making is not None:
            chooser.preview._rest.making.play._thread.join()
        chooser.now.advance(50_000)
    assert not chooser.preview.sounding
    assert chooser.made == ["gone"]


def test_the_wait_for_it_never_holds_up_a_frame(worker):
    chooser = Chooser(worker)
    slow = threading.Event()

    def making(entry):
        return Making(entry.path, lambda song: slow.wait(60) and None)

    began = time.perf_counter()
    for _ in range(50):
        chooser.preview.step(entry("ode-to-joy"), making)
        chooser.now.advance(50_000)
    took = time.perf_counter() - began
    slow.set()
    assert took < 30


# What is heard


def test_a_section_that_is_called_chorus_is_taken():
    made = replace(band(60), sections=((0, "Intro"), (20 * SECOND, "Chorus 1"), (40 * SECOND, "x")))
    assert telling_part(made)[0] == pytest.approx(20 * SECOND, abs=SECOND)


@pytest.mark.parametrize("name", ["Refrain", "CHORUS", "The refrain, last time", "Kehrvers"])
def test_in_whatever_way_it_is_written(name):
    made = replace(band(60), sections=((0, "Verse"), (30 * SECOND, name)))
    assert 29 * SECOND <= telling_part(made)[0] <= 30 * SECOND


def test_the_notes_that_lead_into_it_belong_to_it():
    sung = notes(*((start, 0.2, 70) for start in (1, 5, 19.0, 19.5, 19.75, 20, 21)))
    made = replace(song(sung, 40), sections=((20 * SECOND, "Chorus"),))
    assert telling_part(made)[0] == 19 * SECOND


def test_without_one_the_melody_begins():
    made = song(notes((7.5, 1, 60), (8.5, 1, 62)), 60)
    assert telling_part(made) == (7_500_000, 17_500_000)
    assert telling_part(song(notes(), 60)) == (0, HEARD_US)


@pytest.mark.parametrize("seconds", [1, 4, 8, 12])
def test_a_part_lies_in_its_song(seconds):
    made = song(notes((seconds - 0.5, 0.4, 60)), seconds)
    made = replace(made, sections=(((seconds - 0.4) * SECOND, "Chorus"),))
    from_us, until_us = telling_part(made)
    assert 0 <= from_us < until_us <= seconds * SECOND


def test_every_bundled_song_has_a_part_of_ten_seconds_with_its_melody_in_it():
    for path in sorted(SONGS.glob("*.mid")):
        made = read_song(path)
        from_us, until_us = telling_part(made)
        times = made.melody_notes["time_us"]
        assert until_us - from_us == HEARD_US, path.stem
        assert ((times >= from_us) & (times < until_us)).sum() >= 4, path.stem
        assert (times[times >= from_us] - from_us).min() < 3 * SECOND, path.stem


def test_a_clip_fades_at_both_ends_and_leaves_the_song_as_it_is():
    loud = np.full((20 * SAMPLE_RATE, 2), 0.5, np.float32)
    stems = Stems(loud, loud.copy(), loud.copy())
    part = clip(stems, 2 * SECOND, 12 * SECOND)
    assert len(part) == 10 * SAMPLE_RATE
    assert part.backing[0].max() == 0
    assert part.backing[5 * SAMPLE_RATE] == pytest.approx(GAIN)
    assert np.abs(np.diff(part.backing, axis=0)).max() < 1e-3
    assert (part.backing[-round(FADE_OUT_US * 0.0441) :][::4_000, 0] > 0)[:-1].all()
    assert not part.melody.any()
    assert not part.layer.any()
    assert (stems.melody == 0.5).all()


def test_what_went_wrong_while_rendering_is_no_concern_of_the_chooser(worker, monkeypatch):
    chooser = Chooser(worker)

    def refuse(*_, **__):
        raise MusicError("no")

    monkeypatch.setattr(worker, "request", refuse)
    for _ in range(30):
        chooser.preview.step(entry("ode-to-joy"), chooser.make)
        if chooser.preview._rest.making is not None:
            chooser.preview._rest.making.play._thread.join()
        chooser.now.advance(50_000)
    assert not chooser.preview.sounding
    assert REST_US > READY_US
