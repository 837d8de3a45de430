"""Which of some real terminals answers as a glove."""

import os
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

from firmware_bridge.host_clock import host_us
from firmware_bridge.ports import PortInfo
from firmware_bridge.probe import Probed, probe
from tests.firmware_bridge.test_link import Plug, idle, plug

__all__ = ["plug"]


def test_each_port_is_told_apart(plug: Plug) -> None:
    master, reader = os.openpty()
    try:
        silent = PortInfo(os.ttyname(reader), "silent", "")
        missing = PortInfo("/dev/nowhere", "gone", "")
        glove = PortInfo(plug(idle()).path, "a glove", "A1")
        heard = probe([missing, silent, glove], host_us, 1.5)
    finally:
        os.close(master)
        os.close(reader)
    assert [one.port for one in heard] == [missing, silent, glove]
    assert [one.glove for one in heard] == [False, False, True]
    assert heard[0].trouble.startswith("there is no serial port /dev/nowhere")
    assert heard[1].trouble == "silent for 1.5 s, so it is no glove"
    assert heard[2] == Probed(glove, True, "VIRTUAL1", "0.1", baud=500_000)


def test_no_ports_take_no_time() -> None:
    assert probe([], host_us, 60.0) == []
