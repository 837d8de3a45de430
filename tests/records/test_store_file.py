"""What is true of records in a file: traces of the erased, damage, several programs at once."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from game.records.errors import RecordsError
from game.records.store import FILE_NAME, Store
from tests.records.examples import CHANGE, STATE, open_store, play


def test_erasing_a_patient_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        gone = store.add_patient("Erasable", nickname="Zephyrine", board=True)
        stays = store.add_patient("Staying", board=True)
        for seed, patient in ((1, gone), (2, stays), (3, gone)):
            store.save_play(
                play(seed, patient_id=patient.id, input_description=f"of {patient.code}"),
                state=STATE,
                changes=[CHANGE],
            )
        store.set_nickname("Erasable", "Zephyrina")
        store.erase_patient("erasable")
        assert [p.code for p in store.patients()] == ["Staying"]
        assert len(store.plays("Staying")) == 1
        assert len(store.difficulty_changes("Staying")) == 1
    content = b"".join(p.read_bytes() for p in tmp_path.glob("griptune.db*"))
    assert b"Staying" in content
    for trace in (b"Erasable", b"erasable", b"Zephyrin", gone.id.encode()):
        assert trace not in content
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        for table, rows in {
            "plays": 1,
            "play_grips": 5,
            "play_data": 1,
            "difficulty_states": 1,
        }.items():
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,)


OPEN_AND_CLOSE = """
import sys
from pathlib import Path
from game.records.store import Store
with Store.open(Path(sys.argv[1])) as store:
    store.add_patient("other")
"""


def test_opening_the_records_twice_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """A process that closes a file lets go of all its locks on it, whoever took them; then another
    process would believe to be the last, and take away the log that is in use here."""
    with open_store(tmp_path) as store:
        store.add_patient("P01")
        open_store(tmp_path).close()
        done = subprocess.run([sys.executable, "-c", OPEN_AND_CLOSE, str(tmp_path)], check=False)
        assert done.returncode == 0
        assert (tmp_path / f"{FILE_NAME}-wal").exists(), "it is in use here"
        store.save_play(play(1, 4))
    with open_store(tmp_path) as store:
        assert [p.code for p in store.patients()] == ["other", "P01"]
        assert len(store.guest_plays()) == 1


def test_a_store_whose_file_went_bad_says_so(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for number in range(200):
            store.add_patient(f"P{number}", nickname="n" * 30)
    content = bytearray((tmp_path / FILE_NAME).read_bytes())
    content[4096 * 2 :] = os.urandom(len(content) - 4096 * 2)
    (tmp_path / FILE_NAME).write_bytes(bytes(content))
    with pytest.raises(RecordsError, match="damaged"), Store.open(tmp_path) as store:
        store.patients()


WRITE = """
import sys
from pathlib import Path
from game.records.store import Store
from tests.records.examples import STATE, open_store, play
number = int(sys.argv[2])
with open_store(Path(sys.argv[1])) as store:
    mine = store.add_patient(f"P{number}")
    for seed in range(8):
        record = play(100 * number + seed, 4, patient_id=mine.id)
        store.save_play(record, state={**STATE, "seen": seed})
        shared = store.patient("shared")
        # Read, then write: what another process wrote in between must not be lost.
        with store.writing() as connection:
            (count,) = connection.exec_driver_sql(
                "SELECT nickname FROM patients WHERE code = 'shared'").one()
            connection.exec_driver_sql(
                "UPDATE patients SET nickname = ? WHERE code = 'shared'", (str(int(count) + 1),))
"""


def test_four_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add_patient("shared", nickname="0")
    running = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(tmp_path), str(number)])
        for number in range(4)
    ]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    with open_store(tmp_path) as store:
        assert store.patient("shared").nickname == "32"
        for number in range(4):
            kept = store.plays(f"P{number}")
            assert sorted(p.seed or 0 for p in kept) == [100 * number + seed for seed in range(8)]
            state = store.difficulty_state(f"P{number}", "right", "virtual")
            assert state is not None
            assert state["seen"] == 7
