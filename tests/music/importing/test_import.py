"""Importing songs of other games: what comes out, and what an import leaves alone."""

import os
import random
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from game.core.grips import Grip
from game.music.errors import MusicError
from game.music.importing.apart import CalledOffError, apart
from game.music.importing.finding import find_songs
from game.music.importing.importer import Importer
from game.music.reading import read_song
from tests.music.importing.foreign import (
    SYNC,
    chart,
    clone_hero_song,
    expert_lines,
    frets_on_fire_song,
    guitar_track,
    ini,
    notes_mid,
    tone,
    write_sound,
)

MUTATIONS = 500 if os.environ.get("GRIPTUNE_SOAK") == "1" else 6


def run(root: Path, own: Path, taken=()):
    """What became of each song below ``root``, by the name of its folder."""
    songs = find_songs(root, own)
    told = []
    outcomes = Importer(own, taken).run(songs, told.append, 2)
    assert sorted(map(repr, told)) == sorted(map(repr, outcomes))
    assert not list(own.glob(".*")), "nothing hidden stays behind"
    return {outcome.folder.name: outcome for outcome in outcomes}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("games")
    frets_on_fire_song(root / "Rock" / "fire", bars=8)
    clone_hero_song(root / "clone", bars=8)
    own = tmp_path_factory.mktemp("data") / "songs"
    return run(root, own), own


def test_a_frets_on_fire_song_becomes_ours(made):
    outcomes, own = made
    assert outcomes["fire"].ok
    assert outcomes["fire"].lead
    folder = own / "fire-in-the-barn"
    stem = "fire-in-the-barn"
    assert files(folder) == {f"{stem}.mid", f"{stem}.toml", f"{stem}.ogg", f"{stem}.lead.ogg"}
    song = read_song(folder / f"{stem}.mid")
    assert song.title == "Fire in the Barn"
    assert song.meta["composer"] == "The Barn Owls"
    assert song.meta["charter"] == "Somebody"
    assert song.recorded is not None
    assert song.recorded.lead == folder / f"{stem}.lead.ogg"
    assert song.problems == ()
    assert not len(song.notes)


def test_the_experts_chart_is_there_note_for_note_with_its_levels(made):
    _, own = made
    authored = read_song(own / "fire-in-the-barn" / "fire-in-the-barn.mid").authored
    assert authored["time_us"].tolist() == [500_000 * beat for beat in range(32)]
    bar = [Grip.KEY, Grip.MIDDLE, Grip.INDEX, Grip.LITTLE]
    assert authored["grip"].tolist() == bar * 8
    assert authored["level"].tolist() == [1, 3, 2, 3] * 8


def test_a_clone_hero_song_becomes_ours(made):
    outcomes, own = made
    assert outcomes["clone"].ok
    assert not outcomes["clone"].lead
    song = read_song(own / "clones-of-a-clown" / "clones-of-a-clown.mid")
    assert song.title == "Clones of a Clown", "what song.ini says counts before the chart"
    assert song.meta["charter"] == "Me"
    assert song.sections == ((0, "Intro"), (4_000_000, "Verse 1"))
    assert [text for _, text in song.lyrics] == ["Clo", "nes "]
    assert len(song.authored) == 32
    assert song.recorded is not None
    assert song.recorded.lead is None
    assert song.recorded.path.suffix == ".ogg"


def test_the_song_ends_with_its_recording(made):
    _, own = made
    song = read_song(own / "fire-in-the-barn" / "fire-in-the-barn.mid")
    # 8 bars of 2 s, and a recording of 19 s: the bar in which it ends is the last.
    assert song.length_us == 20_000_000


def simple(folder: Path, title: str = "Simple", **about: object) -> Path:
    """A song with one short recording: quick to import."""
    chart(
        folder / "notes.chart",
        {"SyncTrack": SYNC, "ExpertSingle": expert_lines(4)},
        Name=f'"{title}"',
        Artist='"Me"',
        **about,
    )
    write_sound(folder / "song.wav", tone(10, 300, rate=8_000), 8_000)
    return folder


def test_importing_again_replaces_what_was_imported_and_nothing_else(tmp_path):
    root, own = tmp_path / "games", tmp_path / "songs"
    simple(root / "one")
    assert run(root, own)["one"].name == "simple"
    before = read_song(own / "simple" / "simple.mid").authored
    mine = own / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    chart(
        root / "one" / "notes.chart",
        {"SyncTrack": SYNC, "ExpertSingle": expert_lines(3)},
        Name='"Simple"',
        Artist='"Me"',
    )
    shutil.move(root / "one", root / "moved")
    again = run(root, own)["moved"]
    assert again.ok
    assert again.replaced
    assert again.name == "simple"
    assert files(own) == {"simple", "mine"}
    assert len(read_song(own / "simple" / "simple.mid").authored) == 12 < len(before)


def test_a_name_that_is_taken_is_not_taken_again(tmp_path):
    root, own = tmp_path / "games", tmp_path / "songs"
    (own / "simple").mkdir(parents=True)
    (own / "simple" / "mine.txt").write_text("mine")
    simple(root / "one")
    simple(root / "two", artist="Other").joinpath("song.ini").write_text("[song]\nartist = Other")
    outcomes = run(root, own, taken={"Simple", "simple-me"})
    assert {o.name for o in outcomes.values()} == {"simple-me-2", "simple-other"}
    assert (own / "simple" / "mine.txt").read_text() == "mine"


def test_a_file_that_was_put_beside_an_imported_song_is_not_lost(tmp_path):
    root, own = tmp_path / "games", tmp_path / "songs"
    simple(root / "one")
    run(root, own)
    (own / "simple" / "my notes.txt").write_text("mine")
    refused = run(root, own)["one"]
    assert "my notes.txt" in refused.reason
    assert (own / "simple" / "my notes.txt").read_text() == "mine"
    assert (own / "simple" / "simple.mid").exists()


def test_the_same_song_twice_is_imported_once(tmp_path):
    simple(tmp_path / "games" / "one")
    simple(tmp_path / "games" / "two")
    outcomes = run(tmp_path / "games", tmp_path / "songs")
    assert sorted(outcome.ok for outcome in outcomes.values()) == [False, True]
    assert "the same song" in next(o.reason for o in outcomes.values() if not o.ok)


@pytest.mark.parametrize(
    ("delay", "offset", "expected"),
    [(None, 0.5, 0.5), (-250, 0.5, -0.25), (0, 0.5, 0.5), (1500, 0, 1.5), (None, -0.75, -0.75)],
)
def test_delay_and_offset_say_where_the_recording_lies(tmp_path, delay, offset, expected):
    simple(tmp_path / "games" / "one", Offset=offset)
    if delay is not None:
        ini(tmp_path / "games" / "one" / "song.ini", delay=delay)
    assert run(tmp_path / "games", tmp_path / "songs")["one"].ok
    recorded = read_song(tmp_path / "songs" / "simple" / "simple.mid").recorded
    assert recorded is not None
    assert recorded.offset_us == round(expected * 1e6)


def test_changes_of_tempo_land_where_the_chart_has_them(tmp_path):
    folder = tmp_path / "games" / "one"
    sync = ["0 = B 120000", f"{4 * 192} = B 90500", f"{8 * 192} = B 143210"]
    chart(folder / "notes.chart", {"SyncTrack": sync, "ExpertSingle": expert_lines(10)})
    write_sound(folder / "song.wav", tone(25, 300, rate=8_000), 8_000)
    run(tmp_path / "games", tmp_path / "songs")
    authored = read_song(tmp_path / "songs" / "one" / "one.mid").authored
    beat_s = np.array([60 / 120] * 4 + [60 / 90.5] * 4 + [60 / 143.21] * 32)
    expected = np.concatenate([[0], np.cumsum(beat_s)[:-1]])
    assert np.abs(authored["time_us"] / 1e6 - expected).max() < 0.0005


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "song.wav").unlink(), "no recording"),
        (lambda folder: (folder / "song.wav").write_bytes(b"RIFF no sound"), "song.wav"),
        (lambda folder: (folder / "notes.chart").write_text("nonsense"), "not a .chart file"),
        (
            lambda folder: chart(folder / "notes.chart", {"ExpertDrums": expert_lines(4)}),
            "no chart for a guitar of five frets",
        ),
        (lambda folder: simple(folder, Offset=9_999), "a delay of 9999 s"),
        (
            lambda folder: chart(folder / "notes.chart", {"ExpertSingle": expert_lines(1)}),
            "too few",
        ),
        (
            lambda folder: chart(folder / "notes.chart", {"ExpertSingle": expert_lines(60)}),
            "do not belong together",
        ),
        (
            lambda folder: chart(
                folder / "notes.chart",
                {"SyncTrack": ["0 = B 1000"], "ExpertSingle": expert_lines(4)},
            ),
            "no music",
        ),
    ],
)
def test_a_song_that_cannot_be_imported_is_refused_with_its_reason_and_the_rest_goes_on(
    tmp_path, spoil, words
):
    root, own = tmp_path / "games", tmp_path / "songs"
    simple(root / "good", title="Good")
    spoil(simple(root / "bad", title="Bad"))
    outcomes = run(root, own)
    assert outcomes["good"].ok
    assert words in outcomes["bad"].reason
    assert "bad" in outcomes["bad"].reason
    assert "\n" not in outcomes["bad"].reason
    assert files(own) == {"good"}


def test_the_other_chart_is_taken_if_the_first_is_broken(tmp_path):
    folder = simple(tmp_path / "games" / "one")
    (folder / "notes.chart").write_text("nonsense")
    notes_mid(folder / "notes.mid", [guitar_track(4)])
    assert run(tmp_path / "games", tmp_path / "songs")["one"].ok


def test_charts_are_found_under_every_name_and_hidden_folders_and_links_are_not(tmp_path):
    root = tmp_path / "games"
    for name in ("a", ".hidden", "b/c/d"):
        simple(root / name)
    (root / "a" / "notes.chart").rename(root / "a" / "The Song [Y].chart")
    (root / "a" / "The Song [N].chart").write_text("")
    own = root / "own"
    simple(own / "mine")
    if hasattr(os, "symlink") and os.name != "nt":
        (root / "b" / "loop").symlink_to(root)
    found = find_songs(root, own)
    assert [song.path.relative_to(root).as_posix() for song in found] == ["a", "b/c/d"]
    assert [path.name for path in found[0].charts] == ["The Song [Y].chart", "The Song [N].chart"]
    assert find_songs(root / "b/c/d/notes.chart", own) == [found[1]]


def test_a_song_in_any_script_has_a_name_that_any_disk_can_hold(tmp_path):
    root = tmp_path / "games"
    for number, title in enumerate(("さくら さくら", "CON", "../../up", "***", "x" * 300)):
        simple(root / str(number), title=title)
    outcomes = run(root, tmp_path / "songs")
    names = [outcomes[str(number)].name for number in range(5)]
    assert names[:4] == ["さくら-さくら", "con-song", "up", "song"]
    assert len(names[4]) == 60
    assert len(files(tmp_path / "songs")) == 5
    titles = {read_song(p).title for p in (tmp_path / "songs").glob("*/*.mid")}
    assert {"さくら さくら", "CON", "../../up", "***"} < titles


def crash() -> None:
    os.abort()


def sleep() -> None:
    threading.Event().wait(60)


def test_a_file_that_crashes_the_decoder_is_refused():
    never = threading.Event()
    with pytest.raises(MusicError, match=r"here.*crash"):
        apart(crash, what="here", longest_s=30, stop=never)


def test_a_file_that_keeps_the_decoder_forever_is_refused_and_ctrl_c_is_heard():
    called_off = threading.Event()
    with pytest.raises(MusicError, match=r"here.*took over"):
        apart(sleep, what="here", longest_s=0.3, stop=called_off)
    called_off.set()
    with pytest.raises(CalledOffError):
        apart(sleep, what="here", longest_s=30, stop=called_off)


def test_an_import_that_was_stopped_leaves_nothing_half(tmp_path):
    root, own = tmp_path / "games", tmp_path / "songs"
    for number in range(6):
        simple(root / str(number), title=f"Song {number}")

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Importer(own, ()).run(find_songs(root, own), stop, 2)
    assert not list(own.glob(".*"))
    for folder in own.iterdir():
        assert read_song(folder / f"{folder.name}.mid").recorded is not None


def test_damaged_songs_are_imported_or_refused(tmp_path):
    dice = random.Random(11)
    whole = frets_on_fire_song(tmp_path / "whole", bars=4)
    root = tmp_path / "games"
    for number in range(MUTATIONS):
        folder = root / str(number)
        shutil.copytree(whole, folder)
        for path in folder.iterdir():
            data = bytearray(path.read_bytes())
            for _ in range(dice.randint(0, 6)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            path.write_bytes(data[: dice.randint(len(data) // 2, len(data))])
    own = tmp_path / "songs"
    outcomes = run(root, own)
    assert len(outcomes) == MUTATIONS
    for outcome in outcomes.values():
        assert "\n" not in outcome.reason
        if outcome.ok:
            assert len(read_song(own / outcome.name / f"{outcome.name}.mid").authored)
