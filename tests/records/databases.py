"""The same test on both databases: SQLite, then PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from game.records.store import Store
from tests.records import examples

BOTH = ("sqlite", "postgres")


@pytest.fixture(params=BOTH)
def on_both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What :func:`tests.records.examples.open_store` opens is in a file, and then in PostgreSQL."""
    if request.param == "sqlite":
        yield request.param
        return
    server = request.getfixturevalue("postgres_server")
    urls: dict[Path, str] = {}

    def url_of(folder: Path) -> str:
        if folder not in urls:
            urls[folder] = server.new_records()
        return urls[folder]

    monkeypatch.setattr(examples, "url_of", url_of)
    yield request.param
    for url in urls.values():
        server.drop(url)


@pytest.fixture
def both(on_both: str, tmp_path: Path) -> Iterator[Store]:
    """Empty records on the one and then on the other."""
    with examples.open_store(tmp_path / "records") as opened:
        yield opened
