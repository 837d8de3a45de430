"""Which port answers as a glove: listens to all of them at once."""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from firmware_bridge.errors import GloveError
from firmware_bridge.health import serial_text
from firmware_bridge.link import Link
from firmware_bridge.ports import PortInfo
from firmware_bridge.protocol import PROTOCOL, STANDARD

_NAP_S = 0.01


class Probed(NamedTuple):
    """What was heard on a port.

    ``glove`` is whether a glove spoke there that this program can play with; ``serial_number`` and
    ``firmware`` are its own; ``trouble`` is why there is none, in one sentence, or empty.
    """

    port: PortInfo
    glove: bool
    serial_number: str = ""
    firmware: str = ""
    trouble: str = ""


def probe(
    ports: Iterable[PortInfo],
    clock: Callable[[], int],
    wait_s: float,
    baud: int = STANDARD.baud,
) -> list[Probed]:
    """Listen to ``ports`` for at most ``wait_s``; what was heard on each, in their order.

    A board that resets when its port is opened is reset.
    """
    links: dict[PortInfo, Link] = {}
    refused: dict[PortInfo, str] = {}
    for port in ports:
        try:
            links[port] = Link(port.path, baud, clock, ports=list)
            refused[port] = ""
        except GloveError as error:
            refused[port] = str(error)
    until = time.monotonic() + wait_s
    try:
        while time.monotonic() < until and not all(link.ready for link in links.values()):
            time.sleep(_NAP_S)
        return [
            _heard(port, links[port], wait_s)
            if port in links
            else Probed(port, glove=False, trouble=trouble)
            for port, trouble in refused.items()
        ]
    finally:
        for link in links.values():
            link.close()


def _heard(port: PortInfo, link: Link, wait_s: float) -> Probed:
    hello = link.hello
    if hello is None:
        return Probed(port, glove=False, trouble=f"silent for {wait_s:g} s, so it is no glove")
    firmware = f"{hello.firmware_major}.{hello.firmware_minor}"
    trouble = ""
    if hello.protocol != PROTOCOL:
        trouble = f"speaks protocol {hello.protocol}, this program {PROTOCOL}"
    elif not link.ready:
        trouble = "says hello, but sends no readings"
    return Probed(port, not trouble, serial_text(hello.serial_number), firmware, trouble)
