"""``griptune replay``: a play leaves as one file, comes back elsewhere, and is judged the same."""

import shutil
from pathlib import Path

import pytest

from game.music.library import bundled_folder
from game.stage.theme import GOOD, LAMP, LANE
from tests.cli.running import answer, griptune, refusal
from tests.cli.xvfb import Display, Game, needs_xvfb

CONTINUE_KEY = (520, 640, 160, 30)
WHOLE = (0, 0, 1920, 1080)

PLAY = ("play", "ode-to-joy", "--headless", "--fast", "--seed", "3", "--tempo", "1.25")
GLOVE = ("--glove", "virtual:steady?seed=3&success=0.7&jitter_ms=90")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def play(home):
    return answer(*PLAY, *GLOVE, "--data", home)


@pytest.fixture(scope="module")
def exported(home, play) -> Path:
    path = home / "evening.griptune-replay"
    done = griptune("replay", play["play_id"], "--out", path, "--data", home)
    assert done.returncode == 0, done.stderr
    assert "comes out the same" in done.stdout
    return path


def test_a_play_of_the_records_is_judged_again_and_comes_out_the_same(home, play):
    for name in (play["play_id"], "last"):
        again = answer("replay", name, "--data", home)
        assert again["differences"] == []
        for figure in ("play_id", "song", "targets", "hits", "score", "tempo"):
            assert again[figure] == play[figure]
        assert again["repetitions"] == sum(play["repetitions"].values())


def test_a_replay_is_taken_in_elsewhere_once_and_exported_the_same(exported, tmp_path, play):
    there = tmp_path / "there"
    assert answer("replay", exported, "--data", there)["score"] == play["score"]
    assert griptune("replay", exported, "--keep", "--data", there).returncode == 0
    again = tmp_path / "again.griptune-replay"
    assert griptune("replay", "last", "--out", again, "--data", there).returncode == 0
    assert again.read_bytes() == exported.read_bytes()
    assert "kept already" in refusal("replay", exported, "--keep", "--data", there)


def test_a_replay_without_its_song_is_still_judged(tmp_path):
    """The library of another house may have another version of the song, or none."""
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "songs").mkdir(parents=True)
    shutil.copy(bundled_folder() / "sakura.mid", here / "songs" / "at-home.mid")
    made = answer("play", "at-home", *PLAY[2:], *GLOVE, "--data", here)
    file = tmp_path / "at-home.griptune-replay"
    assert griptune("replay", "last", "--out", file, "--data", here).returncode == 0
    assert griptune("replay", file, "--keep", "--data", there).returncode == 0
    found = answer("replay", made["play_id"][:13], "--data", there)
    assert (found["hits"], found["differences"]) == (made["hits"], [])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("0000", "no play"),
        ("nowhere.griptune-replay", "cannot be read"),
        ("rubbish.griptune-replay", "not a replay"),
        (".", "no play"),
    ],
)
def test_what_is_no_replay_is_refused_in_one_line(source, words, tmp_path):
    rubbish = tmp_path / "rubbish.griptune-replay"
    rubbish.write_bytes(b"MThd rubbish")
    named = rubbish if source.startswith("rubbish") else source
    assert words in refusal("replay", named, "--json", "--data", tmp_path / "data").casefold()


def test_a_replay_is_never_written_over_records(home, play):
    records = home / "griptune.db"
    assert "holds records" in refusal("replay", "last", "--out", records, "--data", home)
    assert answer("replay", "last", "--data", home)["play_id"] == play["play_id"]


def test_with_nothing_played_there_is_no_last_play(tmp_path):
    assert "nothing has been played" in refusal("replay", "last", "--json", "--data", tmp_path)


def test_a_file_that_cannot_be_written_is_said_and_leaves_nothing_half(home, play, tmp_path):
    nowhere = tmp_path / "no" / "such.griptune-replay"
    said = refusal("replay", play["play_id"], "--out", nowhere, "--data", home)
    assert "cannot be written" in said
    assert not list(tmp_path.iterdir())


def in_play(display: Display) -> bool:
    return all(display.share_of(colour, WHOLE) > 0.0004 for colour in LANE.values())


@needs_xvfb
@pytest.mark.display
def test_a_replay_is_watched_in_a_window_paused_and_left(home, play, tmp_path):
    display = Display(tmp_path)
    game = Game(display, "replay", play["play_id"], "--data", str(home))
    try:
        game.wait_for(lambda: in_play(display))
        # Nobody pinches here: what the light tells was felt then.
        game.wait_for(lambda: display.share_of(GOOD, WHOLE) > 0.00005)
        display.press("Escape")
        game.wait_for(lambda: display.share_of(LAMP, CONTINUE_KEY) > 0.5)
        display.press("Return")
        game.wait_for(lambda: in_play(display))
        display.press("Escape")
        game.wait_for(lambda: display.share_of(LAMP, CONTINUE_KEY) > 0.5)
        display.press("Down", "Down", "Return")
        game.ended()
    finally:
        game.close()
        display.close()
    assert answer("replay", "last", "--data", home)["play_id"] == play["play_id"]
