"""Backups that prove what they hold; restoring gives back exactly that, or nothing is changed."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.records.backup import back_up, inspect, keep_backups, restore, to_keep
from game.records.errors import RecordsError
from game.records.store import FILE_NAME, Store
from game.records.table_sums import TableOrder, sum_of
from game.records.writer import Writer
from game.therapy.prescription import preset
from tests.records.examples import NOON, STATE, open_store, play


def filled(folder: Path, plays: int = 5) -> Store:
    store = open_store(folder)
    for code in ("ANNA-1", "BELA-2"):
        patient = store.add_patient(code)
        store.prescribe(code, preset("middle", date(2025, 3, 1)), "Dr. Ruiz")
        for seed in range(plays):
            store.save_play(replace(play(seed), patient_id=patient.id), state=STATE)
    store.save_play(play(99))
    return store


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    filled(tmp_path / "home").close()
    return tmp_path / "home"


@pytest.fixture
def backup(home: Path, tmp_path: Path) -> Path:
    path = tmp_path / "safe.db"
    with open_store(home) as store:
        back_up(store, path)
    return path


def test_a_backup_says_what_it_holds(backup):
    manifest = inspect(backup)
    assert (manifest.patients, manifest.plays) == (2, 11)
    assert manifest.tables["prescriptions"].rows == 2
    assert manifest.made_at == NOON
    if os.name == "posix":
        assert backup.stat().st_mode & 0o077 == 0


def test_what_was_backed_up_comes_back_row_by_row(home, backup, tmp_path):
    before = content(home / FILE_NAME)
    there = tmp_path / "there"
    restored = restore(backup, there)
    assert (restored.manifest.plays, restored.before, restored.erased) == (11, None, 0)
    assert content(there / FILE_NAME) == before
    with open_store(there) as store:
        assert len(store.plays("ANNA-1")) == 5
        store.add_patient("CLEO-3")


def test_the_records_that_were_there_are_kept_beside(home, backup):
    with open_store(home) as store:
        store.add_patient("CLEO-3")
        later = content(home / FILE_NAME)
    kept = restore(backup, home, clock=lambda: NOON).before
    assert kept is not None
    assert kept.parent == home / "backups"
    with open_store(home) as store:
        assert [p.code for p in store.patients()] == ["ANNA-1", "BELA-2"]
    restore(kept, home, clock=lambda: NOON)
    assert content(home / FILE_NAME) == later


def test_who_was_erased_stays_erased(home, backup):
    with open_store(home) as store:
        store.erase_patient("ANNA-1")
    assert restore(backup, home).erased == 1
    with open_store(home) as store:
        assert [p.code for p in store.patients()] == ["BELA-2"]
        with store.reading() as connection:
            for table in ("plays", "prescriptions", "difficulty_states"):
                rows = connection.exec_driver_sql(
                    f"SELECT count(DISTINCT patient_id) FROM {table} WHERE patient_id IS NOT NULL"
                )
                assert rows.scalar() == 1, table
    # And a backup of the restored records, taken to another house, does not bring them either.
    assert b"ANNA-1" not in (home / FILE_NAME).read_bytes()


def test_a_backup_may_be_made_while_a_play_is_written(home, tmp_path):
    store = open_store(home)
    stop = threading.Event()

    def write() -> None:
        seed = 1_000
        while not stop.is_set():
            seed += 1
            store.save_play(play(seed))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            back_up(store, tmp_path / f"{number}.db")
    finally:
        stop.set()
        thread.join()
        store.close()
    counts = [inspect(tmp_path / f"{number}.db").plays for number in range(5)]
    assert counts == sorted(counts)
    assert counts[0] >= 11


def changed_cell(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE plays SET score = score + 1 WHERE rowid = 1")
        connection.commit()


def missing_row(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM play_data WHERE rowid = 1")
        connection.commit()


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def scribbled(path: Path) -> None:
    with path.open("r+b") as file:
        for at in range(5_000, path.stat().st_size, 3_000):
            file.seek(at)
            file.write(b"\xff" * 64)


def no_manifest(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM griptune_backup")
        connection.commit()


def a_song(path: Path) -> None:
    path.write_bytes(b"MThd\0\0\0\6\0\1\0\1\0\x60")


def plain_records(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE griptune_backup")
        connection.commit()


def from_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '7777'")
        digest = inspect_sums(connection)
        connection.execute(
            "UPDATE griptune_backup SET value = ? WHERE name = 'table alembic_version'", (digest,)
        )
        connection.commit()


def inspect_sums(connection: sqlite3.Connection) -> str:
    order = TableOrder.of(connection, "alembic_version")
    return sum_of(connection.execute(order.select)).digest


@pytest.mark.parametrize(
    "spoil",
    [
        changed_cell,
        missing_row,
        cut_short,
        scribbled,
        no_manifest,
        a_song,
        plain_records,
        from_the_future,
        Path.unlink,
    ],
)
def test_a_spoiled_backup_is_refused_and_nothing_is_changed(home, backup, spoil):
    before = content(home / FILE_NAME)
    spoil(backup)
    with pytest.raises(RecordsError) as refused:
        restore(backup, home)
    assert "\n" not in str(refused.value)
    assert content(home / FILE_NAME) == before
    assert not list(home.glob("restoring*"))


def test_what_was_restored_has_a_log_again(home, backup):
    restore(backup, home)
    with open_store(home) as store, store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_while_a_game_is_open_nothing_is_restored(home, backup):
    with open_store(home) as store:
        writer = Writer(store)
        try:
            writer.open_play(play(1))
            with pytest.raises(RecordsError, match="a game is open"):
                restore(backup, home)
        finally:
            writer.close()


def test_a_target_that_cannot_be_written_is_a_sentence_and_leaves_nothing(home, tmp_path):
    with open_store(home) as store:
        with pytest.raises(RecordsError, match="no folder"):
            back_up(store, tmp_path / "no" / "such.db")
        folder = tmp_path / "folder.db"
        folder.mkdir()
        with pytest.raises(RecordsError):
            back_up(store, folder)
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
@pytest.mark.parametrize("after_s", [0.02, 0.1, 0.2, 0.4, 0.8])
def test_a_restore_that_is_killed_leaves_one_state_or_the_other(home, backup, after_s):
    with open_store(home) as store:
        store.add_patient("CLEO-3")
    code = (
        "import sys; from pathlib import Path; from game.records.backup import restore; "
        "print('begun', flush=True); restore(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(backup), str(home)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
    with open_store(home) as store:
        codes = [p.code for p in store.patients()]
        assert codes in (["ANNA-1", "BELA-2"], ["ANNA-1", "BELA-2", "CLEO-3"])
        assert len(store.plays("ANNA-1")) == 5
    restore(backup, home)


def test_backups_are_made_once_a_day_and_those_that_are_not_kept_go(tmp_path):
    with filled(tmp_path) as store:
        other = tmp_path / "backups" / "before-restore-2025-01-01-000000.db"
        day = date(2025, 1, 1)
        for _ in range(120):
            made = keep_backups(store, day)
            assert made is not None
            assert keep_backups(store, day) is None
            other.touch()
            day += timedelta(days=1)
        names = sorted(p.name for p in (tmp_path / "backups").iterdir())
        kept = to_keep([date(2025, 1, 1) + timedelta(days=n) for n in range(120)])
        assert names == sorted([other.name, *(f"griptune-{d.isoformat()}.db" for d in kept)])
        assert inspect(tmp_path / "backups" / f"griptune-{max(kept)}.db").plays == 11


def test_nothing_is_backed_up_of_nothing(tmp_path):
    with open_store(tmp_path) as store:
        assert keep_backups(store, date(2025, 1, 1)) is None


@given(st.sets(st.dates(date(2024, 1, 1), date(2026, 1, 1)), max_size=200))
def test_what_is_kept(days):
    kept = to_keep(list(days))
    latest = sorted(days, reverse=True)
    assert set(latest[:7]) <= kept <= days
    assert len(kept) <= 7 + 4 + 12
    assert len({(d.year, d.month) for d in kept}) >= min(12, len({(d.year, d.month) for d in days}))
    # What is kept today may go tomorrow, but nothing that was let go could have been needed.
    if latest:
        tomorrow = latest[0] + timedelta(days=1)
        assert to_keep([*kept, tomorrow]) == to_keep([*days, tomorrow])


def test_copying_the_file_alone_is_no_backup(home, tmp_path):
    """The log beside the file holds what was written last."""
    copy = tmp_path / "copy.db"
    shutil.copy(home / FILE_NAME, copy)
    with pytest.raises(RecordsError, match="not a backup"):
        inspect(copy)


@pytest.mark.parametrize("name", [FILE_NAME, FILE_NAME + "-wal", f"../home/{FILE_NAME}", "link.db"])
def test_the_records_are_never_overwritten_by_a_backup_of_them(home, name):
    target = home / name
    if name == "link.db":
        os.link(home / FILE_NAME, target)
    with open_store(home) as store:
        before = content(home / FILE_NAME)
        with pytest.raises(RecordsError, match="is the records themselves: choose another name"):
            back_up(store, target)
        assert content(home / FILE_NAME) == before


@pytest.mark.parametrize("name", ["", "."])
def test_a_backup_needs_the_name_of_a_file(home, monkeypatch, name):
    monkeypatch.chdir(home)
    with open_store(home) as store, pytest.raises(RecordsError, match=r"for example safe\.db"):
        back_up(store, Path(name))


def test_a_folder_is_no_place_of_a_backup(home, tmp_path):
    with open_store(home) as store, pytest.raises(RecordsError, match="is a folder"):
        back_up(store, tmp_path)


def test_a_backup_put_in_place_by_hand_can_be_backed_up_again(backup, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    shutil.copy(backup, there / FILE_NAME)
    with open_store(there) as store:
        store.add_patient("CLEO-3")
        back_up(store, tmp_path / "again.db")
    assert inspect(tmp_path / "again.db").patients == 3
    assert restore(tmp_path / "again.db", there).manifest.patients == 3
