"""The coach: one thing to say at a rest or at the end of a song, about the patient's own data.

A code and figures; the words are the stage's. It compares a hand only with its own past, praises
only what chance would seldom do (:mod:`game.therapy.feedback`), scolds nobody, never says the same
twice running, and where nothing is worth a sentence it is silent. It can be told to be silent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from game.core.grips import Grip
from game.therapy.feedback import (
    ENOUGH_TARGETS,
    Good,
    GoodThing,
    Pace,
    PlayFacts,
    improvements,
    looked_after,
    pace,
)


class Topic(StrEnum):
    """What is said. The value is what is kept."""

    GRIP_BETTER = "grip_better"  #: the grip met ``now`` of ``asked``, before ``before`` of …
    LOOK_AFTER = "look_after"  #: the grip met ``now`` of ``asked``: give it a little more time
    STEADIER = "steadier"  #: the hits scatter by ``now`` ms, before by ``before``
    MORE_PINCHES = "more_pinches"  #: ``now`` pinches in the same song, before ``before``
    PACE_UP = "pace_up"  #: the hand's own pace lies above its usual one, by ``now`` per cent


@dataclass(frozen=True)
class Remark:
    """One sentence's worth: its topic, the grip it is about, and the figures (see :class:`Topic`).

    ``asked`` and ``asked_before`` say of how many targets. :meth:`document` is what is kept of it.
    """

    topic: Topic
    grip: Grip | None = None
    now: int = 0
    before: int = 0
    asked: int = 0
    asked_before: int = 0

    def document(self) -> dict[str, Any]:
        """The remark as JSON; :func:`read_remark` reads it."""
        grip = None if self.grip is None else self.grip.label
        return {**vars(self), "topic": self.topic.value, "grip": grip}


def read_remark(document: Mapping[str, Any]) -> Remark:
    """The remark that :meth:`Remark.document` wrote. Raises ValueError if it is none."""
    try:
        grip = document["grip"]
        figures = {name: int(document[name]) for name in _FIGURES}
        return Remark(
            Topic(document["topic"]), None if grip is None else Grip.from_label(grip), **figures
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a remark lacks or mistakes something: {error}") from None


_FIGURES = ("now", "before", "asked", "asked_before")

_TOPICS = {
    Good.GRIP_BETTER: Topic.GRIP_BETTER,
    Good.STEADIER: Topic.STEADIER,
    Good.MORE_PINCHES: Topic.MORE_PINCHES,
}


def remark(
    plays: Sequence[PlayFacts], said: Remark | None = None, *, silent: bool = False
) -> Remark | None:
    """What to say after the last of ``plays``; None is silence.

    ``plays`` are all of one person, hand and kind of input, in the order they were played;
    ``said`` is the remark before this one. After a good word about a grip comes, if there is one,
    the grip to look after, and the other way round, so that neither is all one ever hears.
    """
    if silent or not plays:
        return None
    now, before = plays[-1], list(reversed(plays[:-1]))
    good = [_of(thing) for thing in improvements(now, before)]
    good += _pace_up(now, before)
    care = _look_after(plays)
    praise_first = said is None or said.topic is Topic.LOOK_AFTER
    for one in [*good, *care] if praise_first else [*care, *good]:
        if said is None or (one.topic, one.grip) != (said.topic, said.grip):
            return one
    return None


def _of(thing: GoodThing) -> Remark:
    return Remark(
        _TOPICS[thing.kind], thing.grip, thing.now, thing.before, thing.asked, thing.asked_before
    )


def _look_after(plays: Sequence[PlayFacts]) -> list[Remark]:
    grip = looked_after(plays)
    if grip is None:
        return []
    # The figures of the last play, if they say enough; never a rate on a handful of targets.
    hits, asked = plays[-1].hits[grip], plays[-1].asked[grip]
    if asked < ENOUGH_TARGETS:
        hits = asked = 0
    return [Remark(Topic.LOOK_AFTER, grip, hits, 0, asked)]


def _pace_up(now: PlayFacts, before: Sequence[PlayFacts]) -> list[Remark]:
    levels = [play.level for play in before if play.level is not None]
    if (
        now.level is None
        or len(levels) < _PLAYS_FOR_A_PACE
        or pace(now.level, levels) is not Pace.UP
    ):
        return []
    usual = sorted(levels[:_PLAYS_FOR_A_PACE])[_PLAYS_FOR_A_PACE // 2]
    return [Remark(Topic.PACE_UP, None, round(100 * (2.0 ** (now.level - usual) - 1)))]


#: So many earlier plays are a usual pace.
_PLAYS_FOR_A_PACE = 5
