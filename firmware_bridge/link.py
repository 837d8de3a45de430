"""A serial port and the thread that reads it: stamps bytes, asks, retries, reconnects.

The thread owns the port. Everything it learns goes through one :class:`Conversation`, which is
guarded by a lock; the game thread only takes edges out.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np
import serial

from firmware_bridge import protocol
from firmware_bridge.conversation import Conversation, Tap
from firmware_bridge.errors import GloveError
from firmware_bridge.giving_way import give_way_soon
from firmware_bridge.health import Health, health_of
from firmware_bridge.port_reader import READ_TIMEOUT_S, PortReader
from firmware_bridge.ports import (
    PORT_ERRORS,
    PortInfo,
    open_port,
    serial_number_of,
    usb_ports,
)
from firmware_bridge.reception import LOST_US, Heard, HostEdge

#: PING bounds the offset of the glove's clock; at first, while the fit has little else, often.
PING_EVERY_US = 980_000
FIRST_PINGS_EVERY_US = 60_000
_FIRST_PINGS_US = 1_000_000

TRY_EVERY_US = 100_000
TRIES = 3
_REOPEN_EVERY_S = 0.1

#: So many bytes in so long a time, and more runs of them refused than good: that is another speed.
_NOISE_BYTES = 200
_NOISE_US = 300_000

#: A line that is heard, but not understood yet, is given so much longer.
TUNING_WAIT_S = 1.5

#: A port that says HELLO but sends nothing is asked to stream.
_QUIET_US = 500_000

#: After a read the thread rests, so that what comes in pieces comes in fewer of them. Measured at
#: 1 000 frames a second: with 1 ms it takes 8 % of a core and half the presses are known 2.95 ms
#: after the pinch, with this 14 % and 2.4 ms, with 0.2 ms 23 %. Stamps do not depend on it, because
#: the clock goes by the least delayed frame.
_REST_S = 0.0005

#: Cues that fell due while the port was away are not made up for.
_CUE_TOO_LATE_US = 250_000

_CUE_LEVEL = 255
_CUE_MS = 120


def patience(timeout_s: float) -> Iterator[float]:
    """Looks ``READ_TIMEOUT_S`` apart, until ``timeout_s`` have passed; gives the time left, in s.

    Time is counted in looks: a computer that was busy with something else has not listened, and
    what it listens to was not silent for that.
    """
    looks = round(timeout_s / READ_TIMEOUT_S)
    for look in range(looks):
        yield timeout_s - look * READ_TIMEOUT_S
        time.sleep(READ_TIMEOUT_S)


@dataclass
class Command:
    """A command on its way: ``answered`` is set with the ``status`` of its ACK, if one comes."""

    payload: bytes
    tries_left: int
    next_try_us: int
    status: int | None = None
    answered: threading.Event = field(default_factory=threading.Event)


class Link:
    """A glove on a serial port. Opens it at once; raises GloveError if it cannot be opened.

    After that nothing raises: an unplugged glove is *lost*, and is looked for in the background at
    the same path, or wherever its USB adapter turns up. ``tap`` is told what happens on the line.

    If what comes at ``baud`` is noise, the speeds of ``others`` are tried in turn, without opening
    the port anew: that would reset boards like the Uno. Silence is no noise.
    """

    def __init__(
        self,
        path: str,
        baud: int,
        clock: Callable[[], int],
        *,
        others: tuple[int, ...] = (),
        ports: Callable[[], Iterable[PortInfo]] = usb_ports,
        tap: Tap | None = None,
    ) -> None:
        self.path = path
        self.baud = baud  #: the speed at which the line is heard
        self._others = others
        self._tap = tap
        self._noise_bytes = 0
        self._retuned = False
        self._tuned_us = clock()
        self._listener: Callable[[list[HostEdge]], None] | None = None
        self._clock = clock
        self._ports = ports
        self._port: serial.Serial | None = open_port(path, baud)
        self._reader = PortReader(self._port)
        self._usb_serial = serial_number_of(path, ports())
        self._lock = threading.Lock()
        self._conversation = Conversation(baud, tap)
        self._reception = self._conversation.reception
        self._edges: list[HostEdge] = []
        self._commands: dict[int, Command] = {}
        self._tags = itertools.cycle(range(256))
        self._answers = False  # whether this glove is known to answer commands
        self._profile: protocol.Profile | None = None
        self._rate_asked: Command | None = None
        self._cues: list[tuple[int, int]] = []
        self._next_ping_us = 0
        self._opened_us = clock()
        self._silent_us = 0
        self._looked_us = clock()
        self._stop = threading.Event()
        give_way_soon()
        self._thread = threading.Thread(target=self._run, name=f"glove {path}", daemon=True)
        self._thread.start()

    # -- for the game thread ------------------------------------------------------------------

    def take(self) -> tuple[list[HostEdge], int | None]:
        """The edges since the last call, and the settled time (None: follow the host clock)."""
        with self._lock:
            edges, self._edges = self._edges, []
            return edges, self._conversation.settled_us

    def health(self) -> Health:
        """How well the glove is heard, now."""
        with self._lock:
            conversation = self._conversation
            return health_of(
                self._reception, conversation.link, self._clock(), conversation.lost_since_us
            )

    @property
    def ready(self) -> bool:
        """Whether edges are coming."""
        with self._lock:
            return self._reception.ready

    @property
    def hello(self) -> protocol.Hello | None:
        """The last HELLO, or None."""
        with self._lock:
            return self._reception.hello

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until edges are coming; False if they are not in time (see `patience`)."""
        return any(self.ready for _ in patience(timeout_s)) or self.ready

    def use(self, profile: protocol.Profile) -> None:
        """Run the glove at ``profile`` from now on, also after it was reset or plugged in again.

        A glove that refuses it, or answers nothing, goes on as it is.
        """
        with self._lock:
            self._profile = profile
            hello = self._reception.hello
            if hello is not None:
                self._ask_for_rate(hello)

    def cue(self, host_us: int, grip: int) -> None:
        """Send OUT for ``grip`` at ``host_us``; at once if that has passed."""
        with self._lock:
            heappush(self._cues, (host_us, grip))

    def cancel_cues(self) -> None:
        """Forget the cues that were not sent."""
        with self._lock:
            self._cues.clear()

    def command(self, build: Callable[[int], protocol.Message], tries: int = TRIES) -> Command:
        """Send a command, given its tag: up to ``tries`` times 100 ms apart until it is ACKed."""
        with self._lock:
            return self._command(build, tries)

    def when_decided(self, listener: Callable[[list[HostEdge]], None]) -> None:
        """Have ``listener`` told of edges the moment they are decided, in the reading thread.

        It must be quick, and must not ask anything of this link.
        """
        with self._lock:
            self._listener = listener

    @property
    def noisy(self) -> bool:
        """Whether bytes come, but nothing that a glove would say at the speeds tried so far."""
        return bool(self._others) and (self._retuned or self._noise_bytes > 0)

    def close(self) -> None:
        """Stop reading and close the port. Idempotent."""
        self._stop.set()
        self._thread.join()

    # -- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        self._greet()
        rest_s = 0.0
        while not self._stop.is_set():
            if self._port is None:
                self._reopen()
                continue
            try:
                data = self._reader.read(rest_s)
                rest_s = _REST_S if data else 0.0
                now = self._clock()
                self._take_in(data, now)
                if self._others:
                    self._tune(self._port, len(data), now)
                self._send_due(self._port, now)
            except serial.SerialTimeoutException:
                continue  # the glove does not listen: that is no reason to stop hearing it
            except PORT_ERRORS:
                self._unplugged()
                continue
        if self._port is not None:
            self._close_port(self._port)
            self._port = None

    def _take_in(self, data: bytes, now: int) -> None:
        # Silence is counted in our own looks at the port, each at most 20 ms: a program that
        # stalls for longer has not listened, and the glove was not silent for that.
        looked, self._looked_us = self._looked_us, now
        with self._lock:
            before = self._reception.counters.frames if data else 0
            if data:
                edges, heard = self._conversation.received(
                    data, np.array([len(data)], np.int64), np.array([now], np.int64)
                )
                self._edges += edges
                if edges and self._listener is not None:
                    self._listener(edges)
                for item in heard:
                    self._answer(item)
            if data and self._reception.counters.frames != before:
                self._silent_us = 0
            else:
                self._silent_us += min(now - looked, 20_000)
                if self._silent_us > LOST_US:
                    self._silent_us = 0
                    self._edges += self._conversation.silent(now)

    def _tune(self, port: serial.Serial, came: int, now: int) -> None:
        """Go on to the next speed if what comes is noise; stay if a glove speaks."""
        with self._lock:
            heard, counters = self._reception.hello, self._reception.counters
        if heard is not None:
            self._others = ()
            return
        self._noise_bytes += came
        if (
            self._noise_bytes < _NOISE_BYTES
            or now - self._tuned_us < _NOISE_US
            or counters.refused <= counters.good
        ):
            return
        self.baud, self._others = self._others[0], (*self._others[1:], self.baud)
        self._noise_bytes, self._tuned_us, self._retuned = 0, now, True
        try:
            port.baudrate = self.baud
            port.reset_input_buffer()
        except ValueError:
            return  # an adapter that does not know this speed: the next is tried in its turn
        with self._lock:
            self._conversation = Conversation(self.baud, self._tap)
            self._reception = self._conversation.reception
            if self._tap is not None:
                self._tap.retuned(self.baud)
        self._greet()

    def _answer(self, heard: Heard) -> None:
        match heard.message:
            case protocol.Pong():
                self._answers = True
            case protocol.Ack(tag, kind, status):
                self._answers = True
                command = self._commands.get(tag)
                if command is not None and command.payload[0] == kind:
                    del self._commands[tag]
                    command.status = status
                    command.answered.set()
            case protocol.Hello() as hello:
                self._ask_for_rate(hello)
                quiet = heard.arrival_us - self._opened_us > _QUIET_US
                last = self._reception.last_frame_us
                if quiet and (last is None or heard.arrival_us - last > _QUIET_US):
                    self._command(lambda tag: protocol.Stream(tag, protocol.STREAM_ON), TRIES)

    def _ask_for_rate(self, hello: protocol.Hello) -> None:
        """Ask for the profile that is wanted, at each HELLO that says otherwise; not if refused."""
        wanted, asked = self._profile, self._rate_asked
        if wanted is None:
            return
        rate = (wanted.scan_hz, wanted.hop, wanted.history)
        refused = asked is not None and asked.status not in (None, 0)
        under_way = asked is not None and asked.status is None and asked.tries_left > 0
        if (hello.scan_hz, hello.hop, hello.history) != rate and not refused and not under_way:
            self._rate_asked = self._command(lambda tag: protocol.SetRate(tag, *rate), TRIES)

    def _command(self, build: Callable[[int], protocol.Message], tries: int) -> Command:
        tag = next(self._tags)
        command = Command(protocol.encode(build(tag)), tries, self._clock())
        self._commands[tag] = command
        return command

    def _send_due(self, port: serial.Serial, now: int) -> None:
        out = []
        with self._lock:
            while self._cues and self._cues[0][0] <= now:
                _, grip = heappop(self._cues)
                # A glove that never answers is not told three times.
                self._command(_out(1 << grip), TRIES if self._answers else 1)
            for tag, command in list(self._commands.items()):
                if command.next_try_us > now:
                    continue
                if command.tries_left == 0:
                    del self._commands[tag]
                    continue
                command.tries_left -= 1
                command.next_try_us = now + TRY_EVERY_US
                out.append(protocol.frame(command.payload))
            if now >= self._next_ping_us:
                young = now - self._opened_us < _FIRST_PINGS_US
                self._next_ping_us = now + (FIRST_PINGS_EVERY_US if young else PING_EVERY_US)
                ping = protocol.Ping(next(self._tags), now & 0xFFFFFFFF)
                out.append(protocol.frame(protocol.encode(ping)))
            if out:
                self._conversation.sent(b"".join(out), now)
        if out:
            port.write(b"".join(out))

    def _greet(self) -> None:
        """Say that we are here: a zero ends whatever was on the line; then HELLO?."""
        if self._port is None:
            return
        greeting = b"\0" + protocol.frame(protocol.encode(protocol.AskHello()))
        with self._lock:
            self._conversation.sent(greeting, self._clock())
        try:
            self._port.write(greeting)
        except serial.SerialTimeoutException:
            pass
        except PORT_ERRORS:
            self._unplugged()

    def _unplugged(self) -> None:
        if self._port is not None:
            self._close_port(self._port)
            self._port = None
        with self._lock:
            self._edges += self._conversation.unplugged(self._clock())
            self._commands.clear()
            self._answers = False

    def _reopen(self) -> None:
        self._stop.wait(_REOPEN_EVERY_S)
        if self._stop.is_set():
            return
        # Found again by serial number, not by port name: Windows gives it another.
        candidates = [self.path]
        if self._usb_serial:
            candidates += [p.path for p in self._ports() if p.serial_number == self._usb_serial]
        for path in candidates:
            try:
                self._port = open_port(path, self.baud)
                self._reader = PortReader(self._port)
            except GloveError:
                continue
            self.path = path
            break
        else:
            return
        now = self._clock()
        with self._lock:
            self._edges += self._conversation.reopened(now)
            self._cues = [cue for cue in self._cues if cue[0] > now - _CUE_TOO_LATE_US]
            self._cues.sort()
        self._opened_us = self._looked_us = self._next_ping_us = now
        self._silent_us = 0
        self._greet()

    @staticmethod
    def _close_port(port: serial.Serial) -> None:
        with suppress(*PORT_ERRORS):
            port.close()


def _out(mask: int) -> Callable[[int], protocol.Message]:
    return lambda tag: protocol.Out(tag, mask, _CUE_LEVEL, _CUE_MS)
