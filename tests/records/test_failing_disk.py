"""A disk that fails at the N-th write, for every N: what is left is one of the legal states."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from game.records import writer as writer_module
from game.records.errors import RecordsError
from game.records.said_and_done import CheckInKept
from game.records.store import FILE_NAME, Store
from game.records.writer import Writer
from tests.records.examples import CHANGE, NOON, STATE, open_store, play
from tests.records.frail_disk import on_frail_disk

#: Every write fails once in the full sample; here one in so many.
STRIDE = 1 if os.environ.get("GRIPTUNE_SOAK") == "1" else 7

PLAYS = [play(seed, 4) for seed in range(3)]

Step = Callable[[Store], object]


def save(number: int) -> Step:
    def step(store: Store) -> None:
        store.save_play(PLAYS[number], state=STATE, changes=[CHANGE])

    return step


#: An evening, each step one transaction; the last but one leaves nothing of a patient.
STEPS: list[Step] = [
    lambda store: store.add_patient("ANNA"),
    lambda store: store.set_nickname("ANNA", "Blue Heron"),
    save(0),
    lambda store: store.open_session("ANNA", hand="left", who="patient", document={"n": 1}),
    lambda store: store.add_check_in("ANNA", CheckInKept("before", 1, 2)),
    save(1),
    lambda store: store.erase_patient("ANNA"),
    save(2),
]


TABLES = (
    "plays", "play_grips", "play_data", "difficulty_changes", "sessions", "check_ins", "erased",
)  # fmt: skip


def seen(store: Store) -> tuple[object, ...]:
    """What the evening may be told by, without what is different each time.

    Read through the same SQLite that writes: two of them in one process would lose each other's
    locks.
    """
    with store.reading() as connection:

        def ask(question: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.exec_driver_sql(question)]

        assert ask("PRAGMA foreign_key_check") == []
        counts = [ask(f"SELECT count(*) FROM {table}") for table in TABLES]
        return (*counts, *ask("SELECT code, nickname FROM patients"))


def check_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.fixture(scope="module")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_store(folder).close()
    return folder


@pytest.fixture(scope="module")
def legal(empty_records: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple]:
    """The states before and after each step, where nothing fails."""
    folder = tmp_path_factory.mktemp("legal") / "records"
    shutil.copytree(empty_records, folder)
    with open_store(folder) as store:
        states = [seen(store)]
        for step in STEPS:
            step(store)
            states.append(seen(store))
    return states


def evening(folder: Path, legal: list[tuple]) -> list[str]:
    """Every step until it succeeds; what was said of those that failed."""
    sentences = []
    with Store(folder, lambda: NOON) as store:
        for number, step in enumerate(STEPS):
            before, after = legal[number], legal[number + 1]
            for _ in range(3):
                try:
                    step(store)
                    break
                except RecordsError as error:
                    sentences.append(str(error))
                    now = seen(store)
                    assert now in (before, after), f"half of step {number}"
                    if now == after:  # it happened, and only what comes after it failed
                        break
            assert seen(store) == after
    return sentences


@pytest.mark.parametrize(
    ("fault", "said", "first"),
    [(apsw.IOError, "reports an error", 1), (apsw.FullError, "disk is full", 3)],
)
def test_a_write_that_fails_leaves_a_legal_state_and_can_be_done_again(
    tmp_path: Path,
    empty_records: Path,
    legal: list[tuple],
    fault: type[apsw.Error],
    said: str,
    first: int,
) -> None:
    number, tried, failed = first, 0, 0
    while True:
        folder = tmp_path / f"{fault.__name__}-{number}"
        shutil.copytree(empty_records, folder)
        with pytest.MonkeyPatch.context() as patch, on_frail_disk(patch, log_pages=30) as disk:

            def before_each(now: int, wrong: int = number) -> None:
                if now == wrong:
                    raise fault("as the test wants it")

            disk.before_each = before_each
            sentences = evening(folder, legal)
            writes = disk.done
        check_whole(folder / FILE_NAME)
        assert all(said in sentence for sentence in sentences), sentences
        assert len(sentences) <= 1
        failed += len(sentences)
        tried += 1
        shutil.rmtree(folder)
        number += STRIDE
        if number > writes:
            break
    assert failed > tried / 2, "most writes are somebody's"


def test_a_disk_that_fails_for_a_while_loses_nothing_of_a_play(
    tmp_path: Path, empty_records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "RETRY_EVERY_S", 0.002)
    record = play(7, 8)
    for wrong in range(1, 60, 6):
        folder = tmp_path / str(wrong)
        shutil.copytree(empty_records, folder)
        with on_frail_disk(monkeypatch) as disk:

            def before_each(now: int, first: int = wrong) -> None:
                if first <= now < first + 25:
                    raise apsw.FullError("as the test wants it")

            disk.before_each = before_each
            with Store(folder, lambda: NOON) as store, Writer(store, journal_every_s=60) as writer:
                book = writer.open_play(record)
                for edge in range(len(record.edges)):
                    book.judged(record.edges[edge : edge + 1], 1_000_000 * edge)
                    if edge % 5 == 4:
                        assert writer.wait_until_written(30)
                book.close(record, state=STATE, changes=[CHANGE])
                assert writer.wait_until_written(30)
                assert writer.trouble is None
                kept = store.load_play(record.id)
                assert kept.edges.tobytes() == record.edges.tobytes()
        check_whole(folder / FILE_NAME)
        shutil.rmtree(folder)
