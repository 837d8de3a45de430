"""One class for every kind of glove: open it, poll it, get edges in host time."""

import threading
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from firmware_bridge import pty_glove
from firmware_bridge.conversation import Conversation
from firmware_bridge.device import Device
from firmware_bridge.edges import EDGE, GRIP_COUNT
from firmware_bridge.errors import GloveError, NoGloveError
from firmware_bridge.faults import Faults, parse_faults
from firmware_bridge.health import Health, health_of, serial_text
from firmware_bridge.host_clock import host_us as host_clock
from firmware_bridge.link import TUNING_WAIT_S, Link, patience
from firmware_bridge.ports import PortInfo, usb_ports
from firmware_bridge.protocol import PROTOCOL, SPEEDS, STANDARD
from firmware_bridge.pty_glove import PtyGlove
from firmware_bridge.reception import HostEdge
from firmware_bridge.recording import Recorder, read_recording
from firmware_bridge.replay import Replay
from firmware_bridge.script import ScriptActor, read_script
from firmware_bridge.spec import GloveSpec, number, parse_spec, profile_of, whole_number
from firmware_bridge.virtual import Actor, Cancelling, SteadyActor

__all__ = ["Glove", "GloveSpec", "Health", "host_clock", "parse_spec"]

#: What is pushed may be stamped this long before the poll that follows it. Where presses are pushed
#: (the keyboard, or beside a glove from the first push on) none is settled closer to the present.
PUSH_MARGIN_US = 3_000

#: A board that resets when its port is opened says HELLO within this time.
HELLO_WAIT_S = 3.0

#: A virtual glove in lockstep has been running for this long when it is opened, so that its clock
#: is known.
_RUN_UP_US = 1_000_000


#: Is told of edges as they are decided.
Listener = Callable[[list[HostEdge]], None]


class _Source(Protocol):
    """Where a glove's edges come from."""

    def take(self) -> tuple[list[HostEdge], int | None]:
        """The edges since the last call; no press before the second will come (None: unknown)."""

    def health(self) -> Health: ...

    def begin(self, host_us: int) -> None: ...

    def cue(self, host_us: int, grip: int) -> None: ...

    def cancel_cues(self) -> None: ...

    def when_decided(self, listener: Listener) -> None: ...

    def close(self) -> None: ...


class _Nothing:
    """The keyboard: everything is pushed."""

    def take(self) -> tuple[list[HostEdge], int | None]:
        return [], None

    def health(self) -> Health:
        return Health(link="none")

    def begin(self, host_us: int) -> None:
        pass

    def cue(self, host_us: int, grip: int) -> None:
        pass

    def cancel_cues(self) -> None:
        pass

    def when_decided(self, listener: Listener) -> None:
        pass

    def close(self) -> None:
        pass


class _Serial:
    """A glove on a serial port."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.take = link.take
        self.health = link.health
        self.cue = link.cue
        self.cancel_cues = link.cancel_cues
        self.when_decided = link.when_decided
        self.close = link.close

    def begin(self, host_us: int) -> None:
        pass


class _Worn:
    """What all virtual gloves share: an actor that is told things under a lock."""

    def __init__(self, actor: Actor, lock: threading.Lock) -> None:
        self._actor = actor
        self._actor_lock = lock

    def begin(self, host_us: int) -> None:
        if isinstance(self._actor, ScriptActor):
            with self._actor_lock:
                self._actor.begin(host_us)

    def cue(self, host_us: int, grip: int) -> None:
        with self._actor_lock:
            self._actor.cue(host_us, grip)

    def cancel_cues(self) -> None:
        if isinstance(self._actor, Cancelling):
            with self._actor_lock:
                self._actor.cancel_cues()


class _Pipe(_Worn):
    """A virtual glove in this process: all its work is done in :meth:`take`, up to the present.

    The arrival of a frame is when its last byte leaves the device, not when anybody looks, so the
    edges do not depend on how often they are polled.
    """

    def __init__(
        self, actor: Actor, clock: Callable[[], int], faults: Faults, recorder: Recorder | None
    ) -> None:
        super().__init__(actor, threading.Lock())
        self._clock = clock
        self._device = Device(actor, clock() - _RUN_UP_US, faults=faults)
        self._conversation = Conversation(STANDARD.baud, recorder)
        self._listener: Listener | None = None
        self._unplugged_us = faults.unplugged_us  # after the song has begun
        self._cable_out: tuple[int, int] | None = None  # the same in host time
        self._out = False
        self.take()

    def begin(self, host_us: int) -> None:
        super().begin(host_us)
        if self._unplugged_us is not None:
            start_us, end_us = self._unplugged_us
            self._cable_out = (host_us + start_us, host_us + end_us)

    def take(self) -> tuple[list[HostEdge], int | None]:
        now = self._clock()
        edges = [] if self._cable_out is None else self._pull_and_plug(now, *self._cable_out)
        if not self._out:
            edges += self._hear(now)
        if edges and self._listener is not None:
            self._listener(edges)
        return edges, self._conversation.settled_us

    def _pull_and_plug(self, now: int, out_us: int, in_us: int) -> list[HostEdge]:
        """Pull the cable out and put it in again, at exactly these times; the hand goes on."""
        edges: list[HostEdge] = []
        if not self._out and now >= out_us:
            edges += self._hear(out_us) + self._conversation.unplugged(out_us)
            self._out = True
        if self._out:
            with self._actor_lock:
                self._device.advance(min(now, in_us))
            if now >= in_us:
                edges += self._conversation.reopened(in_us)
                self._device.say_hello()
                self._out, self._cable_out = False, None
        return edges

    def _hear(self, until_us: int) -> list[HostEdge]:
        with self._actor_lock:
            burst = self._device.advance(until_us)
        if not burst.data:
            return []
        return self._conversation.received(burst.data, burst.ends, burst.arrivals)[0]

    def health(self) -> Health:
        conversation = self._conversation
        link = "lost" if conversation.lost else "ok"
        return health_of(conversation.reception, link, self._clock(), conversation.lost_since_us)

    def when_decided(self, listener: Listener) -> None:
        self._listener = listener

    def close(self) -> None:
        pass


class _Pty(_Worn):
    """A virtual glove in real time: a device thread writes to a pseudo-terminal, a link reads."""

    def __init__(
        self, actor: Actor, clock: Callable[[], int], faults: Faults, recorder: Recorder | None
    ) -> None:
        self._glove = PtyGlove(Device(actor, clock(), faults=faults), clock)
        super().__init__(actor, self._glove.lock)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._glove.run, args=(self._stop.is_set,), name="virtual glove", daemon=True
        )
        self._thread.start()
        try:
            self._link = Link(
                self._glove.path, STANDARD.baud, clock, ports=lambda: (), tap=recorder
            )
        except GloveError:
            self._end_device()
            raise
        self.take = self._link.take
        self.health = self._link.health
        self.when_decided = self._link.when_decided
        if not self._link.wait_ready(10.0):
            self.close()
            raise GloveError("the virtual glove did not start; is this computer overloaded?")

    def close(self) -> None:
        self._link.close()
        self._end_device()

    def _end_device(self) -> None:
        if not self._stop.is_set():
            self._stop.set()
            self._thread.join()
            self._glove.close()


class Glove:
    """A glove of any kind: :meth:`open` it, :meth:`poll` it, :meth:`close` it.

    ``kind`` is the kind of input, ``"glove"``, ``"keyboard"``, ``"virtual"``, ``"script"`` or
    ``"replay"``; ``description`` one line for the screen and the records.
    """

    def __init__(
        self,
        source: _Source,
        kind: str,
        description: str,
        clock: Callable[[], int],
        *,
        lockstep: bool,
        recorder: Recorder | None = None,
    ) -> None:
        self.kind = kind
        self.description = description
        self._source = source
        self._clock = clock
        self._lockstep = lockstep
        self._recorder = recorder
        self._held: list[tuple[int, int, int, bool]] = []  # (time, order of coming, grip, down)
        self._order = count()
        self._promised: int | None = None
        self._refused = 0  # mask: grips whose last press came too late to be told
        self._pushed: dict[int, int] = {}  # when each grip was last pushed down

    @classmethod
    def open(
        cls,
        spec: str,
        actor: Actor | None = None,
        *,
        clock: Callable[[], int] = host_clock,
        lockstep: bool = False,
        wait_s: float = HELLO_WAIT_S,
        ports: Callable[[], Iterable[PortInfo]] = usb_ports,
        recorder: Recorder | None = None,
    ) -> Self:
        """Open the glove that ``spec`` names.

        ``actor`` models the patient of a virtual glove: ``virtual:patient`` needs one,
        ``virtual:steady`` brings its own if there is none. With ``lockstep`` a virtual, scripted or
        recorded glove runs in this thread, inside :meth:`poll`, up to what ``clock`` shows, so
        that one seed gives one result. ``wait_s`` is how long a serial port may take to speak like
        a glove; ``ports`` are those that ``auto`` tries. ``recorder`` is told all that is said on
        the line.

        Raises GloveError, with one sentence, for a specification, port or file that cannot be
        used; NoGloveError if no glove spoke on the ports there are.
        """
        parsed = parse_spec(spec)
        if recorder is not None:
            if parsed.kind in ("keyboard", "replay"):
                raise GloveError(f"glove “{spec}” has no wire that could be recorded")
            speed = whole_number(parsed.params, "baud", STANDARD.baud, 300, 4_000_000)
            # A script's path is somebody's own; a recording may be given to others.
            port = "script" if parsed.kind == "script" else spec.strip()
            recorder.opened(port, speed, clock())
        if parsed.kind in ("virtual", "script"):
            worn = _actor_of(parsed, actor)
            faults = parse_faults(parsed.params.get("fault", ""))
            in_process = lockstep or not pty_glove.available()
            if faults.unplugged_us is not None and not in_process:
                raise GloveError("a virtual glove can be unplugged with --fast alone")
            way = _Pipe if in_process else _Pty
            source = way(worn, clock, faults, recorder)
            return cls(
                source, parsed.kind, _describe(parsed), clock, lockstep=lockstep, recorder=recorder
            )
        if parsed.kind == "replay":
            recording = read_recording(Path(parsed.name))
            replay = Replay(recording, clock, PUSH_MARGIN_US)
            return cls(replay, "replay", _describe(parsed), clock, lockstep=lockstep)
        if lockstep:
            raise GloveError("--fast works with virtual and recorded gloves")
        if parsed.kind == "keyboard":
            return cls(_Nothing(), "keyboard", "keyboard", clock, lockstep=False)
        profile = profile_of(parsed.params)
        named = profile is not None or "baud" in parsed.params
        line = (profile or STANDARD).baud
        baud = whole_number(parsed.params, "baud", line, 300, 4_000_000)
        speeds = (baud,) if named else SPEEDS
        link = (
            _find_glove(speeds, clock, wait_s, ports)
            if parsed.kind == "auto"
            else _open_glove(parsed.name, speeds, clock, wait_s, ports, recorder)
        )
        if recorder is not None and parsed.kind == "auto":
            # All ports were listened to; now the glove alone, from its beginning.
            link.close()
            recorder.retuned(link.baud)
            link = _open_glove(link.path, (link.baud,), clock, wait_s, ports, recorder)
        if profile is not None:
            link.use(profile)
        hello = link.hello
        name = f"glove {serial_text(hello.serial_number)}" if hello else "glove"
        description = f"{name.strip()} on {link.path}"
        return cls(_Serial(link), "glove", description, clock, lockstep=False, recorder=recorder)

    def poll(self) -> tuple[NDArray[np.void], int]:
        """The edges that are settled since the last call: ``(edges, settled_us)``.

        ``edges`` is an EDGE array. Every press in it lies before ``settled_us`` and no press
        before ``settled_us`` will still come; presses are in order of time, over all polls and
        sources. A release may come late, but never before its own press.
        """
        now = self._clock()
        edges, settled = self._source.take()
        for time_us, grip, down in edges:
            bit = 1 << grip
            if not down:
                if self._refused & bit:
                    self._refused &= ~bit
                    continue
            elif self._promised is not None and time_us < self._promised:
                # The link was lost, time was let go on, and now the bytes came after all.
                self._refused |= bit
                continue
            heappush(self._held, (time_us, next(self._order), grip, down))
        # Only what is pushed needs the margin; a glove on a wire knows its own promise. But a clock
        # that was fitted on late frames alone may be ahead of ours for a while.
        waits = settled is None or (bool(self._pushed) and not self._lockstep)
        horizon = now - (PUSH_MARGIN_US if waits else 0)
        settled = horizon if settled is None else min(settled, horizon)
        if self._promised is None or settled > self._promised:
            self._promised = settled
        told = []
        while self._held and self._held[0][0] < self._promised:
            time_us, _, grip, down = heappop(self._held)
            told.append((time_us, grip, down))
        return np.array(told, EDGE), self._promised

    def push(self, edge: tuple[int, int, bool] | NDArray[np.void]) -> None:
        """Bring in an edge from elsewhere (keyboard, switches): ``(host_us, grip, down)``.

        Also takes an EDGE array with one row. One that is stamped before what was already
        promised is moved up to it. Raises ValueError for a grip that does not exist.
        """
        row = edge.reshape(1)[0].item() if isinstance(edge, np.ndarray) else edge
        time_us, grip, down = int(row[0]), int(row[1]), bool(row[2])
        if not 0 <= grip < GRIP_COUNT:
            raise ValueError(f"there is no grip {grip}")
        if self._promised is not None:
            time_us = max(time_us, self._promised)
        if down:
            self._pushed[grip] = time_us
        else:
            time_us = max(time_us, self._pushed.get(grip, time_us))
        heappush(self._held, (time_us, next(self._order), grip, down))

    def begin(self, host_us: int) -> None:
        """Song time 0 is at ``host_us``: scripts and recordings start there."""
        if self._recorder is not None:
            self._recorder.begun(host_us, self._clock())
        self._source.begin(host_us)

    def cue(self, host_us: int, grip: int) -> None:
        """A target of ``grip`` is due at ``host_us``: an OUT message then, or the actor now."""
        self._source.cue(host_us, grip)

    def cancel_cues(self) -> None:
        """Forget the cues that have not taken effect."""
        self._source.cancel_cues()

    def when_decided(self, listener: Callable[[list[HostEdge]], None]) -> None:
        """Have ``listener`` told of edges the moment they are decided, before they are settled.

        For measuring, and for what cannot wait for the next :meth:`poll`. With a glove on a line
        it is called in the thread that reads the line: it must be quick, and must not ask anything
        of this glove. Edges that are pushed are not told.
        """
        self._source.when_decided(listener)

    @property
    def health(self) -> Health:
        """How the glove is doing, now."""
        return self._source.health()

    @property
    def silent_since_us(self) -> int | None:
        """Since when (host time) a glove that is lost has told nothing; None while it is heard."""
        return self.health.lost_since_us

    def close(self) -> None:
        """Let go of ports and threads. Idempotent."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _actor_of(spec: GloveSpec, actor: Actor | None) -> Actor:
    if spec.kind == "script":
        return ScriptActor(read_script(Path(spec.name)))
    if spec.name == "steady":
        built = steady_actor(spec)
        return built if actor is None else actor
    if actor is None:
        raise GloveError("virtual:patient needs the model of a patient, and none was given")
    return actor


def steady_actor(spec: GloveSpec, seed: int | list[int] | None = None) -> SteadyActor:
    """The SteadyActor that ``virtual:steady?…`` describes, with ``seed`` in place of its own.

    Raises GloveError for a parameter that is no number or out of range.
    """
    own = whole_number(spec.params, "seed", 0, 0, 2**63 - 1)
    return SteadyActor(
        own if seed is None else seed,
        number(spec.params, "success", 0.8, 0, 1),
        number(spec.params, "jitter_ms", 60, 0, 1_000) * 1000,
        round(number(spec.params, "dwell_ms", 120, 5, 5_000) * 1000),
    )


_FILES = {"script": "script", "replay": "recording"}


def _describe(spec: GloveSpec) -> str:
    if spec.kind in ("script", "replay"):
        return f"{_FILES[spec.kind]} {Path(spec.name).name}"
    params = ", ".join(f"{name} {value}" for name, value in spec.params.items())
    return f"virtual glove, {spec.name}" + (f" ({params})" if params else "")


def _open_glove(
    path: str,
    speeds: tuple[int, ...],
    clock: Callable[[], int],
    wait_s: float,
    ports: Callable[[], Iterable[PortInfo]],
    recorder: Recorder | None = None,
) -> Link:
    link = Link(path, speeds[0], clock, others=speeds[1:], ports=ports, tap=recorder)
    if link.wait_ready(wait_s) or (link.noisy and link.wait_ready(TUNING_WAIT_S)):
        return link
    hello = link.hello
    link.close()
    if hello is None:
        raise NoGloveError(
            f"nothing on {path} spoke like a glove within {wait_s:g} s; is it the right port, "
            f"and is {_spoken(speeds)} the speed of its line (serial:{path}?baud=…)?"
        )
    if hello.protocol != PROTOCOL:
        raise GloveError(
            f"the glove on {path} speaks protocol {hello.protocol}, this program {PROTOCOL}; "
            "update the older of the two"
        )
    raise NoGloveError(
        f"the glove on {path} says hello but sends no readings; unplug it and plug it in again"
    )


def _spoken(speeds: tuple[int, ...]) -> str:
    *others, last = (str(speed) for speed in speeds)
    return f"{', '.join(others)} or {last}" if others else last


def _find_glove(
    speeds: tuple[int, ...],
    clock: Callable[[], int],
    wait_s: float,
    ports: Callable[[], Iterable[PortInfo]],
) -> Link:
    """The first USB port that speaks like a glove; all are listened to at once."""
    links: list[Link] = []
    refused: list[str] = []
    paths = [port.path for port in ports()]
    for path in paths:
        try:
            links.append(Link(path, speeds[0], clock, others=speeds[1:], ports=ports))
        except GloveError as error:
            refused.append(str(error))
    found: Link | None = None
    for left in patience(wait_s + TUNING_WAIT_S):
        found = next((link for link in links if link.ready), None)
        if found is not None or not links:
            break
        if left < TUNING_WAIT_S and not any(link.noisy for link in links):
            break
    for link in links:
        if link is not found:
            link.close()
    if found is not None:
        return found
    if not paths:
        raise NoGloveError("no glove found: no USB serial port is there; is the glove plugged in?")
    looked = ", ".join(paths)
    raise NoGloveError(
        f"no glove found on {looked}" + (f" ({'; '.join(refused)})" if refused else "")
    )
