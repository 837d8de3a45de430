"""Markers on a real terminal: which byte, when, and that trouble with the port is only told."""

import os
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from firmware_bridge.host_clock import host_us
from game.core.data import EDGE
from game.core.grips import GRIPS, Grip
from game.play.markers import LATE_US, PRESS_BYTES, TARGET_BYTES, MarkedGlove, Markers

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs pseudo-terminals")

MS = 1_000


class Device:
    """The clinic's device on its end of a terminal: what it was sent, and when."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, bytes]] = []
        self._master, reader = os.openpty()
        tty.setraw(reader)
        self._kept_open = reader  # so that the terminal stays when nobody else has it open
        self.path = os.ttyname(reader)
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def listen(self) -> None:
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                data = os.read(self._master, 100)
            except OSError:
                return
            now = host_us()
            self.heard += [(now, data[n : n + 1]) for n in range(len(data))]

    @property
    def bytes(self) -> bytes:
        return b"".join(byte for _, byte in self.heard)

    def unplug(self) -> None:
        for end in (self._kept_open, self._master):
            if end >= 0:
                os.close(end)
        self._kept_open = self._master = -1


@pytest.fixture
def device() -> Iterator[Device]:
    one = Device()
    one.listen()
    yield one
    if one._kept_open >= 0:
        os.write(one._kept_open, b"x")  # so that the thread reads, and then finds it closed
        one.unplug()


def wait_for(what: Callable[[], object], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.002)


def test_every_grip_has_two_letters_of_its_own_and_none_is_a_control_character() -> None:
    assert len(TARGET_BYTES) == len(PRESS_BYTES) == len(GRIPS)
    assert len({*TARGET_BYTES, *PRESS_BYTES}) == 2 * len(GRIPS)
    assert bytes(TARGET_BYTES + PRESS_BYTES).isalpha()
    assert TARGET_BYTES.upper() == PRESS_BYTES
    for grip in GRIPS:
        assert chr(TARGET_BYTES[grip]) == grip.label[0]


def test_a_target_is_marked_when_it_is_due_and_a_press_at_once(device) -> None:
    markers = Markers(device.path)
    try:
        due = [host_us() + (60 + 40 * n) * MS for n in range(len(GRIPS))]
        for grip, at in reversed(list(zip(GRIPS, due, strict=True))):
            markers.target(at, grip)
        pressed = host_us()
        markers.press(pressed - 3 * MS, Grip.KEY)
        wait_for(lambda: len(device.heard) == 6)
    finally:
        markers.close()
    assert device.bytes == b"K" + b"imrlk"
    late = [at - meant for (at, _), meant in zip(device.heard[1:], due, strict=True)]
    assert all(wait >= 0 for wait in late)
    assert min(late) < 5 * MS, late  # shared machines stall; not five times in a row
    assert markers.trouble is None


def test_cancelled_targets_are_not_marked_and_presses_are(device) -> None:
    markers = Markers(device.path)
    try:
        markers.target(host_us() + 80 * MS, Grip.RING)
        markers.cancel()
        markers.target(host_us() + 120 * MS, Grip.INDEX)
        markers.press(host_us(), Grip.MIDDLE)
        wait_for(lambda: len(device.heard) == 2)
        time.sleep(0.05)
    finally:
        markers.close()
    assert device.bytes == b"Mi"


def test_what_is_late_is_not_sent_at_all(device) -> None:
    markers = Markers(device.path)
    try:
        markers.press(host_us() - LATE_US - 10 * MS, Grip.INDEX)
        markers.target(host_us() - LATE_US - 10 * MS, Grip.INDEX)
        markers.press(host_us(), Grip.LITTLE)
        wait_for(lambda: device.heard)
        time.sleep(0.02)
    finally:
        markers.close()
    assert device.bytes == b"L"


def test_a_port_that_is_not_there_is_a_sentence_and_found_when_it_comes(
    device, tmp_path: Path
) -> None:
    path = tmp_path / "ttyMARK"
    markers = Markers(str(path))
    try:
        wait_for(lambda: markers.trouble)
        assert markers.trouble is not None
        assert str(path) in markers.trouble
        before = time.perf_counter()
        markers.press(host_us(), Grip.INDEX)
        assert time.perf_counter() - before < 10
        path.symlink_to(device.path)
        wait_for(lambda: markers.trouble is None)
        markers.press(host_us(), Grip.RING)
        wait_for(lambda: device.heard)
        assert device.bytes == b"R"
    finally:
        markers.close()


def test_a_file_is_no_port(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    markers = Markers(str(path))
    try:
        wait_for(lambda: markers.trouble)
    finally:
        markers.close()
    assert path.read_text() == "mine"


def test_an_unplugged_device_ends_nothing() -> None:
    device = Device()
    markers = Markers(device.path)
    try:
        wait_for(lambda: markers._port is not None)
        device.unplug()
        markers.press(host_us(), Grip.INDEX)
        wait_for(lambda: markers.trouble)
        markers.press(host_us(), Grip.INDEX)
    finally:
        markers.close()
    assert not markers._thread.is_alive()


def test_a_device_that_takes_nothing_never_makes_the_play_wait() -> None:
    device = Device()  # nobody reads: the terminal fills up
    markers = Markers(device.path)
    try:
        slowest = 0.0
        until = time.monotonic() + 60
        while markers.trouble is None and time.monotonic() < until:
            began = time.perf_counter()
            for _ in range(500):
                markers.press(host_us(), Grip.INDEX)
            slowest = max(slowest, time.perf_counter() - began)
            time.sleep(0.002)
        assert markers.trouble is not None
        assert "takes none" in markers.trouble
        assert slowest < 30
    finally:
        markers.close()
        device.unplug()


class Script:
    """A glove that hands out what it is given."""

    def __init__(self) -> None:
        self.next: list[tuple[int, int, bool]] = []
        self.told: list[object] = []

    def begin(self, host_us: int) -> None:
        self.told.append(("begin", host_us))

    def poll(self) -> tuple[np.ndarray, int]:
        edges, self.next = np.array(self.next, EDGE), []
        return edges, 0

    def cue(self, host_us: int, grip: int) -> None:
        self.told.append(("cue", host_us, grip))

    def cancel_cues(self) -> None:
        self.told.append("cancel")


def test_a_marked_glove_is_the_glove_and_marks_the_presses_of_the_play_alone(device) -> None:
    glove = Script()
    markers = Markers(device.path)
    try:
        marked = MarkedGlove(glove, markers)
        glove.next = [(host_us(), 3, True)]
        marked.poll()  # pinched in the menus
        marked.begin(7)
        due = host_us() + 100 * MS
        marked.cue(due, 1)
        glove.next = [(host_us(), 0, True), (host_us(), 0, False), (host_us(), 2, True)]
        edges, _ = marked.poll()
        assert edges["grip"].tolist() == [0, 0, 2]
        wait_for(lambda: len(device.heard) == 3)
        marked.cue(host_us() + 600 * MS, 4)
        marked.cancel_cues()
        time.sleep(0.7)
    finally:
        markers.close()
    assert device.bytes == b"IRm"
    assert glove.told[:2] == [("begin", 7), ("cue", due, 1)]
    assert glove.told[-1] == "cancel"
