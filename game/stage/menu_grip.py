"""Working the menus with one pinch: a short one moves on, a held one chooses."""

import numpy as np

from game.stage.commands import Command, HoldToChoose


class MenuGrip:
    """Any grip does: released early it moves to the next choice, held it chooses."""

    def __init__(self) -> None:
        self._hold = HoldToChoose()
        self._grip: int | None = None
        self._closed_until_us = 0

    def rest(self, host_us: int) -> None:
        """A new screen: the pinch that brought it here does nothing on it."""
        self._hold.release()
        self._grip = None
        self._closed_until_us = host_us + self._hold.pause_us

    def commands(self, edges: np.ndarray, host_us: int) -> list[Command]:
        """What ``edges`` (EDGE, host time) and the time held so far come to."""
        found = []
        for edge in edges:
            grip, down = int(edge["grip"]), bool(edge["down"])
            if down and self._grip is None and host_us >= self._closed_until_us:
                self._grip = grip
                self._hold.press(int(edge["time_us"]))
            elif not down and grip == self._grip:
                self._grip = None
                # A pinch that has chosen already is not held any more and moves nothing.
                if self._hold.progress(host_us) is not None:
                    found.append(Command.MOVE_NEXT)
                self._hold.release()
        if self._hold.chosen(host_us):
            found.append(Command.CHOOSE)
        return found

    def holding(self, host_us: int) -> float | None:
        """How full the ring is, 0 to 1; None while nothing is held."""
        return self._hold.progress(host_us)
