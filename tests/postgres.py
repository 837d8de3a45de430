"""A PostgreSQL cluster of the tests' own: made, started and thrown away with the session.

It listens on a Unix socket in its own temporary folder and on nothing else, so that sessions that
run beside one another do not meet. PostgreSQL refuses to run as root, so there it runs as
another user.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from game.records.store import Store

_FOLDERS = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/pgsql")


def binaries() -> Path | None:
    """The folder with the newest ``initdb`` there is."""
    found = [
        path
        for folder in _FOLDERS
        if Path(folder).is_dir()
        for path in Path(folder).glob("*/bin")
        if (path / "initdb").exists() and (path / "postgres").exists()
    ]
    if found:
        return max(
            found, key=lambda path: [int(n) for n in path.parts[-2].split(".") if n.isdigit()]
        )
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).resolve().parent


class Cluster:
    """A running server; ``url`` is that of a database in it."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self._programs = programs
        self._user = "postgres"
        self._empty_records: str | None = None
        self._as: dict[str, object] = {}
        if os.name == "posix" and os.geteuid() == 0:
            import pwd

            nobody = pwd.getpwnam("nobody")
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            shutil.chown(folder, nobody.pw_uid)
        self._run(
            "initdb", "-D", str(self.data), "-U", self._user, "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            # Nothing here has to outlive the machine; what happens on a power cut is PostgreSQL's
            # own test.
            file.write(
                "listen_addresses = ''\n"
                f"unix_socket_directories = '{folder}'\n"
                "fsync = off\nfull_page_writes = off\n"
                "shared_buffers = 32MB\nmax_connections = 60\nautovacuum_naptime = 10\n"
            )
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self.data)],
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
                **self._as,  # type: ignore[call-overload]
            )
        self._wait()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        return f"postgresql://{self._user}@/{database}?host={self.folder}"

    def new_database(self, template: str = "template0") -> str:
        """The URL of a new database, empty or like ``template``."""
        name = f"griptune_{uuid.uuid4().hex}"
        names = [sql.Identifier(one) for one in (name, template)]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return self.url(name)

    def new_records(self) -> str:
        """The URL of new records with nothing in them; quicker than migrating each time."""
        if self._empty_records is None:
            url = self.new_database()
            Store.open(self.folder / "empty", url=url).close()
            self._empty_records = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        return self.new_database(self._empty_records)

    def drop(self, url: str) -> None:
        """Drop a database, with whoever is still connected to it."""
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(str(name)))
            )

    def stop(self) -> None:
        self._server.send_signal(signal.SIGINT)  # without waiting for those who are connected
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._server.wait(10)
        if self._server.poll() is None:
            self._server.kill()
            self._server.wait()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._as,  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stderr

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
                return
            log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
            assert self._server.poll() is None, log
            assert time.monotonic() < end, log
            time.sleep(0.05)


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """A server in a temporary folder; skips the test where PostgreSQL is not installed."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    # A short name: that of a Unix socket may have 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = Cluster(folder, programs)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Cluster]:
    """One server for the session."""
    with cluster() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Cluster) -> Iterator[str]:
    """The URL of a new, empty database."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop(url)
