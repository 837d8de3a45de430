"""The five grips: their code order, their names, and their places on screen."""

from enum import IntEnum


class Grip(IntEnum):
    """A pinch of the thumb to one finger. The value is the code order and the bit on the wire."""

    INDEX = 0
    MIDDLE = 1
    RING = 2
    LITTLE = 3
    KEY = 4

    @property
    def label(self) -> str:
        """The word used in JSON, on the command line and in the records: ``index`` … ``key``."""
        return self.name.lower()

    @classmethod
    def from_label(cls, label: str) -> "Grip":
        """The grip called ``label``; raises ValueError naming the five that exist."""
        try:
            return cls[label.strip().upper()]
        except KeyError:
            known = ", ".join(g.label for g in cls)
            raise ValueError(f"there is no grip “{label}”; the grips are {known}") from None


GRIPS: tuple[Grip, ...] = tuple(Grip)

#: Their labels, in code order.
GRIP_LABELS: tuple[str, ...] = tuple(grip.label for grip in GRIPS)

#: From the thumb outwards a hand is crossed key, index, middle, ring,
#: little. This is the lane order for a right hand, left to right; a left hand mirrors it.
ACROSS_THE_HAND: tuple[Grip, ...] = (Grip.KEY, Grip.INDEX, Grip.MIDDLE, Grip.RING, Grip.LITTLE)


def lanes(hand: str) -> tuple[Grip, ...]:
    """Lane order on screen, left to right, for ``hand`` = ``"right"`` or ``"left"``."""
    if hand == "right":
        return ACROSS_THE_HAND
    if hand == "left":
        return ACROSS_THE_HAND[::-1]
    raise ValueError(f"a hand is “left” or “right”, not “{hand}”")
