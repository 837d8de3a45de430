"""The glove: from electrodes to edges. Knows nothing of songs, patients or screens.

The names below are loaded when they are first used: importing the package costs nothing, and the
kernels are compiled behind :func:`warm_up`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firmware_bridge.edges import EDGE
    from firmware_bridge.errors import GloveError
    from firmware_bridge.glove import Glove
    from firmware_bridge.health import Health
    from firmware_bridge.host_clock import host_us
    from firmware_bridge.simulator import simulate
    from firmware_bridge.spec import GloveSpec, parse_spec
    from firmware_bridge.virtual import Actor, Contact, SteadyActor
    from firmware_bridge.warm import warm_up

__all__ = [
    "EDGE",
    "Actor",
    "Contact",
    "Glove",
    "GloveError",
    "GloveSpec",
    "Health",
    "SteadyActor",
    "host_us",
    "parse_spec",
    "simulate",
    "warm_up",
]

_HOMES = {
    "EDGE": "edges",
    "Actor": "virtual",
    "Contact": "virtual",
    "Glove": "glove",
    "GloveError": "errors",
    "GloveSpec": "spec",
    "Health": "health",
    "SteadyActor": "virtual",
    "host_us": "host_clock",
    "parse_spec": "spec",
    "simulate": "simulator",
    "warm_up": "warm",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
