"""How soon a thread that draws or computes gives way to one that must be quick."""

import sys
from typing import Final

#: Who draws or computes hands the interpreter over to a thread that waits for it after this time.
#: By default it takes 5 ms. That alone made one press in a hundred known 1 to 2 ms later; and one
#: callback of the sound device in a hundred came 15 ms late, with this 7.
HAND_OVER_S: Final = 0.0005


def give_way_soon() -> None:
    """From now on threads of this program wait for the interpreter no longer than that."""
    sys.setswitchinterval(min(sys.getswitchinterval(), HAND_OVER_S))
