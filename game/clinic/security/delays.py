"""Growing delays: how long a name, or an address, waits after wrong passphrases. Pure.

The first few mistakes cost nothing, because people mistype. From then on the wait doubles, up to a
quarter of an hour: a guesser gets about a hundred tries a day at one account, and whoever forgot
their passphrase is never shut out for good.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

FREE_FAILURES = 3
LONGEST = timedelta(minutes=15)

#: From one address more mistakes are free: a clinic's people may share one.
FREE_FROM_AN_ADDRESS = 20
_MOST_ADDRESSES = 10_000


def wait_after(failures: int, free: int = FREE_FAILURES) -> timedelta:
    """How long to wait after so many failures in a row: 0 up to ``free``, then 1 s, 2 s, 4 s, …"""
    if failures < free:
        return timedelta(0)
    # The exponent is held down first: 2 ** 1000 seconds is no timedelta.
    return min(LONGEST, timedelta(seconds=2 ** min(failures - free, 20)))


class Addresses:
    """Failures by address, in memory; the addresses longest not heard of are forgotten first."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    def wait(self, address: str) -> timedelta:
        """How long ``address`` still has to wait."""
        failures, since = self._known.get(address, (0, self._clock()))
        return max(timedelta(0), since + wait_after(failures, FREE_FROM_AN_ADDRESS) - self._clock())

    def failed(self, address: str) -> None:
        """Note a wrong passphrase from ``address``."""
        failures, _ = self._known.pop(address, (0, self._clock()))
        self._known[address] = (failures + 1, self._clock())
        while len(self._known) > _MOST_ADDRESSES:
            self._known.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """A right one: the address may begin anew."""
        self._known.pop(address, None)
