"""Stations and server stay in step whatever the network and the power do. Real processes."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from game.cli.library import open_library
from game.clinic.stations import Stations
from game.clinic.sync.pairing import pair, write_pairing
from game.music.library.index import FILE_NAME as INDEX
from game.records.facts import content_digest, fact
from game.records.schema import plays
from game.records.store import Store
from tests.clinic.bad_network import BadNetwork
from tests.clinic.serving import ServerProcess
from tests.clinic.visiting import new_records
from tests.music.songs import ODE_A, conductor, save, track

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
STATIONS = 4
PLAYS = 40 if SOAK else 3
KILLS = 40 if SOAK else 3


def kept_plays(store: Store) -> dict[str, str]:
    """Every play by identifier, with the digest of all that is kept of it."""
    with store.reading() as connection:
        ids = connection.execute(select(plays.c.id)).scalars().all()
        return {id: content_digest(fact(connection, "play", id)) for id in ids}


@pytest.fixture(scope="module")
def known_songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a data folder knows of the bundled songs: read once, because that takes a while."""
    folder = tmp_path_factory.mktemp("songs")
    open_library(folder).close()
    return folder / INDEX


def new_station(folder: Path, known_songs: Path) -> Path:
    """A station's data folder; but for the soak its only song is 16 seconds long."""
    shutil.copy(known_songs, new_records(folder))
    if not SOAK:
        (folder / "songs").mkdir()
        save(folder / "songs" / "short.mid", [conductor(), track(ODE_A, name="Melody")])
    return folder


def start_station(folder: Path, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.clinic.station_process"),
            *(str(folder), str(number), str(PLAYS)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str]) -> None:
    """As a power cut does."""
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_four_stations_and_the_server_hold_the_same_plays_in_the_end(
    database: str, tmp_path: Path, known_songs: Path, request: pytest.FixtureRequest
) -> None:
    """Virtual patients play real songs at the stations while stations, server and network fail."""
    url = request.getfixturevalue("postgres_url") if database == "postgres" else None
    random_ = random.Random(8)
    folders = [new_station(tmp_path / f"station-{n}", known_songs) for n in range(STATIONS)]
    with ServerProcess(tmp_path / "server", database=url) as server:
        network = BadNetwork(server.port, seed=7)
        with Store.open(server.folder, url=url) as records:
            codes = [Stations(records).invite(f"Station {n}") for n in range(STATIONS)]
        for folder, code in zip(folders, codes, strict=True):
            write_pairing(folder, _paired(network, code))
        running = [start_station(folder, n) for n, folder in enumerate(folders)]
        try:
            for kill in range(KILLS):
                if kill % 3 == 1:
                    time.sleep(random_.uniform(0.2, 0.8))
                    server.kill()
                    server.start()
                    continue
                number = random_.randrange(STATIONS)
                # From its first play on: before, there would be nothing to lose.
                assert running[number].stdout.readline() == "open\n"
                time.sleep(random_.uniform(0.0, 0.8))
                end(running[number])
                running[number] = start_station(folders[number], number)
            network.calm = not SOAK
            for process in running:
                said, _ = process.communicate(timeout=3600 if SOAK else 400)
                assert said.splitlines()[-1] == "done"
                assert process.returncode == 0
        finally:
            for process in running:
                end(process)
            network.close()
        if SOAK:
            assert set(network.seen) == {"passed", "lost", "reply lost", "twice", "late"}

    with Store.open(server.folder, url=url) as records:
        at_the_server = kept_plays(records)
        at_the_stations: dict[str, str] = {}
        for number, folder in enumerate(folders):
            with Store.open(folder) as store:
                own = kept_plays(store)
                assert len(own) == PLAYS
                for one in store.plays(f"STATION-{number}"):
                    assert one.input_kind == "virtual"
                    assert one.interrupted or one.hits > 0
                assert records.count_plays(f"STATION-{number}") == PLAYS
                at_the_stations |= own
    assert at_the_server == at_the_stations
    assert len(at_the_server) == STATIONS * PLAYS


def _paired(network: BadNetwork, code: str):
    network.calm = True
    try:
        return pair(network.url, code)
    finally:
        network.calm = False
