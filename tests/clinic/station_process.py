"""A station as a process: a virtual patient plays, and what is new goes to the server.

``python -m tests.clinic.station_process DATA SEED PLAYS``: goes on where a killed one stopped, and
prints ``done`` when everything was played and acknowledged.
"""

import random
import sys
import time
from pathlib import Path

from game.clinic.sync.link import OfflineError
from game.clinic.sync.pairing import read_pairing
from game.clinic.sync.station import StationSync
from game.records.errors import RecordsError
from game.records.store import Store
from tests.records.examples import STATE, play


def main(data: Path, seed: int, plays: int) -> None:
    pairing = read_pairing(data)
    assert pairing is not None
    random_ = random.Random(seed + time.time_ns())
    with Store.open(data) as store:
        code = f"STATION-{seed}"
        try:
            patient = store.patient(code)
        except RecordsError:
            patient = store.add_patient(code, board=True)
        link = pairing.link()
        station = StationSync(store, link)
        while True:
            played = store.count_plays(code)
            if played < plays:
                store.save_play(
                    play(seed * 1000 + played, patient_id=patient.id, level=-1.0), state=STATE
                )
            try:
                done = station.round()
            except OfflineError:
                time.sleep(random_.uniform(0.01, 0.1))
                continue
            assert not done.refused, done.refused
            if played + 1 >= plays and done.waiting == 0:
                print("done", flush=True)
                return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
