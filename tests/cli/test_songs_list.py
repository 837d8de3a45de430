"""``griptune songs list``: what it tells, finds and sorts, and that it is quick the second time."""

import json
import os
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from game.cli.library import open_library, shown_progress
from game.music.library import bundled_folder
from game.music.library.index import FILE_NAME
from game.records.store import Store
from tests.cli.running import answer, griptune, refusal
from tests.music import songs as made
from tests.records.examples import STATE, play


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "songs").mkdir(parents=True)
    made.melody_only(data / "songs" / "own.mid", made.ODE_A)
    (data / "songs" / "own.toml").write_text('title = "Élan"\nmood = "merry"\n')
    (data / "songs" / "bad.mid").write_text("no song")
    return data


def listed(*arguments: object) -> list[dict]:
    return answer("songs", "list", *arguments)


def test_the_list_tells_what_a_song_is(data: Path) -> None:
    songs = {song["song"]: song for song in listed("--data", data)}
    ode = songs["ode-to-joy"]
    assert ode["ok"]
    assert ode["bundled"]
    assert (ode["composer"], ode["mood"]) == ("Ludwig van Beethoven (1770-1827)", "steady")
    assert 100 < ode["seconds"] < 110
    assert ode["has_lyrics"]
    assert not ode["recorded"]
    assert len(ode["content_hash"]) == 64
    assert songs["bad"]["problem"].startswith(str(data / "songs" / "bad.mid"))
    assert not songs["bad"]["ok"]
    assert not songs["own"]["bundled"]
    assert {"song", "title", "path", "ok", "problem"} <= songs["own"].keys()


def test_songs_are_searched_and_sorted(data: Path) -> None:
    found = listed("--data", data, "--search", "BEETHOVEN germany")
    assert [song["song"] for song in found] == ["ode-to-joy"]
    assert [song["song"] for song in listed("--data", data, "--search", "elan")] == ["own"]
    by_rate = [song for song in listed("--data", data, "--sort", "rate") if song["ok"]]
    assert all(song["rates"] for song in by_rate)
    fastest = [song["rates"][-1] for song in by_rate]
    assert fastest == sorted(fastest)
    titles = [s["title"] for s in listed("--data", data, "--sort", "title")]
    assert titles[-1] == "bad"
    assert titles.index("Élan") < titles.index("Greensleeves")


def test_a_patients_list_knows_what_they_played_and_like(data: Path) -> None:
    shutil.rmtree(data / "songs")
    with Store.open(data) as store:
        patient = store.add_patient("P1")
        now = datetime.now(UTC)
        start = {"patient_id": patient.id, "started_at": now, "input_kind": "keyboard"}
        store.save_play(play(1, song_key="korobeiniki", **start), state=STATE)
        store.set_favourite("P1", "greensleeves", "", True)
    songs = listed("--data", data, "--patient", "p1", "--sort", "recent")
    first = songs[0]
    assert first["song"] == "korobeiniki"
    assert (first["plays"], first["favourite"]) == (1, False)
    assert datetime.fromisoformat(first["last_played"]) == now
    assert first["best_this_week"] > 0
    assert listed("--data", data, "--patient", "P1", "--sort", "favourites")[0]["favourite"]
    # The level is 2 ** -1.25, 0.42 targets a second.
    fits = listed("--data", data, "--patient", "P1", "--sort", "fits")
    assert all(song["fits"] for song in fits)
    assert len(listed("--data", data, "--patient", "P1", "--sort", "for-you")) == len(fits)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--sort", "loudness"), "loudness"),
        (("--sort", "fits"), "--patient"),
        (("--sort", "recent"), "--patient"),
        (("--patient", "NOBODY"), "NOBODY"),
        (("extra",), "extra"),
    ],
)
def test_what_cannot_be_listed_is_one_line(data: Path, arguments, words: str) -> None:
    assert words in refusal("songs", "list", "--data", data, *arguments)


def test_nothing_found_is_said(data: Path) -> None:
    told = griptune("songs", "list", "--data", data, "--search", "xyzzy")
    assert told.returncode == 0
    assert "xyzzy" in told.stdout
    assert listed("--data", data, "--search", "xyzzy") == []


def test_further_folders_are_those_of_the_settings(data: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    made.ode(tmp_path / "more" / "from-elsewhere.mid")
    (data / "beside").mkdir()
    made.ode(data / "beside" / "from-here.mid")
    folders = [str(tmp_path / "more"), "beside", str(tmp_path / "not there")]
    (data / "settings.toml").write_text(f"[songs]\nfolders = {json.dumps(folders)}\n")
    songs = [song["song"] for song in listed("--data", data)]
    assert "from-elsewhere" in songs
    assert "from-here" in songs


def test_what_was_understood_is_kept_in_the_data_folder(data: Path) -> None:
    with open_library(data) as library:
        count = len(library.songs)
    assert (data / FILE_NAME).is_file()
    began = time.perf_counter()
    with open_library(data) as library:
        assert len(library.songs) == count
    assert time.perf_counter() - began < 0.5
    (data / FILE_NAME).write_text("rubbish")
    assert len(listed("--data", data)) == count


def test_listing_makes_no_folder(tmp_path: Path) -> None:
    assert len(listed("--data", tmp_path / "none")) >= len(list(bundled_folder().glob("*.mid")))
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
def test_progress_is_drawn_for_a_person_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        patch.setenv("TERM", "xterm")
        with shown_progress("Reading songs") as report:
            report(3, 8)
            time.sleep(0.2)
    seen = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "Reading songs" in seen
    assert "3/8" in seen


def test_progress_is_not_drawn_into_a_file(capfd: pytest.CaptureFixture[str]) -> None:
    with shown_progress("Reading songs") as report:
        report(3, 8)
    assert capfd.readouterr() == ("", "")
