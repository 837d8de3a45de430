"""How the drawn hand shows an exercise, a task or a rest: from what is to be done to poses."""

from collections.abc import Sequence

from game.core.grips import Grip
from game.stage.hand_pose import Pose, between
from game.therapy import pose as asked
from game.therapy.exercises import Exercise
from game.therapy.pose import Fingers, Holding
from game.therapy.prescription import Task

#: The way between two key poses is drawn in so many pictures: each is made once.
FRAMES = 16

#: Degrees that the drawn wrist bends and leans at most.
_BEND, _LEAN = 46.0, 22.0

#: An open hand that rests.
RESTING = Pose(curl=0.12)

#: Key poses of the tasks, evenly spaced, then round again. One that stands twice is held.
_TASKS: dict[Task, tuple[Pose, ...]] = {
    Task.PUTTY_SQUEEZE: (
        Pose(curl=0.35, thumb=0.2, thing="putty", at=0.0),
        Pose(curl=0.95, thumb=0.8, thing="putty", at=1.0),
        Pose(curl=0.95, thumb=0.8, thing="putty", at=1.0),
    ),
    Task.FINGER_SCISSOR: (Pose(spread=-1.0), Pose(spread=0.9), Pose(spread=0.9)),
    Task.TOWEL_WRING: (
        Pose(curl=1.0, thumb=1.0, thing="towel", at=0.0, tilt=-10.0),
        Pose(curl=1.0, thumb=1.0, thing="towel", at=1.0, tilt=14.0),
        Pose(curl=1.0, thumb=1.0, thing="towel", at=1.0, tilt=14.0),
    ),
    Task.CLOTHESPIN: (
        Pose(grip=Grip.INDEX, pinch=1.0, thing="pin", at=0.0),
        Pose(grip=Grip.INDEX, pinch=1.0, thing="pin", at=1.0),
        Pose(grip=Grip.INDEX, pinch=1.0, thing="pin", at=1.0),
    ),
    Task.COIN_FLIPS: (
        Pose(grip=Grip.INDEX, pinch=1.0, thing="flipped coin", at=0.0),
        Pose(grip=Grip.INDEX, pinch=0.8, thing="flipped coin", at=1.0),
    ),
    Task.RUBBER_BAND: (
        Pose(spread=-1.0, thing="band", at=0.0),
        Pose(spread=1.0, thing="band", at=1.0),
        Pose(spread=1.0, thing="band", at=1.0),
    ),
}


def pose_of_exercise(exercise: Exercise, at_us: int, *, cut: bool = False) -> Pose:
    """The hand ``at_us`` into ``exercise``; before and after it rests.

    With ``cut`` (reduced motion) it goes from key pose to key pose without a way between.
    """
    moment = exercise.moment(at_us) if at_us >= 0 else None
    if moment is None:
        return RESTING
    side = all(not f.pose.side for f in exercise.frames) and any(
        f.pose.bend for f in exercise.frames
    )
    share = round(moment.share) if cut else _gently(moment.share)
    return between(_drawn(moment.before, side), _drawn(moment.after, side), share)


def pose_of_task(task: Task, share: float, *, cut: bool = False) -> Pose:
    """The hand at ``share`` (0 to 1, and on) of one repetition of ``task``."""
    return _round_and_round(_TASKS[task], share, cut)


def _round_and_round(keys: Sequence[Pose], share: float, cut: bool) -> Pose:
    at = share % 1.0 * len(keys)
    first = int(at) % len(keys)
    part = round(at - int(at)) if cut else _gently(at - int(at))
    return between(keys[first], keys[(first + 1) % len(keys)], part)


def _gently(share: float) -> float:
    """It sets off and comes to rest gently."""
    share = round(share * FRAMES) / FRAMES
    return share * share * (3 - 2 * share)


def _drawn(pose: asked.Pose, side: bool) -> Pose:
    """A key pose of an exercise as it is drawn: from the ``side``, or as the game draws hands."""
    curl = 1.0 if pose.fingers is Fingers.FIST else 0.0
    if side:
        # With the palm up the hand bends upwards, with the palm down it hangs.
        up = 1 if pose.turn < 0.5 else -1
        thing = {Holding.BOTTLE: "weight", Holding.OTHER_HAND: "helping fingers"}
        held = thing.get(pose.holding, "")
        return Pose(side=True, bend=_BEND * pose.bend * up, curl=curl, thing=held)
    grip = None if pose.fingers is Fingers.FIST else pose.fingers.grip
    return Pose(
        curl=curl,
        thumb=curl,
        spread=1.0 if pose.fingers is Fingers.SPREAD else 0.0,
        grip=grip,
        pinch=0.0 if grip is None else 1.0,
        turn=pose.turn,
        tilt=_LEAN * pose.side,
        lean=pose.bend,
        thing={
            Holding.BOTTLE: "bottle",
            Holding.PEN: "pen",
            Holding.COIN: "coin",
            Holding.OTHER_HAND: "helping hand",
        }.get(pose.holding, ""),
        at=1.0 if pose.fingers is Fingers.MIDDLE else 0.5 if pose.fingers is Fingers.RING else 0.0,
    )
