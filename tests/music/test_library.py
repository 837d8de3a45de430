import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from game.music.errors import MusicError
from game.music.library import Changes, Library, bundled_folder
from tests.music import songs as made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "songs"
    folder.mkdir()
    made.ode(folder / "ode-to-joy.mid")
    made.melody_only(folder / "scale.mid", made.tune("c d e f g a b c'") * 4)
    (folder / "notes.txt").write_text("not a song")
    return folder


def until(library: Library, wanted, seconds: float = 60.0) -> Changes:
    """Poll as the game does until ``wanted(library)``; what changed on the way, together."""
    end = time.monotonic() + seconds
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    while time.monotonic() < end:
        changes = library.poll()
        added += changes.added
        changed += changes.changed
        removed += changes.removed
        if wanted(library):
            return Changes(tuple(added), tuple(changed), tuple(removed))
        time.sleep(0.02)
    raise AssertionError(f"still {[entry.key for entry in library.songs]}")


def keys(library: Library) -> list[str]:
    return [entry.key for entry in library.songs]


def test_a_scan_finds_every_song_by_title(folder: Path) -> None:
    library = Library([folder])
    assert library.scan().added == ("ode-to-joy", "scale")
    assert [entry.title for entry in library.songs] == ["Ode to joy", "Scale"]
    assert library.songs[0].seconds == 64.0
    assert not library.scan()


def test_a_dropped_file_shows_up_while_the_game_runs(folder: Path, tmp_path: Path) -> None:
    with Library([folder]) as library:
        until(library, lambda lib: len(lib.songs) == 2)
        source = made.melody_only(tmp_path / "new.mid", made.ODE_A)
        shutil.copy(source, folder / "new.mid")
        assert until(library, lambda lib: "new" in keys(lib)).added == ("new",)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals")
def test_a_dropped_file_does_not_wait_for_rates_that_are_being_worked_out(
    folder: Path, tmp_path: Path
) -> None:
    """They are worked out at low priority, and on a busy machine that may take a minute."""
    with Library([folder]) as library:
        until(library, lambda lib: len(lib.songs) == 2 and readers())
        reader = readers()[0]
        os.kill(reader.pid, signal.SIGSTOP)
        shutil.copy(made.melody_only(tmp_path / "new.mid", made.ODE_A), folder / "new.mid")
        until(library, lambda lib: "new" in keys(lib), seconds=40)
        (folder / "new.mid").unlink()
        until(library, lambda lib: "new" not in keys(lib), seconds=40)
        assert not any(entry.rates for entry in library.songs)
        os.kill(reader.pid, signal.SIGCONT)
        until(library, lambda lib: all(entry.rates for entry in lib.songs))
        assert len(library.songs) == 2


def readers() -> list[multiprocessing.process.BaseProcess]:
    return [p for p in multiprocessing.active_children() if p.name == "griptune-read"]


def test_a_poll_does_not_wait_for_what_is_being_read(folder: Path) -> None:
    with Library([folder]) as library:
        with library._working:
            assert not library.poll()
        until(library, lambda lib: len(lib.songs) == 2)


def test_changed_and_removed_files_are_noticed(folder: Path) -> None:
    with Library([folder]) as library:
        library.scan()
        (folder / "scale.toml").write_text('title = "A scale"\n')
        changes = until(library, lambda lib: lib.find("scale").title == "A scale")
        assert changes.changed == ("scale",)
        (folder / "ode-to-joy.mid").unlink()
        assert until(library, lambda lib: len(lib.songs) == 1).removed == ("ode-to-joy",)


def test_a_refused_file_is_kept_with_its_reason(folder: Path) -> None:
    (folder / "broken.mid").write_bytes(b"this is no song")
    library = Library([folder])
    library.scan()
    entry = library.find("broken")
    assert not entry.ok
    assert "not a MIDI file" in entry.problem


def test_a_half_copied_file_is_tried_again_and_never_shown_as_broken(folder: Path) -> None:
    data = (folder / "ode-to-joy.mid").read_bytes()
    now_s = time.time()
    with Library([folder], wall_clock=lambda: now_s) as library:
        library.scan()
        path = folder / "copied.mid"
        path.write_bytes(data[:10])
        for _ in range(10):
            library.poll()
            assert "copied" not in keys(library)
            time.sleep(0.02)
        path.write_bytes(data)
        until(library, lambda lib: "copied" in keys(lib))
        assert library.find("copied").ok


def test_a_file_that_stays_broken_is_shown_in_the_end(folder: Path) -> None:
    with Library([folder], wall_clock=lambda: time.time() + 60) as library:
        (folder / "broken.mid").write_bytes(b"MThd")
        until(library, lambda lib: "broken" in keys(lib))
        assert not library.find("broken").ok


def test_two_files_of_one_name_have_two_keys(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "own"
    (other / "deep").mkdir(parents=True)
    made.ode(other / "Ode-to-joy.mid")
    made.ode(other / "deep" / "ode-to-joy.midi")
    library = Library([folder, other])
    library.scan()
    assert keys(library) == ["ode-to-joy", "scale", "Ode-to-joy-2", "ode-to-joy-3"]
    assert library.find("ode-to-joy").path.parent == folder


@pytest.mark.parametrize("name", ["ode-to-joy", "ODE-TO-JOY", "Ode to Joy", " ode to joy "])
def test_a_song_is_found_by_key_or_title(folder: Path, name: str) -> None:
    library = Library([folder])
    library.scan()
    assert library.find(name).key == "ode-to-joy"


def test_a_song_is_found_by_its_path_inside_and_outside(folder: Path, tmp_path: Path) -> None:
    library = Library([folder])
    library.scan()
    assert library.find(folder / "scale.mid").key == "scale"
    assert library.find(os.path.relpath(folder / "scale.mid")).key == "scale"
    outside = made.melody_only(tmp_path / "elsewhere.mid", made.ODE_A)
    assert library.find(str(outside)).path == outside
    (tmp_path / "bad.mid").write_bytes(b"x")
    with pytest.raises(MusicError, match=r"bad\.mid"):
        library.find(tmp_path / "bad.mid")


def test_an_unknown_song_is_answered_with_what_comes_near(folder: Path) -> None:
    library = Library([folder])
    library.scan()
    with pytest.raises(MusicError, match="did you mean ode-to-joy"):
        library.find("ode-to-jay")
    with pytest.raises(MusicError, match="did you mean ode-to-joy"):
        library.find("joy")
    with pytest.raises(MusicError, match="songs list"):
        library.find("zzzzz")
    with pytest.raises(MusicError):
        library.find("")


def test_folders_that_are_not_there_are_empty(tmp_path: Path) -> None:
    library = Library([tmp_path / "none", tmp_path])
    assert not library.scan()
    assert library.songs == ()


def test_every_bundled_song_is_playable() -> None:
    library = Library([bundled_folder()])
    library.scan()
    assert [entry.problem for entry in library.songs if not entry.ok] == []
    assert library.find("ode-to-joy").title == "Ode to Joy"
