"""What a person can tell a screen. Screens know commands, not windows, keys or gloves."""

from dataclasses import dataclass
from enum import Enum, auto


class Command(Enum):
    """One step in a screen. One grip, one switch or three keys are enough to give them all."""

    MOVE_NEXT = auto()
    MOVE_PREVIOUS = auto()
    CHOOSE = auto()
    BACK = auto()


@dataclass(frozen=True)
class Typed:
    """A letter that was typed; :data:`ERASE` takes the last one away again."""

    letter: str


#: Backspace, while something is being typed.
ERASE = "\b"


@dataclass(frozen=True)
class Pointer:
    """A mouse or a finger at a pixel of the surface; ``pressed`` when it clicks there."""

    x: int
    y: int
    pressed: bool = False


class HoldToChoose:
    """Choosing by holding a pinch: a ring fills while it is held, and once full it chooses.

    Times are host_us. After a choice nothing is taken for ``pause_us``, so that the pinch that
    chose does not choose again on the next screen. A held pinch chooses once.
    """

    def __init__(self, hold_us: int = 800_000, pause_us: int = 500_000):
        if hold_us <= 0:
            raise ValueError("the time to hold must be more than 0")
        self.hold_us, self.pause_us = hold_us, pause_us
        self._since: int | None = None
        self._closed_until = 0

    def press(self, host_us: int) -> None:
        """The pinch closed."""
        if host_us >= self._closed_until:
            self._since = host_us

    def release(self) -> None:
        """The pinch opened: what was filled is gone."""
        self._since = None

    def progress(self, host_us: int) -> float | None:
        """How full the ring is, 0 to 1; None while nothing is held."""
        if self._since is None:
            return None
        return min(1.0, max(0.0, (host_us - self._since) / self.hold_us))

    def chosen(self, host_us: int) -> bool:
        """True once when the ring is full."""
        if (self.progress(host_us) or 0.0) < 1.0:
            return False
        self._since = None
        self._closed_until = host_us + self.pause_us
        return True
