"""While the game runs, a process beside it keeps a paired station in touch with its clinic.

Not a thread: what it reads, packs and waits for must never hold up a picture or a sound.
"""

import os
import subprocess
import sys
from pathlib import Path

#: Long enough for the last play to be sent, short enough for nobody to wait.
_LAST_ROUND_S = 5.0


class InTouch:
    """Sends and fetches while it is started; nothing happens where ``data`` is not paired."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, if this computer is a station."""
        from game.clinic.sync.pairing import FILE_NAME

        if self._process is not None or not (self._data / FILE_NAME).exists():
            return
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "game", "clinic", "sync", "--follow", "--while-input"),
                *("--data", str(self._data)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            env={**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        )

    def stop(self) -> None:
        """Send what was played last, and end."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_LAST_ROUND_S)
        except subprocess.TimeoutExpired:
            process.kill()  # nothing is lost: it waits in the outbox
            process.wait()
