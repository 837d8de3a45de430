"""Compile the kernels before they are needed."""

import numpy as np

from firmware_bridge import port_reader
from firmware_bridge.device import Device
from firmware_bridge.protocol import STANDARD
from firmware_bridge.reception import Reception
from firmware_bridge.virtual import Contact


class _OnePress:
    """Presses once."""

    def cue(self, at_us: int, grip: int) -> None:
        """Not heeded."""

    def contacts(self, until_us: int) -> list[Contact]:
        """One contact, half a second in."""
        return [Contact(500_000, 600_000, 0)] if until_us > 500_000 else []


def warm_up() -> None:
    """Compile (or load from the cache) every kernel of this package, with tiny inputs.

    Takes some seconds the first time on a computer, a few tenths later; do it while nothing has to
    run smoothly.
    """
    device = Device(_OnePress(), 0, STANDARD)
    reception = Reception(STANDARD.baud)
    for until_us in (0, 300_000, 700_000):
        burst = device.advance(until_us)
        if burst.data:
            reception.receive(burst.data, burst.ends, burst.arrivals)
    reception.receive(b"\0", np.array([1], np.int64), np.array([700_000], np.int64))
    port_reader.warm_up()
