"""What the clinic's pages work with: one data folder's records, accounts, sessions, boards."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from game.clinic.board_hub import BoardHub
from game.clinic.security.accounts import Accounts
from game.clinic.security.delays import Addresses
from game.clinic.security.passphrases import USUAL_COST, Cost
from game.clinic.security.web_sessions import WebSessions
from game.clinic.stations import Stations
from game.records.store import Store


@dataclass(frozen=True)
class Serving:
    """How the server is reached.

    ``url`` is what stations are told to pair with; ``fingerprint`` the SHA-256 of a certificate
    that was made here (empty: the clinic's own, or none), ``own_fingerprint`` that of the clinic's
    own: stations that do not trust who signed it ask for it. ``open_board``: everybody on the
    network may see the board, without signing in and over plain HTTP. ``version`` is this
    program's.
    """

    url: str = "http://127.0.0.1:8484"
    fingerprint: str = ""
    own_fingerprint: str = ""
    open_board: bool = False
    version: str = ""


@dataclass
class Clinic:
    """The services of one server. Make it with :meth:`of`."""

    store: Store
    serving: Serving
    accounts: Accounts
    sessions: WebSessions
    stations: Stations
    addresses: Addresses
    hub: BoardHub
    here: Callable[[], datetime]
    #: One song at a time is looked at: each may take seconds and hundreds of megabytes.
    checking: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(
        cls,
        store: Store,
        serving: Serving | None = None,
        *,
        cost: Cost = USUAL_COST,
        here: Callable[[], datetime] | None = None,
    ) -> "Clinic":
        """The services over ``store``. ``here`` is the present in the clinic's own time zone."""

        def local() -> datetime:
            return store.clock().astimezone() if here is None else here()

        return cls(
            store=store,
            serving=serving or Serving(),
            accounts=Accounts(store, cost),
            sessions=WebSessions(store),
            stations=Stations(store),
            addresses=Addresses(store.clock),
            hub=BoardHub(store, lambda: local().date()),
            here=local,
        )

    @property
    def today(self) -> date:
        """The local day."""
        return self.here().date()

    @property
    def data_dir(self) -> Path:
        """The data folder."""
        return self.store.data_dir
