"""Recordings: everything said on a glove's line, with its times, in a file that only grows.

A file is one line that names the format and its version, one line of JSON (which program wrote
it, which port, its speed, when), and then events: kind u8, host time i64 µs, length u32, that many
bytes, CRC-16 over all of these; little-endian. A file that was cut off, by a full disk or a power
failure, holds everything up to its last whole event. There is nothing about a person in it.
"""

import binascii
import json
import struct
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from io import RawIOBase
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.errors import GloveError

MAGIC = b"GRIPTUNE GLOVE RECORDING "
VERSION = 1

_HEAD = struct.Struct("<BqI")
_CRC = struct.Struct("<H")
_TIME = struct.Struct("<q")

#: Longer events do not exist: a read from a port brings some kilobytes at most.
_MAX_EVENT_BYTES = 1 << 20

#: No recording is longer than this; a time further away is damage.
_LONGEST_US = 10 * 86_400 * 1_000_000

#: What was heard is on its way to the disk at least this often.
_WRITE_EVERY_S = 0.25


class Kind(IntEnum):
    """What an event is."""

    RECEIVED = 1  #: bytes came
    SENT = 2  #: bytes were sent
    SILENT = 3  #: nothing was heard for too long
    UNPLUGGED = 4  #: the port was gone
    REOPENED = 5  #: the port was opened again
    BEGUN = 6  #: song time 0 was set: to the host time (i64) that the event holds


_ON_THE_LINE = (Kind.RECEIVED, Kind.SENT, Kind.SILENT, Kind.UNPLUGGED, Kind.REOPENED)


class Event(NamedTuple):
    """One thing that happened on the line, at ``host_us``."""

    kind: Kind
    host_us: int
    data: bytes


class Recorder:
    """Writes a recording. Is handed to :meth:`Glove.open`, which tells it what happens.

    Nothing touches the disk before :meth:`start`, so a glove that cannot be opened costs no old
    recording. A thread of its own writes: nobody who listens to a glove waits for a disk.

    Raises GloveError, with one sentence, if the file is there already (and may not be
    overwritten) or cannot be made.
    """

    def __init__(self, path: Path, *, program: str, overwrite: bool = False) -> None:
        self.path = path
        self._program = program
        self._overwrite = overwrite
        self._header: dict[str, Any] = {}
        self._queue: SimpleQueue[bytes] = SimpleQueue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: str | None = None
        self.bytes_heard = 0  #: how many came from the glove
        if not overwrite and path.exists():
            raise self._refusal(FileExistsError())
        if not path.parent.is_dir():
            raise GloveError(f"there is no folder {path.parent} for the recording")

    # -- told by the glove --------------------------------------------------------------------

    def opened(self, port: str, baud: int, host_us: int) -> None:
        """A line of ``baud`` bits/s is opened at ``port``."""
        self._header = {
            "program": self._program,
            "port": port,
            "baud": baud,
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "started_us": host_us,
        }

    def received(self, data: bytes, ends: NDArray[np.int64], arrivals: NDArray[np.int64]) -> None:
        """Bytes came, as in :meth:`Reception.receive`."""
        start = 0
        for end, arrival in zip(ends.tolist(), arrivals.tolist(), strict=True):
            self._put(Kind.RECEIVED, arrival, data[start:end])
            start = end
        self.bytes_heard += len(data)

    def sent(self, data: bytes, host_us: int) -> None:
        """Bytes were sent."""
        self._put(Kind.SENT, host_us, data)

    def silent(self, host_us: int) -> None:
        """Nothing was heard for too long."""
        self._put(Kind.SILENT, host_us)

    def unplugged(self, host_us: int) -> None:
        """The port is gone."""
        self._put(Kind.UNPLUGGED, host_us)

    def reopened(self, host_us: int) -> None:
        """The port was opened again."""
        self._put(Kind.REOPENED, host_us)

    def retuned(self, baud: int) -> None:
        """The line is heard at another speed from now on; what was received so far was noise.

        Before :meth:`start` only: a line is tuned while it is opened.
        """
        self._queue = SimpleQueue()
        self._header["baud"] = baud
        self.bytes_heard = 0

    def begun(self, song_zero_us: int, host_us: int) -> None:
        """Song time 0 is at ``song_zero_us``."""
        self._put(Kind.BEGUN, host_us, _TIME.pack(song_zero_us))

    def _put(self, kind: Kind, host_us: int, data: bytes = b"") -> None:
        self._queue.put(pack(Event(kind, host_us, data)))

    # -- the file -----------------------------------------------------------------------------

    def start(self) -> None:
        """Make the file and go on writing to it. Raises GloveError if it cannot be made."""
        try:
            # Without a buffer of its own: what was written is with the system, even if we crash.
            file = self.path.open("wb" if self._overwrite else "xb", buffering=0)
            file.write(_first_lines(self._header))
        except OSError as error:
            raise self._refusal(error) from None
        self._thread = threading.Thread(
            target=self._write, args=(file,), name="glove recorder", daemon=True
        )
        self._thread.start()

    @property
    def trouble(self) -> str | None:
        """Why nothing is written any more, in one sentence; None if all is well."""
        return self._failure

    def close(self) -> None:
        """Write what is left. Idempotent; raises GloveError if part of it was not kept."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._failure is not None:
            raise GloveError(self._failure)

    def _write(self, file: RawIOBase) -> None:
        ending = False
        while not ending:
            ending = self._stop.wait(_WRITE_EVERY_S)
            parts = []
            while not self._queue.empty():
                parts.append(self._queue.get())
            rest = memoryview(b"".join(parts))
            try:
                while rest and self._failure is None:
                    rest = rest[file.write(rest) or 0 :]
                if ending:
                    file.close()
            except OSError as error:
                self._failure = f"the recording {self.path} is cut short: {error.strerror or error}"

    def _refusal(self, error: OSError) -> GloveError:
        if isinstance(error, FileExistsError):
            return GloveError(
                f"{self.path} is there already; choose another name, or --force to overwrite it"
            )
        return GloveError(f"the recording {self.path} cannot be written: {error.strerror or error}")


def pack(event: Event) -> bytes:
    """An event as it stands in the file."""
    head = _HEAD.pack(event.kind, event.host_us, len(event.data)) + event.data
    return head + _CRC.pack(binascii.crc_hqx(head, 0xFFFF))


def _first_lines(header: dict[str, Any]) -> bytes:
    return MAGIC + f"{VERSION}\n".encode() + json.dumps(header).encode() + b"\n"


@dataclass(frozen=True)
class Recording:
    """A recording that was read: its header, and its events in order."""

    path: Path
    program: str
    port: str
    baud: int
    started: str  #: UTC, ISO 8601
    events: tuple[Event, ...]  #: what happened on the line
    begun_us: int  #: host time of song time 0; of the first event if none was set
    cut_off: bool  #: whether its end is missing

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.events[-1].host_us - self.events[0].host_us) / 1e6


def read_recording(path: Path) -> Recording:
    """Read a recording.

    Raises GloveError, with one sentence, for a file that is not there, is no recording, was
    written by a later version, holds nothing, or is damaged anywhere but at its end.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise GloveError(f"there is no recording {path}") from None
    except OSError as error:
        raise GloveError(f"the recording {path} cannot be read: {error.strerror}") from None
    header, position = _read_first_lines(path, content)
    started_us = header["started_us"]
    events: list[Event] = []
    begun_us: int | None = None
    last_us = started_us - _LONGEST_US
    whole = True
    while position < len(content):
        event, position, whole = _read_event(path, content, position)
        if event is None:
            break
        if event.kind is Kind.BEGUN:
            if begun_us is None and len(event.data) == _TIME.size:
                (begun_us,) = _TIME.unpack(event.data)
            continue
        if not last_us <= event.host_us <= started_us + _LONGEST_US:
            raise GloveError(f"the recording {path} is damaged: its times run back")
        last_us = event.host_us
        events.append(event)
    if not events:
        raise GloveError(f"the recording {path} holds nothing: it was cut off at its beginning")
    if begun_us is None or abs(begun_us - started_us) > _LONGEST_US:
        begun_us = events[0].host_us
    return Recording(
        path,
        str(header.get("program", "")),
        str(header.get("port", "")),
        header["baud"],
        str(header.get("started", "")),
        tuple(events),
        begun_us,
        cut_off=not whole,
    )


def _read_first_lines(path: Path, content: bytes) -> tuple[dict[str, Any], int]:
    """The header, and where the events begin."""
    first, _, rest = content.partition(b"\n")
    if not first.startswith(MAGIC):
        raise GloveError(
            f"{path} is not a recording of a glove; “griptune glove record FILE” makes one"
        )
    version = first[len(MAGIC) :]
    if version != str(VERSION).encode():
        named = version.decode("ascii", errors="replace")
        raise GloveError(
            f"the recording {path} has format {named}, this program reads {VERSION}; "
            "update the program"
        )
    line, newline, _ = rest.partition(b"\n")
    try:
        header = json.loads(line) if newline else None
    except (ValueError, RecursionError):
        header = None
    if not (
        isinstance(header, dict)
        and type(header.get("baud")) is int
        and 300 <= header["baud"] <= 4_000_000
        and type(header.get("started_us")) is int
        and abs(header["started_us"]) < 1 << 60
    ):
        raise GloveError(f"the recording {path} is damaged at its beginning")
    return header, len(first) + len(line) + 2


def _read_event(path: Path, content: bytes, position: int) -> tuple[Event | None, int, bool]:
    """The event at ``position``, where the next begins, and whether the file is whole so far."""
    begin = end = position + _HEAD.size
    if begin <= len(content):
        code, host_us, length = _HEAD.unpack_from(content, position)
        if length <= _MAX_EVENT_BYTES and code in Kind.__members__.values():
            end = begin + length + _CRC.size
            if end <= len(content):
                (crc,) = _CRC.unpack_from(content, begin + length)
                if crc == binascii.crc_hqx(content[position : begin + length], 0xFFFF):
                    event = Event(Kind(code), host_us, content[begin : begin + length])
                    return event, end, True
        # A power failure may leave zeros where the last bytes should be.
        if content.count(0, end) != max(len(content) - end, 0):
            raise GloveError(f"the recording {path} is damaged at byte {position}")
    return None, len(content), False
