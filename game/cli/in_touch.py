"""While the game runs, a process beside it keeps a paired station in touch with its clinic.

Not a thread: what it reads, packs and waits for must never hold up a picture or a sound.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from game.cli.boards import ClinicBoards

#: Long enough for the last play to be sent, short enough for nobody to wait.
_LAST_ROUND_S = 5.0

#: The boards of a clinic in which everybody shares the first rank are far shorter.
_LONGEST_LINE = 4_000_000


class InTouch:
    """Sends and fetches while it is started; nothing happens where ``data`` is not paired."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self._boards: ClinicBoards | None = None

    def start(self, boards: ClinicBoards | None = None) -> None:
        """Begin, if this computer is a station; ``boards`` hear what the clinic's are."""
        from game.clinic.sync.pairing import FILE_NAME

        if self._process is not None or not (self._data / FILE_NAME).exists():
            return
        self._process = process = subprocess.Popen(
            [
                *(sys.executable, "-m", "game", "clinic", "sync", "--follow", "--while-input"),
                *("--data", str(self._data)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if boards is None else subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            env={**os.environ, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        )
        if boards is None:
            return
        self._boards = boards
        boards.link()
        # Both wait for the process, and neither may hold up its end of it.
        for talk in (_ask, _hear):
            threading.Thread(target=talk, args=(process, boards), daemon=True).start()

    def stop(self) -> None:
        """Send what was played last, and end."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._boards is not None:
            self._boards.over()  # whoever hands on the questions closes its input
        elif process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_LAST_ROUND_S)
        except subprocess.TimeoutExpired:
            process.kill()  # nothing is lost: it waits in the outbox
            process.wait()


def _ask(process: "subprocess.Popen[bytes]", boards: ClinicBoards) -> None:
    """Hand on what is asked, until the process or the game ends; then its input is closed."""
    assert process.stdin is not None
    with suppress(OSError), process.stdin as said:
        while (line := boards.next_question()) is not None:
            said.write(line.encode() + b"\n")
            said.flush()


def _hear(process: "subprocess.Popen[bytes]", boards: ClinicBoards) -> None:
    """Hand on what is answered, until the process ends."""
    assert process.stdout is not None
    with suppress(OSError), process.stdout as said:
        while line := said.readline(_LONGEST_LINE):
            boards.heard(line)
    boards.over()
