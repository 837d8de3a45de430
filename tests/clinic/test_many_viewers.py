"""Two hundred look at the board while four stations send: everybody sees the latest, and the
server does not grow. How fast it is, the benchmarks say."""

import os
import time
from pathlib import Path

from game.clinic.stations import Stations
from game.clinic.sync.pairing import pair
from game.clinic.sync.station import StationSync
from game.records.store import Store
from tests.clinic.load import Crowd, memory_of
from tests.clinic.serving import ServerProcess
from tests.clinic.visiting import new_records
from tests.records.examples import play

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
VIEWERS = 200
PLAYS = 500 if SOAK else 12
#: 50 plays a minute.
EVERY_S = 1.2 if SOAK else 0.15
#: What a run may leave behind at most: caches that fill, memory that the allocator keeps.
GROWTH = 30_000_000


def test_everybody_sees_the_latest_board_and_the_server_does_not_grow(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "server", "--open-board") as server:
        with Store.open(server.folder) as records:
            code = Stations(records).invite("Window")
        with Store.open(new_records(tmp_path / "station")) as store:
            link = pair(server.url, code).link()
            station = StationSync(store, link)
            people = [store.add_patient(f"P-{n}", board=True) for n in range(6)]
            station.round()
            with Crowd(server.url, VIEWERS, asks_per_s=5) as crowd:
                crowd.wait_for_version(0)
                for n in range(PLAYS // 4):
                    _play(store, station, people, n)
                before = memory_of(server.process.pid)
                for n in range(PLAYS // 4, PLAYS):
                    _play(store, station, people, n)
                newest = max(seen.version for seen in crowd.seen)
                crowd.wait_for_version(newest)
                after = memory_of(server.process.pid)
            link.close()
        assert crowd.refused == 0
        assert crowd.page_ms
        assert newest > 0
        assert after - before < GROWTH, (before, after)
        if SOAK:
            slowest = sorted(crowd.page_ms)[int(0.99 * len(crowd.page_ms))]
            print(
                f"\n{VIEWERS} viewers, {PLAYS} plays: page p99 {slowest:.0f} ms, memory "
                f"{before / 1e6:.0f} to {after / 1e6:.0f} MB, {newest} boards"
            )


def _play(store: Store, station: StationSync, people, n: int) -> None:
    began = time.monotonic()
    now = store.clock().astimezone()
    store.save_play(play(n, patient_id=people[n % len(people)].id, level=-1.0, started_at=now))
    station.round()
    time.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
