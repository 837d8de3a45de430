"""A disk that takes nothing: the screen says so, the play stays in memory, and is saved later."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from game.records.store import FILE_NAME
from game.stage.notices import notice
from tests.records.examples import play
from tests.stage.test_help_rooms import House

SAID = "Your pinches are not saved yet. Please tell your helper."


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path / "data")
    yield made
    made.keeper.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_locked_database_is_said_on_the_screen_and_the_play_is_saved_later(house: House) -> None:
    record = play(1)
    with closing(sqlite3.connect(house.keeper.data / FILE_NAME)) as another_program:
        another_program.execute("BEGIN IMMEDIATE")
        book = house.keeper.writer.open_play(record)
        book.targets(record.targets)
        book.judged(record.edges, 30_000_000)
        book.flush()
        until(lambda: notice(house.evening) == SAID)
        assert "in use by another program" in (house.keeper.trouble or "")
        book.close(record)
        another_program.execute("ROLLBACK")
        until(lambda: house.keeper.trouble is None)
    assert notice(house.evening) != SAID
    assert house.keeper.writer.wait_until_written(60)
    assert house.keeper.store.load_play(record.id).edges.tobytes() == record.edges.tobytes()
