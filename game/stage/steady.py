"""What keeps the interpreter from holding up whoever must be quick: the sound, and the glove."""

import gc
import sys
from typing import Final

#: Who draws hands the interpreter over to a thread that waits for it after this time. By default it
#: takes 5 ms, and then one callback of the sound device in a hundred came 15 ms late, with this 7.
HAND_OVER_S: Final = 0.0005


def be_steady() -> None:
    """Once everything is loaded: give way quickly, and let the collector pass over what stays.

    To look through everything that was ever loaded takes 50 ms and more, in which nothing is drawn
    and no sound is handed over; it happened now and then in the middle of a song.
    """
    sys.setswitchinterval(min(sys.getswitchinterval(), HAND_OVER_S))
    gc.collect()
    gc.freeze()
