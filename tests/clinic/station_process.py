"""A station as a process: a virtual patient plays songs, and what is new goes to the server.

``python -m tests.clinic.station_process DATA SEED PLAYS``: says ``open`` when it has begun, goes on
where a killed one stopped, and says ``done`` when everything was played and acknowledged.
"""

import random
import sys
import time
from pathlib import Path

from game.cli.common import own_songs_folder
from game.cli.headless import play_headless
from game.cli.keeping import Keeper, play_options
from game.clinic.sync.link import OfflineError
from game.clinic.sync.pairing import read_pairing
from game.clinic.sync.station import StationSync
from game.records.errors import RecordsError
from tests.cli.evenings import SEVERITIES

#: What is played where the station has no songs of its own.
BUNDLED = ("frere-jacques", "ode-to-joy", "sakura")


def main(data: Path, seed: int, plays: int) -> None:
    pairing = read_pairing(data)
    assert pairing is not None
    random_ = random.Random(seed + time.time_ns())
    with Keeper.open(data) as keeper:
        print("open", flush=True)
        store, code = keeper.store, f"STATION-{seed}"
        try:
            store.patient(code)
        except RecordsError:
            store.add_patient(code, board=True)
        hand = f"virtual:patient?severity={SEVERITIES[seed % len(SEVERITIES)]}&seed={seed}"
        songs = sorted(own_songs_folder(data).glob("*.mid")) or BUNDLED
        station = StationSync(store, pairing.link())
        while True:
            played = store.count_plays(code)
            if played < plays:
                song = songs[played % len(songs)]
                play_headless(
                    keeper, str(song), code, hand, play_options(keeper.settings), fast=True
                )
                keeper.wait_until_kept()
            try:
                done = station.round()
            except OfflineError:
                time.sleep(random_.uniform(0.01, 0.1))
                continue
            assert not done.refused, done.refused
            if played >= plays and done.waiting == 0:
                print("done", flush=True)
                return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
