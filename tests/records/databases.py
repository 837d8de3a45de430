"""The same test on both databases: ``both`` are empty records, on SQLite and then PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from game.records.store import Store
from tests.records.examples import NOON

BOTH = ("sqlite", "postgres")


def open_on(database: str, folder: Path, request: pytest.FixtureRequest) -> Store:
    """Empty records on one of BOTH."""
    url = request.getfixturevalue("postgres_url") if database == "postgres" else None
    return Store.open(folder, clock=lambda: NOON.astimezone(UTC), url=url)


@pytest.fixture(params=BOTH)
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_on(request.param, tmp_path / "records", request) as opened:
        yield opened
