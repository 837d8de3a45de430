"""What a drawn hand does in an exercise: a small vocabulary that a screen can draw.

A pose is what the fingers do and how wrist and forearm are turned. The screen draws the fingers as
the hand of the game draws them (open, a pinch, a loose fist), turns the picture for ``side``, and
makes it lower for ``bend`` or narrower for ``turn``; it may do more. Directions are said from the
hand, not from the screen, so left and right hands share them.
"""

from dataclasses import dataclass
from enum import StrEnum

from game.core.grips import Grip


class Fingers(StrEnum):
    """What the fingers do."""

    OPEN = "open"
    SPREAD = "spread"
    FIST = "fist"
    INDEX = "index"  # thumb to that fingertip
    MIDDLE = "middle"
    RING = "ring"
    LITTLE = "little"
    KEY = "key"

    @property
    def grip(self) -> Grip | None:
        """The grip whose picture shows it: a loose fist is drawn as the key grip is; None: open."""
        if self in (Fingers.OPEN, Fingers.SPREAD):
            return None
        return Grip.KEY if self is Fingers.FIST else Grip.from_label(self.value)


class Holding(StrEnum):
    """What the hand holds, to be drawn beside or in it."""

    NOTHING = "nothing"
    BOTTLE = "bottle"
    PEN = "pen"
    COIN = "coin"
    OTHER_HAND = "other hand"  # the better hand helps


@dataclass(frozen=True)
class Pose:
    """One key pose. ``bend`` −1 (wrist back) to 1 (wrist forward), ``side`` −1 (towards the little
    finger) to 1 (towards the thumb), ``turn`` 0 (palm up, towards the viewer) to 1 (palm down, the
    back of the hand to the viewer). Raises ValueError beyond that."""

    fingers: Fingers = Fingers.OPEN
    bend: float = 0.0
    side: float = 0.0
    turn: float = 0.0
    holding: Holding = Holding.NOTHING

    def __post_init__(self) -> None:
        if not (-1 <= self.bend <= 1 and -1 <= self.side <= 1 and 0 <= self.turn <= 1):
            raise ValueError("a pose bends and leans by −1 to 1 and turns by 0 to 1")


@dataclass(frozen=True)
class Frame:
    """A pose at a share of one repetition: 0 its beginning, 1 its end."""

    at: float
    pose: Pose


@dataclass(frozen=True)
class Moment:
    """The hand at one moment: ``share`` (0 to 1) of the way from pose ``before`` to ``after``.

    ``repetition`` counts from 1. Where both poses are the same the hand holds still.
    """

    repetition: int
    before: Pose
    after: Pose
    share: float

    @property
    def bend(self) -> float:
        """How far the wrist is bent now."""
        return self.before.bend + (self.after.bend - self.before.bend) * self.share

    @property
    def side(self) -> float:
        """How far the hand leans to a side now."""
        return self.before.side + (self.after.side - self.before.side) * self.share

    @property
    def turn(self) -> float:
        """How far the forearm is turned now."""
        return self.before.turn + (self.after.turn - self.before.turn) * self.share
