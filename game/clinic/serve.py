"""The server as a process: address, certificate, log. The thin part over ``app.py``."""

import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn

from game.clinic.app import application
from game.clinic.security.certificates import Certificate, given_certificate, own_certificate
from game.clinic.security.errors import ClinicError
from game.clinic.security.transport import is_loopback
from game.clinic.services import Clinic, Serving
from game.records.store import Store

#: Connections at once, boards included; further ones are told to come back.
MOST_CONNECTIONS = 1500


@dataclass(frozen=True)
class Address:
    """Where the server listens, and with which certificate (None: plain HTTP)."""

    host: str
    port: int
    certificate: Certificate | None
    made_here: bool = False

    @property
    def url(self) -> str:
        """What is typed into a browser."""
        name = self.host
        if name in ("0.0.0.0", "::", ""):
            name = _own_name()
        if ":" in name:
            name = f"[{name}]"
        return f"{'https' if self.certificate else 'http'}://{name}:{self.port}"


def address(
    host: str,
    port: int,
    *,
    tls: bool | None,
    certificate: Path | None,
    key: Path | None,
    folder: Path,
    now: datetime,
) -> Address:
    """Where and how to listen.

    ``tls`` None decides by the host: a certificate is made (in ``folder``) for any address that
    others can reach, unless ``certificate`` and ``key`` are given. Raises ClinicError.
    """
    if (certificate is None) != (key is None):
        raise ClinicError("a certificate needs its key: give --cert and --key together")
    if certificate is not None and key is not None:
        return Address(host, port, given_certificate(certificate, key))
    if tls or (tls is None and not is_loopback(host)):
        names = tuple(dict.fromkeys((_own_name(), socket.gethostname(), "localhost", "127.0.0.1")))
        named = (host, *names) if host not in ("0.0.0.0", "::", "") else names
        made = own_certificate(folder, tuple(dict.fromkeys(named)), now)
        return Address(host, port, made, made_here=True)
    return Address(host, port, None)


def run(
    store: Store,
    where: Address,
    *,
    open_board: bool = False,
    version: str = "",
    log_file: Path | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted. ``ready`` is told the URL once the port is open.

    Raises ClinicError if the port cannot be had.
    """
    listening = _socket(where)
    port = listening.getsockname()[1]
    where = Address(where.host, port, where.certificate, where.made_here)
    clinic = Clinic.of(
        store,
        Serving(
            url=where.url,
            fingerprint=where.certificate.fingerprint
            if where.certificate and where.made_here
            else "",
            own_fingerprint=where.certificate.fingerprint
            if where.certificate and not where.made_here
            else "",
            open_board=open_board,
            version=version,
        ),
    )
    _keep_a_log(log_file)
    config = uvicorn.Config(
        application(clinic),
        # Paths hold identifiers: our own log names pages, and uvicorn's would name addresses.
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        ws="none",
        lifespan="on",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=32_768,
        ssl_certfile=where.certificate.certificate if where.certificate else None,
        ssl_keyfile=where.certificate.key if where.certificate else None,
        ssl_context_factory=_modern if where.certificate else None,
    )
    server = _Server(config, clinic, lambda: ready(where.url) if ready else None)
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()


class _Server(uvicorn.Server):
    """Says when it is ready, and lets the boards' viewers go before it waits for them."""

    def __init__(self, config: uvicorn.Config, clinic: Clinic, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._clinic = clinic
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._clinic.hub.close()
        await super().shutdown(sockets)


def _socket(where: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((where.host, where.port))
        listening.listen(512)
    except (OSError, OverflowError) as error:
        listening.close()
        raise ClinicError(
            f"the clinic cannot be served on {where.host}, port {where.port} ({error}): "
            "choose another with --host and --port"
        ) from error
    return listening


def _modern(config: uvicorn.Config, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _own_name() -> str:
    """The address under which this machine is reached from its network, as far as it knows."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            # Nothing is sent: the system only says by which of its addresses it would go.
            asking.connect(("192.0.2.1", 9))
            return str(asking.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _keep_a_log(file: Path | None) -> None:
    log = logging.getLogger("griptune.clinic")
    log.setLevel(logging.INFO)
    log.propagate = False
    for handler in list(log.handlers):
        log.removeHandler(handler)
    if file is None:
        log.addHandler(logging.NullHandler())
        return
    from logging.handlers import RotatingFileHandler

    handler = RotatingFileHandler(file, maxBytes=5_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
