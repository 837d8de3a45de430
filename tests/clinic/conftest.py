"""What the clinic's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.visiting import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "clinic") as opened:
        yield opened
