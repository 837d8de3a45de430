"""What a glove's firmware does, without the hardware: contacts in, wire bytes out.

It scans on its own clock, which runs at its own rate, sends the frames a glove would send, and
answers commands, in the order and with the words of the C firmware. The bytes then go the same way
as those of a real glove.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from firmware_bridge import protocol
from firmware_bridge.encoder import encode_states
from firmware_bridge.faults import Faults
from firmware_bridge.protocol import STANDARD, Profile, wire_us
from firmware_bridge.virtual import Actor, Contact

#: How far a virtual glove's clock is off, and what it shows at first: it wraps after 50 s, so that
#: every song passes through a wrap.
SKEW_PPM = 500
BOOT_US = (1 << 32) - 50_000_000

#: An OUT that comes again with its tag within this time is the same cue: three tries are 100 ms
#: apart. To a light that makes no difference, to the model of a patient it does.
REPEAT_US = 350_000

_HELLO_EVERY_US = 1_000_000

#: After RESET the watchdog bites, and the firmware starts: no frame for this long.
_BOOT_TAKES_US = 20_000

#: Answers that wait at most; until one has been sent, commands are left unread.
_ANSWERS = 4

# What can wait to be said. Of what could be sent at the same moment, the first in this order is.
_FIRST_HELLO, _ANSWER, _SETTINGS, _RESET, _HELLO, _DIAG = range(6)

# Causes of a reset, as HELLO tells them.
_POWER_ON, _BY_COMMAND = 0x01, 0x10


class Burst(NamedTuple):
    """Frames in the order they leave: ``data``, and for each frame three int64 (n,).

    ``ends`` is the index just after it in ``data``, ``arrivals`` the host time at which its last
    byte has left, ``sampled_us`` the host time of its newest sample (−1: not a STATE).
    """

    data: bytes
    ends: NDArray[np.int64]
    arrivals: NDArray[np.int64]
    sampled_us: NDArray[np.int64]


_CRC_TABLE = protocol.crc_table()


class Device:
    """A glove's firmware on a clock of its own, worn by ``actor`` from host time ``start_us`` on.

    ``advance(until_us)`` gives the frames that have left by then. What leaves, and when, depends
    on the actor and the commands alone, not on the steps in which time advances.

    ``on_out(mask, host_us)`` is called when an OUT message shows a cue. ``faults`` are what is
    wrong with its electrodes.
    """

    def __init__(
        self,
        actor: Actor,
        start_us: int,
        profile: Profile = STANDARD,
        *,
        skew_ppm: int = SKEW_PPM,
        boot_us: int = BOOT_US,
        boot_nonce: int = 1,
        serial_number: bytes = b"VIRTUAL1",
        on_out: Callable[[int, int], None] | None = None,
        faults: Faults | None = None,
    ) -> None:
        self._actor = actor
        self._profile = profile
        self._baud = profile.baud
        self._rate = 1 + skew_ppm / 1e6  # device µs in a host µs
        self._start_us = start_us
        self._boot_nonce = boot_nonce
        self._serial_number = serial_number
        self._on_out = on_out
        self._faults = faults or Faults()
        self._touching: list[Contact] = []
        self._line_free_us = start_us  # when the line has carried all that was sent
        self._cued: dict[int, int] = {}  # tag of an OUT -> when it was carried out
        self._boot(start_us, boot_us, _POWER_ON)

    def _boot(self, host_us: int, shows_us: int, cause: int) -> None:
        """Begin at host time ``host_us``, when the device's clock shows ``shows_us``."""
        profile = self._profile
        self._cause = cause
        self._epoch = 0
        self._mode = protocol.STREAM_ON
        self._sequence = 0
        self._flags = 0  # of the next STATE
        self._begun_us = (host_us - self._start_us) * self._rate  # device time since the start
        self._shows_us = shows_us - round(self._begun_us)  # what its clock showed at the start
        self._hello_us = self._begun_us + _HELLO_EVERY_US  # when the next HELLO is due
        self._diag_us = self._begun_us + _HELLO_EVERY_US / 2
        self._recent = np.zeros(protocol.MAX_HISTORY, np.uint8)  # the newest masks
        self._change_owed = False  # event mode: the next frame is sent in any case
        self._silent_us = 0  # event mode: since the last frame
        self._scan(profile.scan_hz, profile.hop, profile.history, self._begun_us)
        self._commands = protocol.Splitter()
        self._heard: deque[tuple[bytes, int]] = deque()  # commands not yet read, with their time
        self._bad_commands = 0
        self._queue_drops = 0
        self._answers: deque[tuple[protocol.Message, int]] = deque()  # with the time of asking
        self._settings = (self._scan_hz, self._hop, self._history)  # from the next _SETTINGS on
        self._waits: dict[int, int] = {_FIRST_HELLO: host_us}  # what else is to be said, since when

    def _scan(self, scan_hz: int, hop: int, history: int, origin_us: float) -> None:
        """Scan with these settings from a device time (since the start) on."""
        self._scan_hz, self._hop, self._history = scan_hz, hop, history
        self._origin_us = origin_us  # of scan 0
        self._lead = history - hop  # scans before the first slot, so that its history is whole
        self._slot = 0  # frame slots passed at this setting; a slot is `hop` scans

    # -- frames out ---------------------------------------------------------------------------

    def advance(self, until_us: int) -> Burst:
        """All that has left by ``until_us`` (host time) and was not returned yet."""
        parts: list[bytes] = []
        ends: list[NDArray[np.int64]] = []
        arrivals: list[NDArray[np.int64]] = []
        sampled: list[NDArray[np.int64]] = []
        length = 0
        while True:
            following = self._next()
            if following is None:
                burst = self._states(until_us)
            else:
                kind, begin_us = following
                if self._newest_host(self._slot + 1) <= begin_us:
                    # What was sampled by then is sent first: no message costs a STATE its place.
                    burst = self._states(until_us, begin_us)
                else:
                    burst = self._say(kind, begin_us, until_us)
            if burst is None:
                break
            if burst.ends.size:
                parts.append(burst.data)
                ends.append(burst.ends + length)
                arrivals.append(burst.arrivals)
                sampled.append(burst.sampled_us)
                length += len(burst.data)
        if len(parts) == 1:
            return Burst(parts[0], ends[0], arrivals[0], sampled[0])
        if not parts:
            none = np.empty(0, np.int64)
            return Burst(b"", none, none, none)
        return Burst(
            b"".join(parts),
            np.concatenate(ends),
            np.concatenate(arrivals),
            np.concatenate(sampled),
        )

    def _states(self, until_us: int, sampled_by_us: int | None = None) -> Burst | None:
        """The STATE frames that have left by ``until_us``; None: no slot is due.

        With ``sampled_by_us`` those only whose newest sample is no later.
        """
        wire = wire_us(protocol.state_bytes(self._history), self._baud)
        latest = until_us - wire
        if sampled_by_us is not None:
            latest = min(latest, sampled_by_us)
        slots = self._slots_until(latest) - self._slot
        if slots <= 0:
            return None
        # Not beyond the slot after which the next HELLO or DIAG is due; flags are of one frame.
        due_scans = (min(self._hello_us, self._diag_us) - self._origin_us) * self._scan_hz / 1e6
        slots = min(slots, max(1, int((due_scans - self._lead) / self._hop) - 1 - self._slot))
        if self._flags:
            slots = 1
        silent = self._mode == protocol.STREAM_OFF or _RESET in self._waits
        if not silent:
            scans_by_then = self._lead + (self._slot + np.arange(1, slots + 1)) * self._hop
            newest_host = self._host_of(self._since_start(scans_by_then - 1))
            slots = int(np.searchsorted(self._leaving(newest_host, wire), until_us, "right"))
            if slots == 0:
                return None

        scans = slots * self._hop + (self._lead if self._slot == 0 else 0)
        first = self._lead + (self._slot + slots) * self._hop - scans
        since_start = self._since_start(np.arange(first, first + scans))
        host = self._host_of(since_start)
        window = np.concatenate((self._recent, self._masks(host)))
        self._recent = window[-protocol.MAX_HISTORY :]
        newest = np.arange(scans - 1, -1, -self._hop)[slots - 1 :: -1]
        self._slot += slots
        passed = float(since_start[-1])
        if passed >= self._hello_us:
            self._hello_us += _HELLO_EVERY_US
            self._waits.setdefault(_HELLO, int(host[-1]))
        if passed >= self._diag_us:
            self._diag_us += _HELLO_EVERY_US
            self._waits.setdefault(_DIAG, int(host[-1]))
        if silent:
            newest = newest[:0]
        elif self._mode == protocol.STREAM_EVENT:
            newest = newest[self._eventful(window, slots)]
        sampled = host[newest]
        arrivals = self._leaving(sampled, wire)
        stamps = self._shows_us + np.rint(since_start[newest]).astype(np.int64)
        out = np.empty(newest.size * protocol.state_bytes(self._history), np.uint8)
        ends = np.empty(newest.size, np.int64)
        encode_states(
            newest + protocol.MAX_HISTORY,
            stamps,
            self._sequence,
            self._flags | self._epoch << protocol.FLAG_EPOCH_SHIFT,
            window,
            self._history,
            _CRC_TABLE,
            out,
            ends,
        )
        if newest.size:
            self._flags = 0
            self._change_owed = False
            self._line_free_us = int(arrivals[-1])
        self._sequence = (self._sequence + newest.size) & 0xFFFF
        return Burst(out.tobytes(), ends, arrivals, sampled)

    def _leaving(self, sampled: NDArray[np.int64], wire: int) -> NDArray[np.int64]:
        """When frames sampled at these host times have left: one after the other."""
        place = np.arange(sampled.size) * wire
        free = np.maximum.accumulate(np.maximum(sampled - place, self._line_free_us))
        arrivals: NDArray[np.int64] = free + place + wire
        return arrivals

    def _since_start(self, scans: NDArray[np.int64]) -> NDArray[np.float64]:
        """Device times, since the start, of these scans at this setting."""
        return self._origin_us + scans.astype(np.float64) * (1e6 / self._scan_hz)

    def _host_of(self, since_start: NDArray[np.float64]) -> NDArray[np.int64]:
        return self._start_us + np.rint(since_start / self._rate).astype(np.int64)

    def _slots_until(self, host_us: int) -> int:
        """How many slots have their newest sample at or before ``host_us``."""
        since_origin = (host_us - self._start_us) * self._rate - self._origin_us
        slots = int((since_origin * self._scan_hz / 1e6 - self._lead) / self._hop) + 2
        while slots > 0 and self._newest_host(slots) > host_us:
            slots -= 1
        return slots

    def _newest_host(self, slots: int) -> int:
        """Host time of the newest sample of slot ``slots`` − 1, as in `_states`."""
        scan = float(self._lead + slots * self._hop - 1)
        return self._start_us + round((self._origin_us + scan * (1e6 / self._scan_hz)) / self._rate)

    def _masks(self, host: NDArray[np.int64]) -> NDArray[np.uint8]:
        """What the electrodes read at these host times."""
        masks = np.zeros(host.size, np.uint8)
        last = int(host[-1])
        self._touching += self._actor.contacts(last + 1)
        if self._touching:
            for contact in self._touching:
                begin, end = np.searchsorted(host, (contact.start_us, contact.end_us))
                masks[begin:end] |= 1 << contact.grip
            self._touching = [contact for contact in self._touching if contact.end_us > last]
        return self._faults.readings[masks]

    def _eventful(self, window: NDArray[np.uint8], slots: int) -> NDArray[np.bool_]:
        """Event mode: the slots with a change in them, or with none for 20 ms."""
        changed = np.diff(window)[-slots * self._hop :] != 0
        keep: NDArray[np.bool_] = changed.reshape(slots, self._hop).any(axis=1)
        keep[0] |= self._change_owed
        slot_us = round(1e6 * self._hop / self._scan_hz)
        for slot in range(slots):
            self._silent_us += slot_us
            if self._silent_us + slot_us > protocol.EVENT_HEARTBEAT_US:
                keep[slot] = True
            if keep[slot]:
                self._silent_us = 0
        return keep

    def mark_dropped(self, frames: int) -> None:
        """``frames`` of what was returned never left: the next flags and DIAG say so."""
        if frames:
            self._flags |= protocol.FLAG_QUEUE_DROP
            self._queue_drops += frames

    # -- messages -----------------------------------------------------------------------------

    def receive(self, data: bytes, host_us: int) -> None:
        """Hear commands that begin to come in at ``host_us``, in chunks of any size.

        Replies leave with the next frames.
        """
        refused = self._commands.refused
        begin = 0
        while begin < len(data):
            end = data.find(0, begin) + 1 or len(data)
            came_us = host_us + wire_us(end, self._baud)
            payloads = self._commands.feed(data[begin:end])
            self._heard += [(payload, came_us) for payload in payloads]
            begin = end
        refused = self._commands.refused - refused
        if refused:
            self._bad_commands += refused
            self._flags |= protocol.FLAG_RECEIVE_ERROR
        self._listen()

    def say_hello(self) -> None:
        """Send HELLO with the next frames."""
        self._waits.setdefault(_HELLO, self._line_free_us)

    def _listen(self) -> None:
        """Read commands while they can be answered."""
        while (
            self._heard
            and len(self._answers) < _ANSWERS
            and not {_SETTINGS, _RESET} & self._waits.keys()
        ):
            self._hear(*self._heard.popleft())

    def _hear(self, payload: bytes, host_us: int) -> None:
        layout = protocol.BY_TYPE.get(payload[0])
        if layout is None or layout.code < protocol.FIRST_COMMAND:
            self._bad_commands += 1
            return
        try:
            message = protocol.decode(payload)
        except ValueError:
            self._bad_commands += 1
            if len(payload) > 1:
                ack = protocol.Ack(payload[1], layout.code, protocol.ACK_BAD_LENGTH)
                self._answers.append((ack, host_us))
            return
        if isinstance(message, protocol.AskHello):
            self._waits.setdefault(_HELLO, host_us)
            return
        if isinstance(message, protocol.Ping):
            self._answers.append((protocol.Pong(message.tag, message.token, 0), host_us))
            return
        status = self._carry_out(message, host_us)
        self._bad_commands += status != protocol.ACK_OK
        self._answers.append((protocol.Ack(payload[1], layout.code, status), host_us))

    def _carry_out(self, message: protocol.Message, host_us: int) -> int:
        """Do what a command asks; returns the status of its ACK."""
        match message:
            case protocol.SetRate(_, scan_hz, hop, history):
                status = protocol.rate_status(scan_hz, hop, history, self._baud)
                if status != protocol.ACK_OK:
                    return status
                self._settings = (scan_hz, hop, history)
                self._waits[_SETTINGS] = host_us
            case protocol.Stream(_, mode):
                if mode > protocol.STREAM_EVENT:
                    return protocol.ACK_BAD_VALUE
                self._mode = mode
                self._change_owed = True
            case protocol.Out(tag, mask, _, _):
                if mask & protocol.MASK_RESERVED:
                    return protocol.ACK_BAD_VALUE
                before = self._cued.get(tag)
                if self._on_out is not None and (before is None or host_us - before >= REPEAT_US):
                    self._cued[tag] = host_us
                    self._on_out(mask, host_us)
            case protocol.Reset(_, magic):
                if magic != protocol.RESET_MAGIC:
                    return protocol.ACK_BAD_VALUE
                self._waits[_RESET] = host_us
        return protocol.ACK_OK

    def _next(self) -> tuple[int, int] | None:
        """What is said next, and when it can begin at the earliest; None: nothing waits."""
        waits = self._waits
        if self._answers:
            waits = waits | {_ANSWER: self._answers[0][1]}
        if not waits:
            return None
        begin_us, kind = min((max(self._line_free_us, at), kind) for kind, at in waits.items())
        return kind, begin_us

    def _say(self, kind: int, begin_us: int, until_us: int) -> Burst | None:
        """The message that was next, if it has left by ``until_us``."""
        none = np.empty(0, np.int64)
        if kind == _RESET:
            booted_us = begin_us + _BOOT_TAKES_US
            if booted_us > until_us:
                return None
            self._boot_nonce = (self._boot_nonce + 1) & 0xFFFF
            self._line_free_us = booted_us
            self._boot(booted_us, 0, _BY_COMMAND)
            return Burst(b"", none, none, none)
        if kind == _ANSWER:
            said = self._answers[0][0]
        else:
            said = self._diag() if kind == _DIAG else self._hello(new=kind == _SETTINGS)
        if isinstance(said, protocol.Pong):
            shows = (begin_us - self._start_us) * self._rate + self._shows_us
            said = said._replace(device_us=round(shows) & 0xFFFFFFFF)
        # A reset may have cut a frame off: the first HELLO ends it, so that it is heard itself.
        data = b"\0" * (kind == _FIRST_HELLO) + protocol.frame(protocol.encode(said))
        arrival = begin_us + wire_us(len(data), self._baud)
        if arrival > until_us:
            return None
        self._line_free_us = arrival
        if kind == _ANSWER:
            self._answers.popleft()
        else:
            del self._waits[kind]
        if kind == _SETTINGS:
            self._waits.pop(_HELLO, None)
            self._take_settings(begin_us)
        self._listen()
        ends, arrivals = np.array([len(data)], np.int64), np.array([arrival], np.int64)
        return Burst(data, ends, arrivals, np.full(1, -1, np.int64))

    def _take_settings(self, host_us: int) -> None:
        """The epoch changes with the HELLO that tells it, which begins at ``host_us``."""
        if self._settings == (self._scan_hz, self._hop, self._history):
            return
        self._epoch = (self._epoch + 1) & 3
        self._scan(*self._settings, (host_us - self._start_us) * self._rate)

    def _hello(self, *, new: bool = False) -> protocol.Hello:
        """How the glove is set; with ``new``, how it will be with the settings that wait."""
        settings, epoch = (self._scan_hz, self._hop, self._history), self._epoch
        if new and self._settings != settings:
            settings, epoch = self._settings, (epoch + 1) & 3
        scan_hz, hop, history = settings
        code = next(code for code, baud in protocol.BAUD_CODES.items() if baud == self._baud)
        return protocol.Hello(
            protocol=protocol.PROTOCOL,
            firmware_major=0,
            firmware_minor=1,
            electrodes=5,
            history=history,
            hop=hop,
            epoch=epoch,
            baud_code=code,
            reset_cause=self._cause,
            scan_hz=scan_hz,
            boot_nonce=self._boot_nonce,
            serial_number=self._serial_number,
        )

    def _diag(self) -> protocol.Diag:
        levels = self._faults.levels(int(self._recent[-1]))
        return protocol.Diag(
            5_000,
            levels,
            0,
            self._queue_drops & 0xFFFF,
            self._bad_commands & 0xFFFF,
            self._boot_nonce,
        )
