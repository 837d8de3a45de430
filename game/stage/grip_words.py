"""What the grips are called on the screen."""

from game.core.grips import Grip
from game.core.say import mark
from game.words import tr

_LABELS = {
    Grip.KEY: mark("Key"),
    Grip.INDEX: mark("Index"),
    Grip.MIDDLE: mark("Middle"),
    Grip.RING: mark("Ring"),
    Grip.LITTLE: mark("Little"),
}

_WITHIN = {
    Grip.KEY: mark("key"),
    Grip.INDEX: mark("index"),
    Grip.MIDDLE: mark("middle"),
    Grip.RING: mark("ring"),
    Grip.LITTLE: mark("little"),
}


def grip_label(grip: Grip) -> str:
    """The grip's name where it stands alone or begins a sentence."""
    return tr(_LABELS[grip])


def grip_within(grip: Grip) -> str:
    """The grip's name within a sentence."""
    return tr(_WITHIN[grip])
