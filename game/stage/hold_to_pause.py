"""Pausing with the glove alone: a grip held for seconds longer than the song asks.

Nobody plays like that: a target is pinched and let go, and the tail of a long one ends before. What
was weighed:

- A fist, or two grips at once, is what a stiff hand does by itself, all the time.
- A pattern of pinches cannot be told from playing.
- A long hold may also be a cramp. That does no harm: the drawn hand has opened after a second to
  say that the grip may be let go, a notice tells what comes, and a paused song loses nothing. It
  goes on from two bars before. Whoever cramps often asks for a longer time, or none.

A contact that was closed before (stuck, or left over) does not count until it has opened once.
"""

from game.core.grips import GRIPS


class HoldToPause:
    """Watches the closed contacts from where a play begins or goes on; what is closed then has to
    open first. ``hold_us`` is how long a grip is held; 0 never pauses."""

    def __init__(self, hold_us: int) -> None:
        self._hold_us = hold_us
        self._was_open = 0
        self._since_us: dict[int, int] = {}

    def share(self, contacts: int, asked: int, host_us: int) -> float:
        """How much of the time is over, 0 to 1; at 1 the song is to pause.

        ``contacts`` is the mask of closed contacts, ``asked`` that of grips the song wants held
        now.
        """
        for grip in GRIPS:
            bit = 1 << grip
            if not contacts & bit:
                self._was_open |= bit
                self._since_us.pop(grip, None)
            elif asked & bit:
                self._since_us[grip] = host_us
            elif self._was_open & bit:
                self._since_us.setdefault(grip, host_us)
        if not self._hold_us or not self._since_us:
            return 0.0
        return min(1.0, (host_us - min(self._since_us.values())) / self._hold_us)
