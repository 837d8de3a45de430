"""Making ready what will probably be asked for."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from game.music.errors import MusicError
from game.music.library import Entry
from game.music.reading import read_song
from game.music.sound import RenderWorker, render
from game.play.clock import ManualClock
from game.play.setup import Player, PlayOptions, prepare
from game.stage.ahead import FRESH_S, Ahead, Making, WithItsMusic
from game.stage.sounds import PlaySounds

SONGS = Path(__file__).parents[2] / "songs"
ODE = Entry(key="ode-to-joy", path=SONGS / "ode-to-joy.mid", title="Ode", ok=True, content_hash="1")
OPTIONS = PlayOptions(rate=1.0)


class Desk:
    """Prepares real plays and counts them."""

    def __init__(self):
        self.prepared = []

    def prepare(self, entry, who, input_kind, options, song):
        self.prepared.append((entry.key, who, input_kind))
        return prepare(song, entry.key, Player(), options)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def ahead(clock):
    return Ahead(lambda: clock() / 1e6)


def test_a_play_comes_with_the_voices_of_its_pitches():
    making = Making(ODE.path, lambda song: Desk().prepare(ODE, None, "keyboard", OPTIONS, song))
    prepared = making.play.wait()
    making.tuning.wait()
    whole = PlaySounds.of(prepared.song, prepared.chart)
    assert making.sounds.voices.keys() == whole.voices.keys()
    assert set(prepared.chart.targets["pitch"].tolist()) == set(whole.voices)


def test_what_was_looked_at_is_what_is_played(ahead):
    desk = Desk()
    looked_at = ahead.song(desk, ODE, "someone", "keyboard", OPTIONS)
    assert ahead.song(desk, ODE, "someone", "keyboard", OPTIONS) is looked_at
    assert ahead.take(desk, ODE, "someone", "keyboard", OPTIONS) is looked_at
    looked_at.play.wait()
    assert len(desk.prepared) == 1


def test_a_play_is_played_once_and_made_anew_for_the_next_time(ahead):
    desk = Desk()
    first = ahead.take(desk, ODE, "someone", "keyboard", OPTIONS)
    second = ahead.take(desk, ODE, "someone", "keyboard", OPTIONS)
    assert first is not second
    assert first.play.wait().performance is not second.play.wait().performance


@pytest.mark.parametrize(
    "asked",
    [
        (replace(ODE, content_hash="2"), "someone", "keyboard", OPTIONS),
        (replace(ODE, key="another"), "someone", "keyboard", OPTIONS),
        (ODE, "someone else", "keyboard", OPTIONS),
        (ODE, "someone", "glove", OPTIONS),
        (ODE, "someone", "keyboard", PlayOptions(rate=2.0)),
    ],
)
def test_another_song_player_input_or_wish_is_another_play(ahead, asked):
    desk = Desk()
    looked_at = ahead.song(desk, ODE, "someone", "keyboard", OPTIONS)
    taken = ahead.take(desk, *asked)
    assert taken is not looked_at
    assert taken.play.wait().rate == asked[3].rate


def test_what_was_worked_out_about_a_song_meanwhile_changes_nothing(ahead):
    desk = Desk()
    looked_at = ahead.song(desk, ODE, "someone", "keyboard", OPTIONS)
    known = replace(ODE, rates=(0.1, 0.2), seconds=99.0)
    assert ahead.take(desk, known, "someone", "keyboard", OPTIONS) is looked_at


def test_what_was_made_ready_goes_stale(ahead, clock):
    desk = Desk()
    looked_at = ahead.song(desk, ODE, "someone", "keyboard", OPTIONS)
    clock.advance(round((FRESH_S + 1) * 1e6))
    assert ahead.take(desk, ODE, "someone", "keyboard", OPTIONS) is not looked_at


def test_after_a_play_was_kept_all_is_made_anew(ahead):
    desk = Desk()
    looked_at = ahead.song(desk, ODE, "someone", "keyboard", OPTIONS)
    ahead.forget()
    assert ahead.take(desk, ODE, "someone", "keyboard", OPTIONS) is not looked_at


def test_a_song_that_cannot_be_read_says_so_to_whoever_waits_for_it(ahead):
    gone = replace(ODE, path=SONGS / "gone.mid")
    making = ahead.take(Desk(), gone, "someone", "keyboard", OPTIONS)
    with pytest.raises(MusicError, match=r"gone\.mid"):
        making.play.wait()
    with pytest.raises(MusicError, match=r"gone\.mid"):
        making.tuning.wait()


# The music that goes with it


@pytest.fixture(scope="module")
def ode_kept(tmp_path_factory):
    """A cache that holds the music of the ode."""
    folder = tmp_path_factory.mktemp("cache")
    render(read_song(ODE.path), cache_dir=folder)
    return folder


@pytest.fixture
def worker(ode_kept):
    with RenderWorker(ode_kept) as made:
        yield made


def ready(worker, options, tempo):
    making = Making(ODE.path, lambda song: Desk().prepare(ODE, None, "keyboard", options, song))
    work = WithItsMusic(making, worker, tempo)
    making.play.wait()
    assert work.done
    return work


def test_music_that_is_kept_is_read_while_the_song_is_arranged(worker):
    work = ready(worker, OPTIONS, 1.0)
    worker.close()  # whatever is asked of it now fails
    stems = work.music(work.result()).result()
    assert stems.whole.wait(60)
    assert stems.melody.any()


def test_other_music_than_was_guessed_is_asked_for(worker):
    work = ready(worker, replace(OPTIONS, tempo=1.5), 1.0)
    music = work.music(work.result())
    assert music.tempo == 1.5
    music.cancel()


class Count:
    """What is heard before there is a play."""

    def __init__(self, joins):
        self.joins = lambda prepared: joins
        self.stopped = False

    def stop(self):
        self.stopped = True


def counting(worker, count, arranged=lambda song: None):
    """A song whose music is kept, counted before it is arranged."""
    counts = threading.Event()

    def make(song):
        counts.wait(60)
        arranged(song)
        return Desk().prepare(ODE, None, "keyboard", OPTIONS, song)

    work = WithItsMusic(Making(ODE.path, make), worker, 1.0, lambda song, stems: count)
    until = time.monotonic() + 60
    while work.counted is None and time.monotonic() < until:
        assert not work.done
        time.sleep(0.001)
    assert work.counted is count
    counts.set()
    while not work.done:
        time.sleep(0.001)
    return work


@pytest.mark.parametrize("joins", [True, False])
def test_a_count_goes_on_if_it_is_that_of_the_play(worker, joins):
    count = Count(joins)
    work = counting(worker, count)
    work.result()
    assert count.stopped != joins
    assert (work.counted is count) == joins


def test_a_count_ends_if_there_is_no_play(worker):
    def fails(song):
        raise MusicError("it is no song after all")

    count = Count(joins=True)
    work = counting(worker, count, fails)
    with pytest.raises(MusicError):
        work.result()
    assert count.stopped
    assert work.counted is None


def test_kept_music_that_could_not_be_read_is_asked_for_once_more(worker, monkeypatch):
    asked = []
    monkeypatch.setattr("game.music.sound.worker.load", lambda *args: None)
    monkeypatch.setattr("game.music.sound.worker.drop", asked.append)
    work = ready(worker, OPTIONS, 1.0)
    until = time.monotonic() + 60
    while not asked and time.monotonic() < until:
        time.sleep(0.001)
    assert asked
    monkeypatch.undo()
    stems = work.music(work.result()).result()
    assert stems.whole.wait(60)  # it begins before the rest of it was read
    assert stems.melody.any()


def test_a_song_that_cannot_be_read_has_no_music(worker):
    making = Making(SONGS / "gone.mid", lambda song: None)
    work = WithItsMusic(making, worker, 1.0)
    with pytest.raises(MusicError):
        making.play.wait()
    assert work.done
    with pytest.raises(MusicError, match=r"gone\.mid"):
        work.result()
