"""What the index keeps, and that nothing that happens to it is an error."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from game.music.library import entries
from game.music.library import index as module
from game.music.library import library as whole
from game.music.library.entries import Entry, from_document, to_document
from game.music.library.index import FILE_NAME, KEPT_DAYS, SCHEMA, Index
from game.music.library.library import Library
from tests.music import songs as made

DOCUMENT = {"title": "A", "ok": True}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "songs"
    folder.mkdir()
    made.ode(folder / "ode-to-joy.mid")
    made.melody_only(folder / "scale.mid", made.tune("c d e f g a b c'") * 4)
    (folder / "broken.mid").write_bytes(b"this is no song")
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are really read."""
    names: list[str] = []

    def reading(path: Path) -> Entry:
        names.append(path.name)
        return entries.read_entry(path)

    monkeypatch.setattr(whole, "read_entry", reading)
    return names


def scanned(folder: Path, index: Path, now_s: float = 2e9) -> tuple[Entry, ...]:
    with Library([folder], index=index, wall_clock=lambda: now_s) as library:
        library.scan()
        return library.songs


def test_a_second_scan_reads_nothing_and_knows_the_same(
    folder: Path, tmp_path: Path, read: list[str]
) -> None:
    first = scanned(folder, tmp_path / FILE_NAME)
    assert sorted(read) == ["broken.mid", "ode-to-joy.mid", "scale.mid"]
    read.clear()
    second = scanned(folder, tmp_path / FILE_NAME)
    assert read == []
    assert second == first
    assert {e.key: e.ok for e in second} == {"broken": False, "ode-to-joy": True, "scale": True}


def test_moved_touched_and_copied_files_keep_their_reading(
    folder: Path, tmp_path: Path, read: list[str]
) -> None:
    scanned(folder, tmp_path / FILE_NAME)
    (folder / "deep").mkdir()
    (folder / "ode-to-joy.mid").rename(folder / "deep" / "ode-to-joy.mid")
    os.utime(folder / "scale.mid", (1, 1))
    (folder / "broken.mid").rename(folder / "deep" / "broken.mid")
    read.clear()
    moved = {entry.key: entry for entry in scanned(folder, tmp_path / FILE_NAME)}
    assert read == []
    assert moved["ode-to-joy"].path == folder / "deep" / "ode-to-joy.mid"
    assert moved["broken"].problem.startswith(f"{folder / 'deep' / 'broken.mid'}: ")


def test_a_file_that_comes_back_is_not_read_again(
    folder: Path, tmp_path: Path, read: list[str]
) -> None:
    index = tmp_path / FILE_NAME
    scanned(folder, index)
    away = (folder / "scale.mid").rename(tmp_path / "scale.mid")
    assert len(scanned(folder, index)) == 2
    away.rename(folder / "scale.mid")
    read.clear()
    assert len(scanned(folder, index)) == 3
    assert read == []


@pytest.mark.parametrize("beside", ["scale.toml", "scale.ogg", "scale.lead.mp3", "scale.WAV"])
def test_what_lies_beside_a_song_is_part_of_it(
    folder: Path, tmp_path: Path, read: list[str], beside: str
) -> None:
    scanned(folder, tmp_path / FILE_NAME)
    read.clear()
    (folder / beside).write_text('title = "Up"')
    with Library([folder], index=tmp_path / FILE_NAME) as library:
        library.scan()
        # A lead alone is no recording, and where case counts scale.WAV is none of scale.mid: the
        # content says so. Everything else is read again.
        assert read == ([] if beside in ("scale.lead.mp3", "scale.WAV") else ["scale.mid"])
        assert library.find("scale").recorded == (beside == "scale.ogg")


def test_a_renamed_file_is_called_after_its_new_name(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / FILE_NAME
    scanned(folder, index)
    (folder / "scale.mid").rename(folder / "up-and-up.mid")
    titles = [entry.title for entry in scanned(folder, index)]
    assert "Up and up" in titles


def test_two_libraries_of_other_folders_share_an_index(
    folder: Path, tmp_path: Path, read: list[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    made.ode(other / "another.mid")
    index = tmp_path / FILE_NAME
    for place in (folder, other, folder, other):
        scanned(place, index)
    assert sorted(read) == ["another.mid", "broken.mid", "ode-to-joy.mid", "scale.mid"]


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE made_by SET program = 'older'")


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(bytes(content))


def nonsense_inside(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE readings SET document = '[1, 2'")


def other_json_inside(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("""UPDATE readings SET document = '{"title": 3}'""")


SPOILT: list[Callable[[Path], object]] = [
    foreign, newer, of_another_program, torn, scribbled, nonsense_inside, other_json_inside,
    lambda path: path.write_bytes(b"not a database at all, and long enough to be looked at" * 9),
    lambda path: path.write_bytes(b""),
    lambda path: path.unlink(),
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda f: f.__name__)
def test_an_index_that_cannot_be_used_is_begun_anew(
    folder: Path, tmp_path: Path, read: list[str], spoil: Callable[[Path], object]
) -> None:
    index = tmp_path / FILE_NAME
    before = scanned(folder, index)
    if spoil is foreign:
        index.unlink()
    spoil(index)
    read.clear()
    assert [e.title for e in scanned(folder, index)] == [e.title for e in before]
    assert sorted(read) == ["broken.mid", "ode-to-joy.mid", "scale.mid"]
    read.clear()
    scanned(folder, index)
    assert read == [], "the new one is kept"


@pytest.mark.parametrize("place", ["a folder", "none/songs.sqlite", "songs/scale.mid/songs.sqlite"])
def test_where_no_index_can_be_kept_the_library_works_without(
    folder: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "a folder").mkdir()
    assert len(scanned(folder, tmp_path / place)) == 3
    assert len(scanned(folder, tmp_path / place)) == 3


def test_an_index_that_another_holds_is_left_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / FILE_NAME
    scanned(folder, index)
    made.melody_only(folder / "new.mid", made.ODE_A)
    monkeypatch.setattr(module, "_LOCK_WAIT_S", 0.05)
    with closing(sqlite3.connect(index, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert len(scanned(folder, index)) == 4
        holder.execute("ROLLBACK")
        assert holder.execute("SELECT count(*) FROM files").fetchone() == (3,)
    assert len(scanned(folder, index)) == 4


def test_an_index_that_fails_while_it_is_used_is_no_error(tmp_path: Path) -> None:
    index = Index(tmp_path / FILE_NAME)
    index.keep(tmp_path / "a.mid", "1", 0.0, "content", DOCUMENT)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other, other:
        other.execute("DROP TABLE files")
    assert index.files() == {}
    index.keep(tmp_path / "a.mid", "1", 0.0, "content", DOCUMENT)
    assert index.files()[tmp_path / "a.mid"].document == DOCUMENT
    index.close()


def test_a_reading_that_nothing_needs_goes_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    index = Index(path, today=100)
    index.keep(tmp_path / "kept.mid", "1", 0.0, "kept", DOCUMENT)
    index.keep(tmp_path / "gone.mid", "1", 0.0, "gone", DOCUMENT)
    index.forget(tmp_path / "gone.mid")
    index.close()
    for day, there in ((100 + KEPT_DAYS, True), (101 + KEPT_DAYS, False)):
        index = Index(path, today=day)
        assert (index.reading("gone") is not None) == there
        assert index.reading("kept") is not None
        index.close()


def test_rates_stay_with_their_content(tmp_path: Path) -> None:
    index = Index(tmp_path / FILE_NAME)
    index.keep(tmp_path / "a.mid", "1", 0.0, "content", DOCUMENT)
    assert index.reading("content") == (DOCUMENT, None)
    index.keep_rates("content", (0.1, 0.5))
    index.keep(tmp_path / "b.mid", "2", 0.0, "content", DOCUMENT)
    assert index.reading("content") == (DOCUMENT, [0.1, 0.5])
    assert index.files()[tmp_path / "b.mid"].rates == [0.1, 0.5]
    index.close()


@pytest.mark.skipif(os.name != "posix", reason="names are bytes only there")
def test_a_name_that_is_no_text_is_kept(folder: Path, tmp_path: Path, read: list[str]) -> None:
    os.rename(folder / "scale.mid", os.fsencode(folder) + b"/sc\xe4le.mid")
    first = scanned(folder, tmp_path / FILE_NAME)
    read.clear()
    assert scanned(folder, tmp_path / FILE_NAME) == first
    assert read == []


def test_an_entry_comes_back_as_it_was_kept(folder: Path) -> None:
    (folder / "scale.toml").write_text("mood = 'calm'\nwritten = 1824-05-07\nparts = [1, 2]\n")
    for path in folder.glob("*.mid"):
        entry = entries.read_entry(path)
        document = json.loads(json.dumps(to_document(entry)))
        assert from_document(path, document) == entry
    assert entries.read_entry(folder / "scale.mid").meta["written"] == "1824-05-07"
