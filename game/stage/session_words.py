"""What the stages of a session, and what the coach says, are called on the screen."""

from game.core.say import mark
from game.stage.grip_words import grip_label, grip_within
from game.therapy.coach import Remark, Topic
from game.therapy.session import Stage
from game.words import tr

_STAGES: dict[Stage, str] = {
    Stage.CHECK_IN: mark("check-in"),
    Stage.ASK_AGAIN: mark("check-in"),
    Stage.NO_PLAY: mark("no play"),
    Stage.WARM_UP: mark("warm-up"),
    Stage.EASY_SONG: mark("an easy song"),
    Stage.WORK: mark("songs"),
    Stage.CHECK: mark("a short check"),
    Stage.REST: mark("rest"),
    Stage.COOL_DOWN: mark("stretches"),
    Stage.CHECK_OUT: mark("a last check"),
    Stage.OVER: mark("done for today"),
}


def stage_words(stage: Stage) -> str:
    """What a stage is called within a sentence."""
    return tr(_STAGES[stage])


def remark_words(remark: Remark) -> str:
    """The coach's one sentence."""
    within = "" if remark.grip is None else grip_within(remark.grip)
    if remark.topic is Topic.GRIP_BETTER:
        return tr(
            "Your {grip} pinch met {hits} of {asked}, before {hits_before} of {asked_before}.",
            grip=within,
            hits=remark.now,
            asked=remark.asked,
            hits_before=remark.before,
            asked_before=remark.asked_before,
        )
    if remark.topic is Topic.LOOK_AFTER:
        label = "" if remark.grip is None else grip_label(remark.grip)
        return tr("{grip} would like a little more time.", grip=label)
    if remark.topic is Topic.STEADIER:
        return tr("Your pinches lie closer to the beat than before.")
    if remark.topic is Topic.MORE_PINCHES:
        return tr(
            "{now} pinches in this song, before {before}.", now=remark.now, before=remark.before
        )
    return tr("Your own pace has gone up.")
