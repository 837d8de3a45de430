"""Which port answers as a glove: listens to all of them at once."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from firmware_bridge.errors import GloveError
from firmware_bridge.health import serial_text
from firmware_bridge.link import TUNING_WAIT_S, Link, patience
from firmware_bridge.ports import PortInfo
from firmware_bridge.protocol import PROTOCOL, SPEEDS


class Probed(NamedTuple):
    """What was heard on a port.

    ``glove`` is whether a glove spoke there that this program can play with; ``serial_number`` and
    ``firmware`` are its own, ``baud`` is the speed of its line (0: none was heard); ``trouble`` is
    why there is none, in one sentence, or empty.
    """

    port: PortInfo
    glove: bool
    serial_number: str = ""
    firmware: str = ""
    trouble: str = ""
    baud: int = 0


def probe(
    ports: Iterable[PortInfo],
    clock: Callable[[], int],
    wait_s: float,
    speeds: tuple[int, ...] = SPEEDS,
) -> list[Probed]:
    """Listen to ``ports`` for at most ``wait_s``; what was heard on each, in their order.

    Each port is opened once, and its speed changed while it is open, if what comes is noise: a
    board that resets when its port is opened is reset once. Where something is heard that is not
    understood, all listen a little longer.
    """
    links: dict[PortInfo, Link] = {}
    refused: dict[PortInfo, str] = {}
    for port in ports:
        try:
            links[port] = Link(port.path, speeds[0], clock, others=speeds[1:], ports=list)
            refused[port] = ""
        except GloveError as error:
            refused[port] = str(error)
    try:
        for left in patience(wait_s + TUNING_WAIT_S):
            if all(link.ready for link in links.values()):
                break
            if left < TUNING_WAIT_S and not any(link.noisy for link in links.values()):
                break
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
        heard = "speaks, but not as a glove does" if link.noisy else f"silent for {wait_s:g} s"
        return Probed(port, glove=False, trouble=f"{heard}, so it is no glove")
    firmware = f"{hello.firmware_major}.{hello.firmware_minor}"
    trouble = ""
    if hello.protocol != PROTOCOL:
        trouble = f"speaks protocol {hello.protocol}, this program {PROTOCOL}"
    elif not link.ready:
        trouble = "says hello, but sends no readings"
    serial_number = serial_text(hello.serial_number)
    return Probed(port, not trouble, serial_number, firmware, trouble, link.baud)
