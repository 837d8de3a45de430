"""A hand that can make one grip, in a glove on a real tty, in a process of its own.

``python -m tests.cli.one_grip LINK GRIP`` makes LINK the glove's port. It pinches what it is shown,
if it can, and for so long as each line on its standard input says, in seconds.
"""

import subprocess
import sys
import threading
import time
from pathlib import Path

from firmware_bridge.device import Device
from firmware_bridge.host_clock import host_us
from firmware_bridge.pty_glove import PtyGlove
from firmware_bridge.virtual import Contact
from firmware_bridge.warm import warm_up

_SHOWN_US = 120_000
_OPEN_US = 150_000


class _Hand:
    """What the device asks of who wears it."""

    def __init__(self, grip: int) -> None:
        self._grip = grip
        self._coming: list[Contact] = []
        self._free_us = 0

    def pinch(self, seconds: float) -> None:
        """As soon as it has been open for a moment."""
        start_us = max(host_us() + 20_000, self._free_us + _OPEN_US)
        self._close(start_us, round(seconds * 1e6))

    def shown(self, mask: int, at_us: int) -> None:
        """OUT has come for the grips of ``mask``."""
        if mask >> self._grip & 1 and at_us > self._free_us + _OPEN_US:
            self._close(at_us, _SHOWN_US)

    def cue(self, at_us: int, grip: int) -> None:
        """Cues come as OUT messages."""

    def contacts(self, until_us: int) -> list[Contact]:
        """Those that begin before ``until_us`` and were not told yet."""
        told = [contact for contact in self._coming if contact.start_us < until_us]
        self._coming = [contact for contact in self._coming if contact.start_us >= until_us]
        return told

    def _close(self, start_us: int, lasts_us: int) -> None:
        self._free_us = start_us + lasts_us
        self._coming.append(Contact(start_us, self._free_us, self._grip))


def main(link: str, grip: str) -> None:
    """Until standard input ends."""
    warm_up()
    hand = _Hand(int(grip))
    glove = PtyGlove(Device(hand, host_us(), on_out=hand.shown), host_us)
    over = threading.Event()

    def listen() -> None:
        for line in sys.stdin:
            with glove.lock:
                hand.pinch(float(line))
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    Path(link).symlink_to(glove.path)
    glove.run(over.is_set)
    glove.close()


class OneGrip:
    """The same, from outside: a person who works the game with one grip.

    A held pinch chooses after 0.8 s, and pauses a song after 3 s.
    """

    def __init__(self, folder: Path, grip: int) -> None:
        link = folder / "one-grip"
        self.port = f"serial:{link}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.one_grip", str(link), str(grip)],
            stdin=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 120
        while not link.is_symlink():
            assert self._process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)

    def close(self) -> None:
        """Take the glove off."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)

    def move(self) -> None:
        """A short pinch."""
        self.pinch()

    def choose(self) -> None:
        """A long one."""
        self._pinch(1.1)

    def pause(self) -> None:
        """A very long one."""
        self._pinch(3.5)

    def pinch(self) -> None:
        """A short pinch."""
        self._pinch(0.15)

    def _pinch(self, seconds: float) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        time.sleep(seconds + 0.3)


if __name__ == "__main__":
    main(*sys.argv[1:])
