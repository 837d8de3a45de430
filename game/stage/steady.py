"""What keeps the interpreter from holding up whoever must be quick: the sound, and the glove."""

import gc

from firmware_bridge.giving_way import give_way_soon


def be_steady() -> None:
    """Once everything is loaded: give way quickly, and let the collector pass over what stays.

    To look through everything that was ever loaded takes 50 ms and more, in which nothing is drawn
    and no sound is handed over; it happened now and then in the middle of a song.
    """
    give_way_soon()
    gc.collect()
    gc.freeze()
