"""Every way to read a port gives the same bytes, waits for no longer, and tells when it is gone."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import serial

from firmware_bridge import port_reader
from firmware_bridge.port_reader import READ_TIMEOUT_S, PortReader
from firmware_bridge.ports import PORT_ERRORS, open_port

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

import tty


class Line(NamedTuple):
    """A port, and the far end of its line."""

    port: serial.Serial
    far: int


@pytest.fixture
def line() -> Iterator[Line]:
    far, near = os.openpty()
    tty.setraw(near)
    port = open_port(os.ttyname(near), 500_000)
    os.close(near)
    yield Line(port, far)
    port.close()
    with contextlib.suppress(OSError):  # the test may have hung up
        os.close(far)


@pytest.fixture(params=["one call", "one by one", "pyserial"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "one call":
        assert port_reader._IN_ONE_CALL or sys.platform != "linux"
        return
    monkeypatch.setattr(port_reader, "_IN_ONE_CALL", False)
    if request.param == "pyserial":  # what Windows uses works everywhere
        monkeypatch.setattr(port_reader, "_by_select", port_reader._by_pyserial)


def until(reader: PortReader, wanted: int) -> bytes:
    heard, patience = b"", time.monotonic() + 10
    while len(heard) < wanted and time.monotonic() < patience:
        heard += reader.read(0.0005)
    return heard


@pytest.mark.usefixtures("way")
def test_bytes_come_as_they_were_sent(line: Line) -> None:
    said = bytes(range(256)) * 160  # more than one read takes

    def speak() -> None:
        for start in range(0, len(said), 1_000):
            os.write(line.far, said[start : start + 1_000])

    speaker = threading.Thread(target=speak)
    speaker.start()
    heard = until(PortReader(line.port), len(said))
    speaker.join()
    assert heard == said


@pytest.mark.usefixtures("way")
def test_silence_is_nothing_after_a_short_wait(line: Line) -> None:
    reader = PortReader(line.port)
    assert reader.read(0.0) == b""  # the first may compile
    began = time.perf_counter()
    assert [reader.read(0.001) for _ in range(20)] == [b""] * 20
    assert time.perf_counter() - began >= 20 * READ_TIMEOUT_S * 0.9
    os.write(line.far, b"late")
    assert until(reader, 4) == b"late"


@pytest.mark.usefixtures("way")
def test_a_port_that_goes_is_an_error_after_its_last_bytes(line: Line) -> None:
    reader = PortReader(line.port)
    os.write(line.far, b"last words")
    heard = until(reader, 10)
    os.close(line.far)
    with pytest.raises(PORT_ERRORS):
        until(reader, 1)
    assert heard == b"last words"
