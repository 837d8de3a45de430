"""A real terminal between a device and the link: reading, unplugging, plugging in again."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from statistics import median

import pytest
import serial

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

import tty

from firmware_bridge import protocol
from firmware_bridge.device import Device
from firmware_bridge.errors import GloveError
from firmware_bridge.glove import Glove
from firmware_bridge.host_clock import host_us
from firmware_bridge.link import Link
from firmware_bridge.ports import PortInfo, open_port
from firmware_bridge.pty_glove import PtyGlove
from firmware_bridge.virtual import Contact, SteadyActor
from firmware_bridge.warm import warm_up
from tests.firmware_bridge.streams import hello, state
from tests.firmware_bridge.test_reception import MS, Hand

SECOND = 1_000_000

#: Processors of test machines stall; what is judged here is that things happen, not how soon.
PATIENCE_S = 10.0


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


def eventually(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.01)
    return what()


class Plugged:
    """A device on a pseudo-terminal, stepped by a thread of its own."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.glove = PtyGlove(device, host_us)
        self.path = self.glove.path
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.glove.run, args=(self._stop.is_set,))
        self._thread.start()

    def unplug(self) -> None:
        if not self._stop.is_set():
            self._stop.set()
            self._thread.join()
            self.glove.close()


Plug = Callable[[Device], Plugged]


@pytest.fixture
def plug() -> Iterator[Plug]:
    plugged: list[Plugged] = []

    def _plug(device: Device) -> Plugged:
        plugged.append(Plugged(device))
        return plugged[-1]

    yield _plug
    for one in plugged:
        one.unplug()


def idle() -> Device:
    return Device(Hand(), host_us())


def polled(glove: Glove, until_us: int) -> list[tuple[int, int, bool]]:
    told: list[tuple[int, int, bool]] = []
    promise = -(10**18)
    while host_us() < until_us:
        edges, settled = glove.poll()
        assert all(promise <= e[0] < settled for e in edges.tolist() if e[2])
        promise = settled
        told += edges.tolist()
        time.sleep(0.004)
    return told


def close_to(found: list[int], expected: list[int]) -> None:
    """Within a few milliseconds; a computer that stalled may have spoilt single ones."""
    off = [abs(a - b) for a, b in zip(found, expected, strict=True)]
    assert median(off) < 4 * MS
    assert max(off) < 60 * MS


def test_edges_are_told_when_they_are_decided_before_they_are_polled() -> None:
    decided: list[tuple[int, int, bool, int]] = []
    with Glove.open("virtual:steady?success=1&jitter_ms=0") as glove:
        glove.when_decided(lambda edges: decided.extend((*edge, host_us()) for edge in edges))
        begin = host_us() + 100 * MS
        for k in range(5):
            glove.cue(begin + k * 200 * MS, k)
        told = polled(glove, begin + 1_300 * MS)
    assert [(us, grip, down) for us, grip, down, _ in decided] == told
    assert len(told) == 10
    assert all(us < at for us, _, _, at in decided)
    waits = [at - us for us, _, down, at in decided if down]
    assert median(waits) < 15 * MS


def test_a_virtual_glove_in_real_time_is_heard_press_for_press() -> None:
    actor = SteadyActor(3, success=1.0, jitter_us=20_000)
    made: list[Contact] = []

    class Noted:
        def cue(self, at_us: int, grip: int) -> None:
            actor.cue(at_us, grip)

        def contacts(self, until_us: int) -> list[Contact]:
            told = actor.contacts(until_us)
            made.extend(told)
            return told

    with Glove.open("virtual:steady", Noted()) as glove:
        assert glove.health.link == "ok"
        begin = host_us() + 300 * MS
        for k in range(10):
            glove.cue(begin + k * 170 * MS, k % 5)
        told = polled(glove, begin + 10 * 170 * MS + 300 * MS)
        health = glove.health
    found = [(us, grip) for us, grip, down in told if down]
    assert [grip for _, grip in found] == [c.grip for c in made]
    assert len(made) == 10
    close_to([us for us, _ in found], [c.start_us for c in made])
    assert sum(not down for _, _, down in told) == 10
    assert health.refused == 0
    assert health.scan_hz == 4_000


def test_a_script_in_real_time(tmp_path: Path) -> None:
    path = tmp_path / "presses.txt"
    path.write_text("200 0x01\n300 0\n500 0x10\n600 0\n")
    with Glove.open(f"script:{path}") as glove:
        begin = host_us()
        glove.begin(begin)
        told = polled(glove, begin + 900 * MS)
    assert [(g, d) for _, g, d in told] == [(0, True), (0, False), (4, True), (4, False)]
    close_to([us - begin for us, _, _ in told], [200 * MS, 300 * MS, 500 * MS, 600 * MS])


def test_unplugging_releases_and_is_told_and_plugging_in_again_reconnects(
    plug: Plug, tmp_path: Path
) -> None:
    port = tmp_path / "glove"
    now = host_us()
    first = plug(Device(Hand(Contact(now + 1_500 * MS, now + 60 * SECOND, 2)), now))
    port.symlink_to(first.path)
    with Glove.open(f"serial:{port}") as glove:
        told: list[tuple[int, int, bool]] = []

        def heard(count: int) -> bool:
            told.extend(glove.poll()[0].tolist())
            return len(told) >= count

        assert eventually(lambda: heard(1))
        assert eventually(lambda: glove.health.contacts == 0b00100)
        first.unplug()
        port.unlink()
        assert eventually(lambda: glove.health.link == "lost")
        assert eventually(lambda: heard(2))
        assert [(g, d) for _, g, d in told] == [(2, True), (2, False)]
        # While it is away, time goes on.
        settled = glove.poll()[1]
        assert eventually(lambda: glove.poll()[1] > settled + 50 * MS)
        assert glove.health.contacts == 0

        now = host_us()
        made = [Contact(now + k * 400 * MS, now + k * 400 * MS + 100 * MS, 1) for k in range(99)]
        second = plug(Device(Hand(*made), now, boot_nonce=2, serial_number=b"ANOTHER1"))
        port.symlink_to(second.path)
        assert eventually(lambda: glove.health.link == "ok")
        assert eventually(lambda: heard(6))
        assert all(g == 1 for _, g, _ in told[2:])
        assert glove.health.serial_number == "ANOTHER1"


def test_a_glove_that_falls_silent_is_lost_and_comes_back() -> None:
    master, reader = os.openpty()
    tty.setraw(reader)
    path = os.ttyname(reader)
    paused, stop = threading.Event(), threading.Event()

    def talk() -> None:
        os.write(master, b"\0")
        sequence, begin = 0, host_us()
        while not stop.is_set():
            while sequence * 1_000 < host_us() - begin:
                if sequence % 500 == 0:
                    os.write(master, hello())
                sequence += 1
                if not paused.is_set():
                    os.write(master, state(sequence, sequence * 1_000))
            time.sleep(0.002)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        with Glove.open(f"serial:{path}") as glove:
            assert glove.description == f"glove GLOVE001 on {path}"
            assert glove.health.link == "ok"
            paused.set()
            assert eventually(lambda: glove.health.link == "lost")
            paused.clear()
            assert eventually(lambda: glove.health.link == "ok")
    finally:
        stop.set()
        thread.join()
        os.close(master)
        os.close(reader)


def test_a_port_is_ours_alone(plug: Plug) -> None:
    glove = plug(idle())
    with Glove.open(f"serial:{glove.path}"):
        with pytest.raises(GloveError) as caught:
            Glove.open(f"serial:{glove.path}")
        assert str(caught.value) == (
            f"serial port {glove.path} is in use by another program; close that program first"
        )
    Glove.open(f"serial:{glove.path}").close()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        ValueError("a pseudo-terminal"),
        NotImplementedError("macOS"),
        AttributeError("Windows"),
    ],
)
def test_an_adapter_is_asked_for_low_latency_where_that_is_offered(
    plug: Plug, monkeypatch: pytest.MonkeyPatch, answer: Exception | None
) -> None:
    asked: list[bool] = []

    def set_low_latency_mode(port: serial.Serial, wanted: bool) -> None:
        asked.append(wanted)
        if answer is not None:
            raise answer

    monkeypatch.setattr(serial.Serial, "set_low_latency_mode", set_low_latency_mode, raising=False)
    open_port(plug(idle()).path, protocol.STANDARD.baud).close()
    assert asked == [True]


def test_what_is_no_serial_port_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a port")
    for path in (tmp_path / "file", tmp_path, Path("/dev/null")):
        with pytest.raises(GloveError, match=f"^{path} is not a serial port"):
            Glove.open(f"serial:{path}")


def test_a_port_that_may_not_be_opened_names_the_group(plug: Plug) -> None:
    glove = plug(idle())
    os.chmod(glove.path, 0)
    with not_as_root(), pytest.raises(GloveError, match="join the group dialout"):
        Glove.open(f"serial:{glove.path}")


@contextlib.contextmanager
def not_as_root() -> Iterator[None]:
    """Root may open everything, so for the moment be somebody else."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if was == 0:
            os.seteuid(was)


def test_a_silent_port_is_given_up_on() -> None:
    master, reader = os.openpty()
    try:
        path = os.ttyname(reader)
        with pytest.raises(GloveError, match=f"nothing on {path} spoke like a glove within 0.2 s"):
            Glove.open(f"serial:{path}", wait_s=0.2)
    finally:
        os.close(master)
        os.close(reader)


def test_a_glove_of_another_protocol_is_told() -> None:
    master, reader = os.openpty()
    tty.setraw(reader)
    stop = threading.Event()

    def talk() -> None:
        while not stop.wait(0.02):
            os.write(master, b"\0" + hello(version=9))

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        with pytest.raises(GloveError, match="speaks protocol 9, this program 1"):
            Glove.open(f"serial:{os.ttyname(reader)}", wait_s=1.0)
    finally:
        stop.set()
        thread.join()
        os.close(master)
        os.close(reader)


def test_auto_finds_the_port_that_speaks_like_a_glove(plug: Plug) -> None:
    master, silent = os.openpty()
    glove = plug(idle())
    ports = [
        PortInfo("/dev/nowhere", "", ""),
        PortInfo(os.ttyname(silent), "", ""),
        PortInfo(glove.path, "", ""),
    ]
    try:
        with Glove.open("auto", ports=lambda: ports) as found:
            assert found.kind == "glove"
            assert found.description == f"glove VIRTUAL1 on {glove.path}"
        with pytest.raises(GloveError, match="no glove found on /dev/nowhere"):
            Glove.open("auto", ports=lambda: ports[:2], wait_s=0.2)
        with pytest.raises(GloveError, match="no USB serial port is there"):
            Glove.open("auto", ports=list)
    finally:
        os.close(master)
        os.close(silent)


def test_cues_become_out_messages_at_their_time(plug: Plug) -> None:
    shown: list[tuple[int, int]] = []
    glove = plug(Device(Hand(), host_us(), on_out=lambda mask, at_us: shown.append((mask, at_us))))
    with Glove.open(f"serial:{glove.path}") as opened:
        now = host_us()
        opened.cue(now + 400 * MS, 4)
        opened.cue(now + 200 * MS, 1)
        opened.cue(now - 100 * MS, 0)
        assert eventually(lambda: len(shown) == 3)
        time.sleep(0.25)
        opened.cue(host_us() + 60 * SECOND, 2)
        opened.cancel_cues()
    assert [mask for mask, _ in shown] == [1, 2, 16], "each once, however often it was sent"
    for (_, at), due in zip(shown, (0, 200 * MS, 400 * MS), strict=True):
        assert 0 <= at - now - due < 150 * MS


def test_commands_are_acknowledged_by_tag(plug: Plug) -> None:
    glove = plug(idle())
    link = Link(glove.path, 500_000, host_us, ports=list)
    try:
        assert link.wait_ready(PATIENCE_S)
        command = link.command(lambda tag: protocol.SetRate(tag, 1_000, 1, 4))
        assert command.answered.wait(PATIENCE_S)
        assert command.status == protocol.ACK_OK
        assert eventually(lambda: link.health().scan_hz == 1_000)
        refused = link.command(lambda tag: protocol.SetRate(tag, 4_000, 1, 8))
        assert refused.answered.wait(PATIENCE_S)
        assert refused.status == protocol.ACK_OVER_BANDWIDTH
    finally:
        link.close()


def test_an_unanswered_command_is_tried_three_times() -> None:
    master, reader = os.openpty()
    tty.setraw(reader)
    os.set_blocking(master, False)
    link = Link(os.ttyname(reader), 500_000, host_us, ports=list)
    heard: list[tuple[int, bytes]] = []
    splitter = protocol.Splitter()

    def listen() -> bool:
        try:
            for payload in splitter.feed(os.read(master, 4096)):
                if payload[0] == 0x84:
                    heard.append((host_us(), payload))
        except BlockingIOError:
            pass
        return len(heard) >= 4

    try:
        command = link.command(lambda tag: protocol.Stream(tag, 1))
        until = time.monotonic() + 0.8
        while time.monotonic() < until and not listen():
            time.sleep(0.002)
        assert len(heard) == 3
        assert len({payload for _, payload in heard}) == 1
        assert heard[1][0] - heard[0][0] >= 90 * MS
        assert not command.answered.is_set()
    finally:
        link.close()
        os.close(master)
        os.close(reader)


def test_a_glove_that_says_hello_but_does_not_stream_is_asked_to(
    plug: Plug,
) -> None:
    glove = plug(idle())
    off = protocol.frame(protocol.encode(protocol.Stream(1, protocol.STREAM_OFF)))
    glove.device.receive(b"\0" + off, host_us())
    with Glove.open(f"serial:{glove.path}") as opened:
        assert opened.health.link == "ok"


def test_noise_on_a_real_port_harms_nothing() -> None:
    random = Random(5)
    master, reader = os.openpty()
    tty.setraw(reader)
    stop = threading.Event()

    def talk() -> None:
        sequence, begin = 0, host_us()
        os.write(master, b"\0")
        while not stop.is_set():
            while sequence * 1_000 < host_us() - begin:
                if sequence % 200 == 0:
                    os.write(master, hello())
                sequence += 1
                data = bytearray(state(sequence, sequence * 1_000))
                if sequence > 1_500 and random.random() < 0.2:
                    data[random.randrange(len(data))] = random.randrange(256)
                os.write(master, bytes(data))
            time.sleep(0.002)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        with Glove.open(f"serial:{os.ttyname(reader)}") as glove:
            assert eventually(lambda: glove.health.link == "degraded")
            assert glove.health.refused > 10
            assert glove.poll()[0].size == 0
    finally:
        stop.set()
        thread.join()
        os.close(master)
        os.close(reader)
