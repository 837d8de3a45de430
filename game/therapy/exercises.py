"""Guided exercises away from the song: what each is, how often, how fast, and how it looks.

Three levels of ability, a warm-up and a cool-down. Nothing here is scored. Counts and paces are
defaults of ours (``docs/therapy.md``); what is done is logged as an activity under ``name``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from game.core.say import mark
from game.therapy.pose import Fingers, Frame, Holding, Moment, Pose

SECOND_US = 1_000_000

#: What the levels of ability are, from 1. Challenging, not frustrating.
LEVELS: dict[int, str] = {
    1: mark("Gentle, or with the other hand's help"),
    2: mark("Roll, curl and let go"),
    3: mark("Quick and precise"),
}

#: The own rate (targets/s) from which a level is suggested where nobody chose one: a default.
_LEVEL_FROM_RATE = {2: 0.3, 3: 1.0}


@dataclass(frozen=True)
class Exercise:
    """One exercise. ``name`` is what is kept of it, ``title`` and ``how`` what is shown and read
    aloud, ``what_for`` why it is done.

    It is done ``count`` times, ``pace_us`` each (so long a stretch is held), as ``frames`` show,
    which lead from 0 to 1. ``level`` is 1 to 3, or 0 if it suits every hand.
    """

    name: str
    level: int
    title: str
    how: str
    what_for: str
    count: int
    pace_us: int
    frames: tuple[Frame, ...]

    @property
    def duration_us(self) -> int:
        """How long all of it takes, µs."""
        return self.count * self.pace_us

    @property
    def seconds(self) -> float:
        """How long all of it takes."""
        return self.duration_us / SECOND_US

    def moment(self, at_us: int) -> Moment | None:
        """The hand ``at_us`` after the beginning; None once it is over.

        Raises ValueError for a time before the beginning.
        """
        if at_us < 0:
            raise ValueError("an exercise has no moment before it begins")
        if at_us >= self.duration_us:
            return None
        repetition, within_us = divmod(at_us, self.pace_us)
        share = within_us / self.pace_us
        index = max(i for i, frame in enumerate(self.frames) if frame.at <= share)
        first, second = self.frames[index], self.frames[index + 1]
        part = (share - first.at) / (second.at - first.at)
        return Moment(repetition + 1, first.pose, second.pose, part)


def _through(*poses: Pose, hold: float = 0.25) -> tuple[Frame, ...]:
    """From pose to pose and back to the first; each is held for ``hold`` of its part."""
    part = 1 / len(poses)
    frames = []
    for index, pose in enumerate(poses):
        frames += [Frame(index * part, pose), Frame((index + hold) * part, pose)]
    return (*frames, Frame(1.0, poses[0]))


def _held(pose: Pose, rest: Pose | None = None) -> tuple[Frame, ...]:
    """Slowly into a stretch, held, and slowly out of it."""
    loose = rest or Pose()
    return (Frame(0.0, loose), Frame(0.12, pose), Frame(0.88, pose), Frame(1.0, loose))


def _helped(*poses: Pose) -> tuple[Frame, ...]:
    return _through(*(replace(pose, holding=Holding.OTHER_HAND) for pose in poses))


_PALM_UP, _PALM_DOWN = Pose(), Pose(turn=1.0)
_TO_THE_THUMB = [Pose(f) for f in (Fingers.INDEX, Fingers.MIDDLE, Fingers.RING, Fingers.LITTLE)]

EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        "palm-turn",
        1,
        mark("Palm up, palm down"),
        mark("Turn the forearm. The other hand may help."),
        mark("For turning a key or a handle"),
        8,
        6 * SECOND_US,
        _helped(_PALM_UP, _PALM_DOWN),
    ),
    Exercise(
        "wrist-bend",
        1,
        mark("Bend the wrist"),
        mark("Let the hand hang over the edge. Lift and lower it."),
        mark("For lifting a cup"),
        8,
        6 * SECOND_US,
        _helped(Pose(turn=1.0, bend=0.8), Pose(turn=1.0, bend=-0.6)),
    ),
    Exercise(
        "wrist-side",
        1,
        mark("Wrist from side to side"),
        mark("The palm lies flat. Wave slowly to both sides."),
        mark("For wiping and stirring"),
        8,
        6 * SECOND_US,
        _helped(Pose(turn=1.0, side=0.8), Pose(turn=1.0, side=-0.8)),
    ),
    Exercise(
        "bottle-roll",
        2,
        mark("Roll and grip a bottle"),
        mark("Roll it under the palm. Then close the hand around it."),
        mark("For holding a glass or a jar"),
        10,
        6 * SECOND_US,
        _through(
            Pose(Fingers.OPEN, turn=1.0, bend=0.3, holding=Holding.BOTTLE),
            Pose(Fingers.OPEN, turn=1.0, bend=-0.3, holding=Holding.BOTTLE),
            Pose(Fingers.FIST, turn=1.0, holding=Holding.BOTTLE),
        ),
    ),
    Exercise(
        "wrist-curl",
        2,
        mark("Wrist curl"),
        mark("Hold a small bottle. Curl the wrist up, slowly down."),
        mark("For carrying a bag"),
        10,
        5 * SECOND_US,
        _through(
            Pose(Fingers.FIST, bend=-0.5, holding=Holding.BOTTLE),
            Pose(Fingers.FIST, bend=0.9, holding=Holding.BOTTLE),
        ),
    ),
    Exercise(
        "pen-release",
        2,
        mark("Grip a pen and let it go"),
        mark("Pick up the pen. Open the hand to let go."),
        mark("For writing and eating"),
        10,
        5 * SECOND_US,
        _through(Pose(Fingers.INDEX, holding=Holding.PEN), Pose(Fingers.SPREAD)),
    ),
    Exercise(
        "pen-spin",
        3,
        mark("Spin a pen"),
        mark("Turn the pen end over end with the fingers."),
        mark("For a key in the lock"),
        10,
        4 * SECOND_US,
        _through(
            Pose(Fingers.INDEX, holding=Holding.PEN),
            Pose(Fingers.MIDDLE, holding=Holding.PEN),
            Pose(Fingers.RING, holding=Holding.PEN),
            hold=0.1,
        ),
    ),
    Exercise(
        "coin-drop",
        3,
        mark("Drop coins"),
        mark("Take a coin, turn the hand, let it drop."),
        mark("For money, pills and buttons"),
        10,
        4 * SECOND_US,
        _through(
            Pose(Fingers.INDEX, holding=Holding.COIN),
            Pose(Fingers.INDEX, turn=1.0, holding=Holding.COIN),
            Pose(Fingers.SPREAD, turn=1.0),
        ),
    ),
    Exercise(
        "finger-curl",
        3,
        mark("Fingers to the thumb"),
        mark("Touch the thumb with one finger after the other."),
        mark("For buttons and zips"),
        8,
        8 * SECOND_US,
        _through(*_TO_THE_THUMB, hold=0.4),
    ),
)

_FIST = Exercise(
    "fist",
    0,
    mark("Close and open the hand"),
    mark("Make a loose fist. Then open wide."),
    mark("Warms the whole hand"),
    10,
    4 * SECOND_US,
    _through(Pose(Fingers.SPREAD), Pose(Fingers.FIST)),
)
_CIRCLES = Exercise(
    "wrist-circles",
    0,
    mark("Circles with the wrist"),
    mark("Draw slow circles, first one way."),
    mark("Loosens the wrist"),
    8,
    5 * SECOND_US,
    _through(Pose(bend=0.7), Pose(side=0.7), Pose(bend=-0.7), Pose(side=-0.7), hold=0.0),
)
_FINGERS = Exercise(
    "finger-stretch",
    0,
    mark("Stretch the fingers"),
    mark("Spread the fingers and hold. Let go."),
    mark("Makes the fingers long"),
    3,
    12 * SECOND_US,
    _held(Pose(Fingers.SPREAD), Pose(Fingers.FIST)),
)
_PALM = Exercise(
    "palm-up-down",
    0,
    mark("Palm up and palm down"),
    mark("The forearm lies on the table. Turn it slowly."),
    mark("Warms the forearm"),
    8,
    5 * SECOND_US,
    _through(_PALM_UP, _PALM_DOWN),
)

_STRETCH_US = 25 * SECOND_US


def _stretch(name: str, title: str, how: str, what_for: str, pose: Pose) -> Exercise:
    return Exercise(name, 0, title, how, what_for, 1, _STRETCH_US, _held(pose))


_COOL_DOWN: tuple[Exercise, ...] = (
    _stretch(
        "stretch-fingers",
        mark("Long fingers"),
        mark("Lay the hand flat. Let the fingers grow long."),
        mark("Lets the finger muscles go"),
        Pose(Fingers.SPREAD, turn=1.0),
    ),
    _stretch(
        "stretch-wrist-back",
        mark("Wrist back"),
        mark("The other hand draws the fingers gently back."),
        mark("Lets the bending muscles go"),
        Pose(Fingers.OPEN, bend=-0.8, holding=Holding.OTHER_HAND),
    ),
    _stretch(
        "stretch-wrist-forward",
        mark("Wrist forward"),
        mark("Let the hand hang. Press it gently down."),
        mark("Lets the stretching muscles go"),
        Pose(Fingers.OPEN, turn=1.0, bend=0.9, holding=Holding.OTHER_HAND),
    ),
    _stretch(
        "stretch-thumb",
        mark("Thumb across the palm"),
        mark("Bring the thumb to the little finger and hold."),
        mark("Lets the thumb go"),
        Pose(Fingers.LITTLE),
    ),
    _stretch(
        "stretch-palm-up",
        mark("Palm up"),
        mark("Turn the palm up and let the arm sink."),
        mark("Lets the forearm go"),
        Pose(Fingers.OPEN),
    ),
    _stretch(
        "loose-hand",
        mark("Loose hand"),
        mark("Let the hand lie. Breathe slowly."),
        mark("The hand may rest now"),
        Pose(Fingers.OPEN, turn=0.5),
    ),
)


def of_level(level: int) -> tuple[Exercise, ...]:
    """The exercises of a level of ability. Raises ValueError for one that does not exist."""
    if level not in LEVELS:
        raise ValueError(f"there is no level {level!r}; the levels are 1, 2 and 3")
    return tuple(exercise for exercise in EXERCISES if exercise.level == level)


def named(name: str) -> Exercise:
    """The exercise of this name, those of warm-up and cool-down among them.

    Raises ValueError for one that does not exist.
    """
    everything = (*EXERCISES, _FIST, _CIRCLES, _FINGERS, _PALM, *_COOL_DOWN)
    for exercise in everything:
        if exercise.name == name:
            return exercise
    raise ValueError(
        f"there is no exercise “{name}”; there are {', '.join(e.name for e in everything)}"
    )


def level_for(rate: float | None) -> int:
    """The level that the own rate (targets/s) suggests; 1 where nothing is known of the hand."""
    fit = [level for level, least in _LEVEL_FROM_RATE.items() if rate is not None and rate >= least]
    return max(fit, default=1)


def warm_up(level: int = 1) -> tuple[Exercise, ...]:
    """The warm-up for a hand of ``level``: 2 to 3 minutes, the forearm on the table, never above
    the patient's own level; slower for the gentlest. An easy song follows (:mod:`.session`)."""
    of_level(level)  # refuses what is no level
    if level > 1:
        return _FIST, _CIRCLES, _FINGERS, _PALM
    return (
        replace(_FIST, pace_us=5 * SECOND_US),
        replace(_CIRCLES, count=6, pace_us=6 * SECOND_US),
        _FINGERS,
        replace(_PALM, count=6, pace_us=6 * SECOND_US, frames=_helped(_PALM_UP, _PALM_DOWN)),
    )


def cool_down() -> tuple[Exercise, ...]:
    """The cool-down: 2 to 3 minutes of stretches, 25 s each."""
    return _COOL_DOWN


def seconds(exercises: Sequence[Exercise]) -> float:
    """How long these exercises take one after the other."""
    return sum(exercise.duration_us for exercise in exercises) / SECOND_US
