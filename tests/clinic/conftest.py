"""What the clinic's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.live import LiveClinic, LiveStation, live_clinic
from tests.clinic.visiting import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "clinic") as opened:
        yield opened


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveClinic]:
    with live_clinic(tmp_path / "server") as opened:
        yield opened


@pytest.fixture
def stations(live: LiveClinic, tmp_path: Path) -> Iterator[list[LiveStation]]:
    """Two stations of ``live``."""
    made = [live.station(tmp_path / f"station-{n}", f"Station {n}") for n in range(2)]
    yield made
    for station in made:
        station.close()
