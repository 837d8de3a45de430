"""The writer thread: real threads, real files, real trouble."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Pool, event, func, select

from game.records import writer as writer_module
from game.records.interrupted import close_interrupted
from game.records.schema import journal, open_plays
from game.records.store import FILE_NAME, Store
from game.records.writer import Journal, Writer
from tests.records.examples import CHANGE, STATE, open_store, performance, play, start_of_play


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as store:
        yield store


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "RETRY_EVERY_S", 0.02)


def rows(store: Store) -> tuple[int, int]:
    """How many plays are open, and how many chunks of them are kept."""
    with store.reading() as connection:
        return (
            connection.execute(select(func.count()).select_from(open_plays)).scalar_one(),
            connection.execute(select(func.count()).select_from(journal)).scalar_one(),
        )


def hand_over_all(book: Journal, seed: int = 1) -> None:
    targets, edges = performance(seed)
    book.segments([(900_000_000, 0)])
    for row in targets:
        book.targets(targets[targets["time_us"] == row["time_us"]])
    for first in range(0, len(edges), 5):
        some = edges[first : first + 5]
        raw = some.copy()
        raw["time_us"] += 900_000_000
        book.edges(raw)
        book.judged(some, int(some["time_us"].max()))


def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_a_play_is_journalled_and_then_kept_as_a_whole(store: Store) -> None:
    patient = store.add_patient("P01")
    record = play(patient_id=patient.id)
    with Writer(store) as writer:
        book = writer.open_play(record)
        assert writer.wait_until_written(60)
        assert rows(store) == (1, 0)
        for seed in (1, 2, 3):
            hand_over_all(book, seed)
            book.flush()
            assert writer.wait_until_written(60)
            assert rows(store) == (1, seed)
        book.close(record, state=STATE, changes=[CHANGE])
    assert rows(store) == (0, 0)
    assert writer.trouble is None
    assert store.load_play(record.id).edges.tobytes() == record.edges.tobytes()
    assert store.difficulty_state("P01", "right", "virtual") == STATE
    assert len(store.difficulty_changes("P01")) == 1
    assert list((store.data_dir / "locks").iterdir()) == []


def test_the_journal_goes_to_the_disk_by_itself_within_two_seconds(store: Store) -> None:
    with Writer(store) as writer:
        book = writer.open_play(start_of_play())
        until(lambda: rows(store) == (1, 0))
        hand_over_all(book)
        began = time.monotonic()
        until(lambda: rows(store) == (1, 1))
        assert time.monotonic() - began < 2
        book.discard()
    assert rows(store) == (0, 0)


def test_nothing_new_is_nothing_written(store: Store) -> None:
    with Writer(store, journal_every_s=0.01) as writer:
        book = writer.open_play(start_of_play())
        book.event({"a": 1})
        until(lambda: rows(store) == (1, 1))
        time.sleep(0.2)
        assert rows(store) == (1, 1)
        book.discard()


def test_what_is_handed_over_may_be_altered_afterwards(store: Store) -> None:
    with Writer(store, journal_every_s=60) as writer:
        book = writer.open_play(start_of_play())
        targets, edges = performance()
        state = dict(STATE)
        book.targets(targets)
        book.judged(edges, 26_000_000)
        book.changed(state)
        targets["grip"], edges["time_us"], state["x"] = 0, 0, 99
        book.flush()
    assert len(close_interrupted(store).kept) == 1
    (kept,) = store.guest_plays()
    assert kept.hits == play().hits
    assert kept.x_after == STATE["x"]


def test_a_closed_play_takes_nothing_more(store: Store) -> None:
    with Writer(store) as writer:
        record = play()
        book = writer.open_play(record)
        with pytest.raises(ValueError, match="not the play"):
            book.close(play(2))
        book.close(record)
        for again in (book.discard, lambda: book.close(record), lambda: book.event(1)):
            with pytest.raises(RuntimeError):
                again()
    with pytest.raises(RuntimeError):
        writer.open_play(start_of_play(2))


def test_what_cannot_be_kept_fails_where_it_is_handed_over(store: Store) -> None:
    with Writer(store) as writer:
        book = writer.open_play(start_of_play())
        for wrong in (
            lambda: book.event(object()),
            lambda: book.event(float("nan")),
            lambda: book.changed({"seen": 1}),
            lambda: writer.open_play(start_of_play(2, delays={"a": {1, 2}})),
        ):
            with pytest.raises((TypeError, ValueError)):
                wrong()
        book.discard()
    assert writer.trouble is None


def test_several_plays_at_once_are_kept_apart(store: Store) -> None:
    with Writer(store, journal_every_s=0.01) as writer:
        records = [play(seed, 8) for seed in range(1, 5)]
        books = [writer.open_play(record) for record in records]
        for record, book in zip(records, books, strict=True):
            book.targets(record.targets)
            book.judged(record.edges, 10_000_000)
        for record, book in zip(records, books, strict=True):
            book.close(record)
    assert sorted(p.id for p in store.guest_plays()) == sorted(r.id for r in records)


def test_a_patient_who_is_erased_while_playing_leaves_nothing(store: Store) -> None:
    patient = store.add_patient("P01")
    record = play(patient_id=patient.id)
    with Writer(store) as writer:
        book = writer.open_play(record)
        hand_over_all(book)
        book.flush()
        assert writer.wait_until_written(60)
        store.erase_patient("P01")
        hand_over_all(book)
        book.flush()
        assert writer.wait_until_written(60)
        assert rows(store) == (0, 0)
        book.close(record, state=STATE, changes=[CHANGE])
    assert writer.trouble is None
    assert store.guest_plays() == []


def test_a_play_that_is_kept_already_ends_the_matter(store: Store) -> None:
    # As after a commit that succeeded while its answer was lost.
    record = play()
    store.save_play(record)
    with Writer(store) as writer:
        writer.open_play(record).close(record)
    assert writer.trouble is None
    assert len(store.guest_plays()) == 1


# Trouble


@contextmanager
def another_program_writes(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def pragma_on(writer: Writer, pragma: str) -> None:
    """Set ``pragma`` on every connection the writer uses from now on."""

    @event.listens_for(writer.engine, "begin")
    def begun(connection) -> None:
        connection.exec_driver_sql(pragma)

    _OLD_POOLS.append(writer.engine.pool)
    writer.engine.dispose()


_OLD_POOLS: list[Pool] = []


@pytest.fixture(autouse=True)
def _old_pools_are_emptied() -> Iterator[None]:
    """A connection in use while its engine is disposed of goes back to the old pool, open."""
    yield
    while _OLD_POOLS:
        _OLD_POOLS.pop().dispose()


def test_a_locked_database_keeps_the_play_in_memory_and_nobody_waits(store: Store) -> None:
    record = play()
    with Writer(store, journal_every_s=0.05) as writer:
        with another_program_writes(store.path):
            began = time.monotonic()
            book = writer.open_play(record)
            hand_over_all(book)
            book.flush()
            book.close(record)
            assert time.monotonic() - began < 0.2, "the game waited for the disk"
            until(lambda: writer.trouble is not None)
            assert "in use by another program" in (writer.trouble or "")
            assert "kept in memory" in (writer.trouble or "")
            assert not writer.wait_until_written(0.1)
        assert writer.wait_until_written(60)
        assert writer.trouble is None
    assert store.load_play(record.id).hits == record.hits


@pytest.mark.parametrize(
    ("trouble", "relief", "said"),
    [
        ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1000000", "disk is full"),
        ("PRAGMA query_only=ON", "PRAGMA query_only=OFF", "cannot be written"),
    ],
)
def test_a_full_or_read_only_disk_loses_nothing_and_is_told(
    store: Store, trouble: str, relief: str, said: str
) -> None:
    record = play()
    with Writer(store, journal_every_s=0.02) as writer:
        book = writer.open_play(record)
        hand_over_all(book, 1)
        assert writer.wait_until_written(60)
        pragma_on(writer, trouble)
        for _ in range(2):
            hand_over_all(book, 2)
            book.event(os.urandom(100_000).hex())  # what cannot be packed needs room
            until(lambda: writer.trouble is not None)
        assert said in (writer.trouble or "")
        assert str(store.data_dir) in (writer.trouble or "")
        pragma_on(writer, relief)
        assert writer.wait_until_written(60)
        assert writer.trouble is None
        book.close(record, state=STATE)
    assert rows(store) == (0, 0)
    assert store.load_play(record.id).raw_edges.tobytes() == record.raw_edges.tobytes()


def test_what_waited_for_the_disk_is_written_once_and_in_order(store: Store) -> None:
    start = start_of_play()
    targets, edges = performance()
    with Writer(store, journal_every_s=0.01) as writer:
        book = writer.open_play(start)
        book.targets(targets)
        for edge in range(len(edges)):
            if edge % 10 == 3:
                pragma_on(writer, "PRAGMA query_only=ON")
            if edge % 10 == 8:
                until(lambda: writer.trouble is not None)
                pragma_on(writer, "PRAGMA query_only=OFF")
            book.judged(edges[edge : edge + 1], int(edges["time_us"][edge]))
            book.flush()
            time.sleep(0.005)
        pragma_on(writer, "PRAGMA query_only=OFF")
        assert writer.wait_until_written(60)
    assert len(close_interrupted(store).kept) == 1
    assert store.load_play(start.id).edges.tobytes() == edges.tobytes()


def test_a_writer_that_cannot_write_says_so_when_it_is_closed(store: Store) -> None:
    writer = Writer(store)
    pragma_on(writer, "PRAGMA query_only=ON")
    record = play()
    writer.open_play(record).close(record)
    assert not writer.close(timeout_s=0.3)
    assert "cannot be written" in (writer.trouble or "")
    pragma_on(writer, "PRAGMA query_only=OFF")
    assert writer.close(timeout_s=10)


def test_a_play_that_cannot_be_written_does_not_end_the_thread(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = play(1), play(2)
    real = writer_module.insert_play

    def insert(connection, record, *rest) -> None:
        if record.id == bad.id:
            raise LookupError("a mistake of ours")
        real(connection, record, *rest)

    monkeypatch.setattr(writer_module, "insert_play", insert)
    with Writer(store) as writer:
        book = writer.open_play(bad)
        hand_over_all(book)
        book.flush()
        assert writer.wait_until_written(60)
        book.close(bad)
        assert writer.wait_until_written(60)
        assert "a mistake of ours" in (writer.trouble or "")
        writer.open_play(good).close(good)
    assert [p.id for p in store.guest_plays()] == [good.id]
    # What the journal holds of it is found at the next start.
    assert close_interrupted(store).kept == (bad.id,)


def test_the_thread_ends_with_the_writer(store: Store) -> None:
    before = threading.active_count()
    with Writer(store):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_the_file_is_not_opened_before_there_is_something_to_write(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.close()
        modified = (tmp_path / FILE_NAME).stat().st_mtime_ns
        with Writer(store):
            time.sleep(0.05)
        assert (tmp_path / FILE_NAME).stat().st_mtime_ns == modified
