"""The application behind a real port of this machine, within this process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from game.clinic.app import application
from game.clinic.security.certificates import Certificate
from game.clinic.services import Clinic, Serving
from game.clinic.sync.link import Link
from game.clinic.sync.pairing import pair
from game.clinic.sync.station import StationSync
from game.records.store import Store
from tests.clinic.visiting import CHEAP, Clock, new_records


class LiveClinic:
    """A server at ``url``; its clinic is at hand."""

    def __init__(self, clinic: Clinic, url: str, clock: Clock) -> None:
        self.clinic = clinic
        self.store = clinic.store
        self.url = url
        self.clock = clock

    def station(self, folder: Path, name: str = "Window") -> "LiveStation":
        pairing = pair(self.url, self.clinic.stations.invite(name))
        return LiveStation(folder, pairing.link(), self.clock)


class LiveStation:
    """A paired station with its own records."""

    def __init__(self, folder: Path, link: Link, clock: Clock) -> None:
        self.store = Store.open(new_records(folder), clock=clock)
        self.link = link
        self.sync = StationSync(self.store, link)

    def round(self):
        return self.sync.round()

    def close(self) -> None:
        self.link.close()
        self.store.close()


@contextmanager
def live_clinic(
    folder: Path, *, url: str | None = None, certificate: Certificate | None = None
) -> Iterator[LiveClinic]:
    clock = Clock()
    if url is None:
        new_records(folder)
    with Store.open(folder, clock=clock, url=url) as store:
        clinic = Clinic.of(store, Serving(), cost=CHEAP, here=lambda: clock.at)
        config = uvicorn.Config(
            application(clinic),
            host="127.0.0.1",
            port=0,
            log_config=None,
            access_log=False,
            ws="none",
            timeout_graceful_shutdown=2,
            ssl_certfile=certificate.certificate if certificate else None,
            ssl_keyfile=certificate.key if certificate else None,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        end = time.monotonic() + 60
        while not server.started:
            assert time.monotonic() < end
            assert thread.is_alive()
            time.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        scheme = "https" if certificate else "http"
        try:
            yield LiveClinic(clinic, f"{scheme}://127.0.0.1:{port}", clock)
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()
