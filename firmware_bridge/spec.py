"""What ``--glove`` says: ``auto``, ``serial:PORT``, ``virtual:steady?seed=7`` and so on."""

import math
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from firmware_bridge.errors import GloveError
from firmware_bridge.protocol import PROFILES, Profile

KINDS = "auto, serial:PORT, keyboard, virtual:steady, virtual:patient, script:FILE, replay:FILE"

_LINE = ("baud", "profile")
_PARAMETERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("auto", ""): _LINE,
    ("serial", ""): _LINE,
    ("keyboard", ""): (),
    ("script", ""): (),
    ("replay", ""): (),
    ("virtual", "steady"): ("seed", "success", "jitter_ms", "dwell_ms", "fault"),
}

_EXAMPLES = {"serial": "/dev/ttyUSB0", "script": "presses.txt", "replay": "evening.glove"}


class GloveSpec(NamedTuple):
    """A glove specification, taken apart.

    ``kind`` is ``auto``, ``serial``, ``keyboard``, ``virtual``, ``script`` or ``replay``; ``name``
    the port, the file, or the kind of virtual patient; ``params`` what follows the question mark.
    """

    kind: str
    name: str
    params: dict[str, str]


def parse_spec(spec: str) -> GloveSpec:
    """Take ``spec`` apart.

    Raises GloveError for a kind or a parameter that does not exist. The parameters of
    ``virtual:patient`` are left to whoever models the patient, but for ``fault``, which is the
    glove's.
    """
    before, mark, query = spec.strip().rpartition("?")
    rest = before if mark else query
    kind, colon, name = rest.partition(":")
    try:
        pairs = parse_qsl(query if mark else "", keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        if mark:
            raise GloveError(
                f"glove “{spec}”: after the question mark come name=value pairs joined by &"
            ) from None
        pairs = []
    params = dict(pairs)
    if len(params) != len(pairs):
        raise GloveError(f"glove “{spec}”: a parameter is given twice")
    known: tuple[str, ...] | None
    match kind:
        case "auto" | "keyboard":
            if colon:
                raise GloveError(f"glove “{spec}”: {kind} takes nothing after a colon")
            known = _PARAMETERS[kind, ""]
        case "serial" | "script" | "replay":
            if not name:
                raise GloveError(
                    f"glove “{spec}”: name it after the colon, as in {kind}:{_EXAMPLES[kind]}"
                )
            known = _PARAMETERS[kind, ""]
        case "virtual":
            if name not in ("steady", "patient"):
                raise GloveError(
                    f"unknown virtual glove “{name}”; there are virtual:steady and virtual:patient"
                )
            known = _PARAMETERS.get((kind, name))
        case _:
            raise GloveError(f"unknown glove “{spec}”; there are {KINDS}")
    if known is not None:
        for parameter in params:
            if parameter not in known:
                offer = ", ".join(known) or "none"
                raise GloveError(
                    f"glove “{spec}”: unknown parameter “{parameter}”; {rest.strip()} has {offer}"
                )
    return GloveSpec(kind, name, params)


def number(
    params: Mapping[str, str], name: str, default: float, lowest: float, highest: float
) -> float:
    """The number that parameter ``name`` gives, or ``default``.

    Raises GloveError if it is no number or lies outside ``lowest`` to ``highest``.
    """
    if name not in params:
        return default
    try:
        value = float(params[name])
    except ValueError:
        value = math.nan
    if not lowest <= value <= highest:
        raise GloveError(
            f"glove parameter {name}={params[name]}: "
            f"expected a number from {lowest:g} to {highest:g}"
        )
    return value


def whole_number(
    params: Mapping[str, str], name: str, default: int, lowest: int, highest: int
) -> int:
    """The whole number that parameter ``name`` gives, or ``default``; raises as `number` does."""
    if name not in params:
        return default
    try:
        value = int(params[name])
    except ValueError:
        value = lowest - 1
    if not lowest <= value <= highest:
        raise GloveError(
            f"glove parameter {name}={params[name]}: "
            f"expected a whole number from {lowest} to {highest}"
        )
    return value


def profile_of(params: Mapping[str, str]) -> Profile | None:
    """The profile that ``params`` ask for; None if they leave the glove as it is.

    Raises GloveError for one that does not exist.
    """
    name = params.get("profile")
    if name is None:
        return None
    if name not in PROFILES:
        raise GloveError(f"there is no profile “{name}”; there are {', '.join(PROFILES)}")
    return PROFILES[name]
