"""The clinic's server under load: two hundred viewers of the live board, fifty plays a minute.

The server is a process of its own, as ``griptune clinic serve`` makes it, over SQLite; viewers, the
station and the page's visitor share another. Everything is on this machine's loopback.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure
from game.clinic.stations import Stations
from game.clinic.sync.pairing import pair
from game.clinic.sync.station import StationSync
from game.records.store import Store
from tests.clinic.load import Crowd, memory_of
from tests.clinic.serving import ServerProcess
from tests.clinic.visiting import new_records
from tests.records.examples import play

VIEWERS = 200
PLAYS = 40
#: Fifty plays a minute.
EVERY_S = 1.2
PEOPLE = 12


def figures() -> Iterator[Figure]:
    """How long the page takes, how soon a play is seen by all, and what the server holds."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measured(Path(folder))


def _measured(folder: Path) -> Iterator[Figure]:
    with ServerProcess(folder / "server", "--open-board") as server:
        with Store.open(server.folder) as records:
            code = Stations(records).invite("Window")
        with Store.open(new_records(folder / "station")) as store:
            link = pair(server.url, code).link()
            station = StationSync(store, link)
            people = [store.add_patient(f"P-{n}", board=True) for n in range(PEOPLE)]
            station.round()
            seen_ms = []
            with Crowd(server.url, VIEWERS, asks_per_s=10) as crowd:
                crowd.wait_for_version(0)
                before = memory_of(server.process.pid)
                for n in range(PLAYS):
                    began = time.monotonic()
                    now = store.clock().astimezone()
                    # The nickname changes with every play, so that every play changes the board.
                    store.set_nickname(people[0].code, f"Heron {n}")
                    patient = people[n % PEOPLE].id
                    store.save_play(play(n, patient_id=patient, level=-1.0, started_at=now))
                    known = max(seen.version for seen in crowd.seen)
                    station.round()
                    if n >= PEOPLE:
                        seen_ms.append((crowd.wait_for_version(known + 1) - began) * 1000)
                    time.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
                after = memory_of(server.process.pid)
            link.close()
        times = sorted(crowd.page_ms)
        yield Figure(
            f"the board's page, {VIEWERS} viewers beside (p50)", _at(times, 0.50), "ms", False
        )
        yield Figure(
            f"the board's page, {VIEWERS} viewers beside (p99)", _at(times, 0.99), "ms", False
        )
        yield Figure(
            f"from a play to all {VIEWERS} viewers (p50)", _at(sorted(seen_ms), 0.5), "ms", False
        )
        yield Figure(f"from a play to all {VIEWERS} viewers (max)", max(seen_ms), "ms", False)
        yield Figure("memory of the server", after / 1e6, "MB", False)
        yield Figure("memory of the server, grown meanwhile", (after - before) / 1e6, "MB", False)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
