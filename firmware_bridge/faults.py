"""Faults that a virtual glove can have, so that anybody can see what they look like."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.edges import GRIP_COUNT
from firmware_bridge.errors import GloveError

NAMES = ("index", "middle", "ring", "little", "key")

#: Faults, with how many grips each takes.
_KINDS: dict[str, tuple[int, int]] = {
    "stuck": (1, GRIP_COUNT),
    "open": (1, GRIP_COUNT),
    "short": (2, GRIP_COUNT),
    "swap": (2, 2),
    "weak": (1, GRIP_COUNT),
    "wet": (0, 0),
    "unmeasured": (0, 0),
}
_KNOWN = (
    "stuck:ring, open:middle, short:index+middle, swap:index+ring, weak:key, wet, unmeasured, "
    "unplugged:40-55"
)

#: Levels at a pull-up of 10 kΩ: a good contact has 100 Ω, a poor one 5 kΩ, and dry fabric some
#: megohms; damp fabric 12 to 20 kΩ.
_GOOD, _POOR, _DRY = 3, 85, 254
_DAMP = (150, 158, 144, 170, 139)


@dataclass(frozen=True)
class Faults:
    """What is wrong with a glove: how its electrodes read, given what the fingers do.

    ``readings`` (32,) uint8: the mask that is read for each mask that is true; ``weak`` is a mask
    of electrodes; ``unplugged_us`` from when until when, after a song has begun, the cable is out.
    """

    readings: NDArray[np.uint8] = field(
        default_factory=lambda: np.arange(1 << GRIP_COUNT, dtype=np.uint8)
    )
    weak: int = 0
    wet: bool = False
    unmeasured: bool = False
    unplugged_us: tuple[int, int] | None = None

    def levels(self, closed: int) -> bytes:
        """The ADC levels while the electrodes of mask ``closed`` read closed."""
        if self.unmeasured:
            return bytes(GRIP_COUNT)
        return bytes(
            (_POOR if self.weak >> grip & 1 else _GOOD)
            if closed >> grip & 1
            else (_DAMP[grip] if self.wet else _DRY)
            for grip in range(GRIP_COUNT)
        )


def parse_faults(text: str) -> Faults:
    """Faults as a glove specification names them: ``stuck:ring``, several joined by commas.

    A + in a specification may have become a space. Raises GloveError for what does not exist.
    """
    readings = np.arange(1 << GRIP_COUNT, dtype=np.uint8)
    weak, wet, unmeasured = 0, False, False
    stuck = opened = 0
    unplugged_us = None
    for part in text.split(",") if text else []:
        kind, _, names = part.strip().partition(":")
        if kind == "unplugged":
            unplugged_us = _span_us(text, names)
            continue
        grips = _grips(text, names)
        least, most = _KINDS.get(kind, (1, 0))
        if not least <= len(grips) <= most:
            raise GloveError(f"glove parameter fault={text}: expected one of {_KNOWN}")
        mask = sum(1 << grip for grip in grips)
        match kind:
            case "stuck":
                stuck |= mask
            case "open":
                opened |= mask
            case "short":
                readings[(readings & mask) != 0] |= np.uint8(mask)
            case "swap":
                one, other = grips
                differ = (readings >> one & 1) != (readings >> other & 1)
                readings[differ] ^= np.uint8(mask)
            case "weak":
                weak |= mask
            case "wet":
                wet = True
            case "unmeasured":
                unmeasured = True
    readings = (readings & np.uint8(~opened & 0x1F)) | np.uint8(stuck)
    return Faults(readings, weak, wet, unmeasured, unplugged_us)


def _span_us(text: str, span: str) -> tuple[int, int]:
    """``40-55``, seconds after the song began."""
    first, _, last = span.partition("-")
    try:
        start_us, end_us = round(float(first) * 1e6), round(float(last) * 1e6)
    except (ValueError, OverflowError):
        start_us = end_us = 0
    if not 0 <= start_us < end_us <= 3_600_000_000:
        raise GloveError(
            f"glove parameter fault={text}: unplugged takes seconds of a song, as unplugged:40-55"
        )
    return start_us, end_us


def _grips(text: str, names: str) -> list[int]:
    grips = []
    for name in names.replace("+", " ").split():
        if name not in NAMES:
            raise GloveError(
                f"glove parameter fault={text}: there is no grip “{name}”; "
                f"the grips are {', '.join(NAMES)}"
            )
        if NAMES.index(name) not in grips:
            grips.append(NAMES.index(name))
    return grips
