"""Working the menus with pinches: what a pinch means there, in three modes.

- ``hold``: any grip; released early it moves on, held it chooses.
- ``two``: one grip moves on and another chooses, each at once. The other three do as in ``hold``,
  so that nobody is locked out who cannot make these two.
- ``scan``: the focus moves on by itself, and one pinch of any grip chooses.

A pinch that began before a screen came does nothing on it, so one that is left over from the play
never chooses.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from game.core.grips import Grip
from game.stage.commands import Command, HoldToChoose

MenuMode = Literal["hold", "two", "scan"]

#: On a new screen, and after a choice that stays on it, the scan rests for so many of its steps.
_FIRST_STEPS = 2


@dataclass(frozen=True)
class MenuRules:
    """``hold_us`` is how long a held pinch takes to choose, ``scan_us`` how long the scan rests on
    each choice; ``move`` and ``choose`` are the grips of ``two``."""

    mode: MenuMode = "hold"
    hold_us: int = 800_000
    scan_us: int = 3_000_000
    move: Grip = Grip.INDEX
    choose: Grip = Grip.MIDDLE


class MenuGrip:
    """Turns pinches, and in ``scan`` the time that passes, into commands. Times are host_us."""

    def __init__(self, rules: MenuRules | None = None) -> None:
        self._rules = rules or MenuRules()
        self._hold = HoldToChoose(self._rules.hold_us)
        self._grip: int | None = None
        self._closed_until_us = 0
        self._down: set[int] = set()
        self._moves_at_us: int | None = None

    def use(self, rules: MenuRules) -> None:
        """Other rules from now on; what is held is forgotten."""
        if rules != self._rules:
            self._rules = rules
            self._hold = HoldToChoose(rules.hold_us)
            self._grip = None
            self._moves_at_us = None

    def rest(self, host_us: int) -> None:
        """A new screen: the pinch that brought it here does nothing on it."""
        self._hold.release()
        self._grip = None
        self._closed_until_us = host_us + self._hold.pause_us
        self._moves_at_us = host_us + _FIRST_STEPS * self._rules.scan_us

    def commands(self, edges: np.ndarray, host_us: int) -> list[Command]:
        """What ``edges`` (EDGE, host time) and the time that has passed come to."""
        found: list[Command] = []
        for edge in edges:
            grip, down, at_us = int(edge["grip"]), bool(edge["down"]), int(edge["time_us"])
            if down:
                self._down.add(grip)
            else:
                self._down.discard(grip)
            if self._chooses_at_once(grip):
                if down and host_us >= self._closed_until_us:
                    found.append(self._choose(host_us))
            elif self._rules.mode == "two" and grip == self._rules.move:
                if down and host_us >= self._closed_until_us:
                    found.append(Command.MOVE_NEXT)
            else:
                found += self._moved_by_letting_go(grip, down, at_us, host_us)
        if self._hold.chosen(host_us):
            found.append(self._choose(host_us))
        if self._rules.mode == "scan" and self._scanned(host_us):
            found.append(Command.MOVE_NEXT)
        return found

    def holding(self, host_us: int) -> float | None:
        """How full the ring is, 0 to 1; None while nothing is held."""
        return self._hold.progress(host_us)

    def _chooses_at_once(self, grip: int) -> bool:
        rules = self._rules
        return rules.mode == "scan" or (rules.mode == "two" and grip == rules.choose)

    def _choose(self, host_us: int) -> Command:
        self._closed_until_us = host_us + self._hold.pause_us
        self._moves_at_us = host_us + _FIRST_STEPS * self._rules.scan_us
        return Command.CHOOSE

    def _moved_by_letting_go(
        self, grip: int, down: bool, at_us: int, host_us: int
    ) -> list[Command]:
        """One grip at a time: a second beside one that is held is not heard."""
        if down and self._grip is None and host_us >= self._closed_until_us:
            self._grip = grip
            self._hold.press(at_us)
        elif not down and grip == self._grip:
            self._grip = None
            # A pinch that has chosen already is not held any more and moves nothing.
            moved = self._hold.progress(host_us) is not None
            self._hold.release()
            return [Command.MOVE_NEXT] if moved else []
        return []

    def _scanned(self, host_us: int) -> bool:
        """Whether the scan moves on now. While something is pinched it waits."""
        step_us = self._rules.scan_us
        if self._moves_at_us is None:
            self._moves_at_us = host_us + _FIRST_STEPS * step_us
        if self._down:
            self._moves_at_us = max(self._moves_at_us, host_us + step_us)
        if host_us < self._moves_at_us:
            return False
        self._moves_at_us = host_us + step_us
        return True
