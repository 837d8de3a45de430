"""The simulator of the glove as a process: commands in, what it tells out."""

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from firmware_bridge import protocol
from firmware_bridge.host_clock import host_us
from firmware_bridge.protocol import Message

#: Processors of test machines stall; what is judged with this is that things happen, not how soon.
PATIENCE_S = 10.0

#: A glove that was switched on listens after this time.
BOOT_US = 20_000


class Told(NamedTuple):
    """One line of the simulator: what, its time (µs), and the rest."""

    what: str
    time_us: int
    rest: tuple[str, ...]


class End(NamedTuple):
    """What the simulator tells at its end."""

    awake: float  #: share of the time in which the glove's processor was not asleep
    corrupted: int
    dropped: int
    frames_dropped: int
    unread: int


def _told(line: str) -> Told | None:
    what, *rest = line.split()
    return None if what in ("pty", "end") else Told(what, int(rest[0]), tuple(rest[1:]))


def _end(line: str) -> End:
    awake, *counts = line.split()[1:]
    return End(float(awake), *(int(count) for count in counts))


class Simulator:
    """A glove that runs in real time on a pseudo-terminal, until the with block ends."""

    def __init__(self, program: Path, firmware: Path, *options: object) -> None:
        self.end: End | None = None
        self.path = ""
        self._told: list[Told] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [str(program), str(firmware), *(str(option) for option in options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()
        self.wait_for("boot")

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                if line.startswith("pty "):
                    self.path = line.split()[1]
                elif line.startswith("end "):
                    self.end = _end(line)
                else:
                    told = _told(line)
                    assert told is not None
                    self._told.append(told)
                self._news.notify_all()

    def command(self, text: str, at_us: int | None = None) -> None:
        """Have a command carried out, now or at a host time."""
        self.commands([(at_us, text)])

    def commands(self, texts: list[tuple[int | None, str]]) -> None:
        """Commands with their host times, in one go."""
        assert self._process.stdin is not None
        lines = [f"{'' if at is None else f'at {at} '}{text}\n" for at, text in texts]
        self._process.stdin.write("".join(lines))
        self._process.stdin.flush()

    def send(self, *messages: Message) -> None:
        """Bytes to the glove, as if a host had sent these, once it has booted."""
        booted_us = self.told("boot")[-1].time_us + BOOT_US
        self.command("send " + wire(*messages).hex(), booted_us)
        while host_us() < booted_us + BOOT_US:
            time.sleep(0.005)

    def told(self, what: str) -> list[Told]:
        """The lines of this kind so far."""
        with self._news:
            return [told for told in self._told if told.what == what]

    def wait_for(self, what: str, count: int = 1) -> Told:
        """Wait for the ``count``-th line of this kind."""
        until = time.monotonic() + PATIENCE_S
        with self._news:
            while True:
                found = [told for told in self._told if told.what == what]
                if len(found) >= count:
                    return found[count - 1]
                left = until - time.monotonic()
                assert self._process.poll() is None, "the simulator has ended"
                assert left > 0, f"the simulator did not say {what!r}"
                self._news.wait(min(left, 0.1))

    def close(self) -> None:
        """End it; afterwards ``end`` is set."""
        if self._process.poll() is None:
            try:
                self.command("quit")
                self._process.wait(PATIENCE_S)
            except (BrokenPipeError, subprocess.TimeoutExpired):
                self._process.kill()
        self._thread.join()
        self._process.wait()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def wire(*messages: Message) -> bytes:
    """A zero, then these messages in frames, as a host sends them."""
    return b"\0" + b"".join(protocol.frame(protocol.encode(message)) for message in messages)


class Run(NamedTuple):
    """A run without real time: the bytes that left the glove, what was told, the end."""

    data: bytes
    told: list[Told]
    end: End

    @property
    def messages(self) -> list[Message]:
        """Every frame decoded; raises ValueError for a bad one. What was cut off is left out."""
        *runs, _ = self.data.split(b"\0")
        return [protocol.decode(protocol.unframe(run)) for run in runs if run]

    def of(self, kind: type[Message]) -> list[Message]:
        """The messages of one kind."""
        return [message for message in self.messages if isinstance(message, kind)]


def scripted(
    program: Path,
    firmware: Path,
    folder: Path,
    script: list[tuple[int, str]],
    for_us: int,
    *options: object,
) -> Run:
    """Run a script (times since the start, µs) as fast as it goes, cycle for cycle the same."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "script").write_text("".join(f"at {at} {command}\n" for at, command in script))
    done = subprocess.run(
        [
            *(str(program), str(firmware), "--script", str(folder / "script")),
            *("--bytes", str(folder / "bytes"), "--for", str(for_us)),
            *(str(option) for option in options),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *lines, last = done.stdout.splitlines()
    told = [one for one in map(_told, lines) if one is not None]
    return Run((folder / "bytes").read_bytes(), told, _end(last))


def eventually(what: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Wait until it is so."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.005)
    return what()
