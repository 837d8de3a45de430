"""The clinic's server as a process of its own, on a free port of this machine."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.clinic.visiting import new_records


class ServerProcess:
    """``griptune clinic serve``; :meth:`kill` and :meth:`start` again keep the port."""

    def __init__(self, folder: Path, *options: str, database: str | None = None) -> None:
        self.folder = folder if folder.exists() else new_records(folder)
        self.options = options
        self.database = database
        self.port = 0
        self.printed = ""
        self.start()

    def start(self) -> None:
        environment = {**os.environ}
        if self.database is not None:
            environment["GRIPTUNE_DATABASE"] = self.database
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "game", "clinic", "serve"),
                *("--port", str(self.port), "--data", str(self.folder), *self.options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.printed += line
        found = re.search(r"(https?)://[^:]+:(\d+)", line)
        assert found, line + self.process.stdout.read()
        self.url, self.port = found.group(0), int(found.group(2))

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self._gone()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self._gone()

    def _gone(self) -> None:
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> "ServerProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
