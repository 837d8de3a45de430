"""What a session is at one moment: a value, kept as JSON, from which everything else follows.

The steps from one such value to the next are in :mod:`game.therapy.session`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from game.therapy.check_in import CheckIn, Gates, holds, read_check_in
from game.therapy.conditions import Conditions
from game.therapy.totals import Flag

MINUTE_US = 60_000_000

#: Raised whenever a field is added, renamed or changes its meaning.
SCHEMA = 1


class Stage(StrEnum):
    """Where a session stands."""

    CHECK_IN = "check-in"
    ASK_AGAIN = "ask again"
    NO_PLAY = "no play"  # whom to call follows from ``ended``
    WARM_UP = "warm-up"
    EASY_SONG = "easy song"
    WORK = "work"
    CHECK = "check"
    REST = "rest"
    COOL_DOWN = "cool-down"
    CHECK_OUT = "check-out"
    OVER = "over"


class Who(StrEnum):
    """Whose session it is. A guest's changes nobody's records of health."""

    PATIENT = "patient"
    GUEST = "guest"
    THERAPIST = "therapist present"


class Why(StrEnum):
    """Why a session stopped, or what the therapist should know."""

    DOSE = "the day's plan is done"
    CAP = "the day's cap is reached"
    PAIN = "pain"
    NEW_SIGNS = "new signs"
    SHARP_PAIN = "sharp pain"
    TIRED = "tired"
    WISH = "the patient's wish"
    INTERRUPTED = "interrupted"
    SORE = "sore for more than a day"
    SKIN = "the skin under the glove"
    EMERGENCY = "signs of an emergency"


@dataclass(frozen=True)
class Caps:
    """How much there may be. Defaults of ours; the therapist sets them.

    ``dose_us`` is the plan's minutes of play for the day. Repetitions are presses of any kind.
    """

    dose_us: int = 25 * MINUTE_US
    block_us: int = 12 * MINUTE_US
    block_repetitions: int = 400
    spared_block_us: int = 6 * MINUTE_US
    day_us: int = 45 * MINUTE_US
    day_repetitions: int = 1_500
    rest_us: int = MINUTE_US
    long_rest_us: int = 3 * MINUTE_US
    #: A session that was left for longer than this is closed and not taken up again.
    taken_up_us: int = 30 * MINUTE_US


#: The easy song of the warm-up is played at this share of the last rate.
EASY_SHARE = 0.70

#: After fatigue of 7 or more so much is left of the density.
HALF_DENSITY = 0.50

#: A hand that was sore for more than a day begins so much lower.
SORE_SHARE = 0.80


@dataclass(frozen=True)
class Session:
    """A sitting as it stands.

    ``day_us`` and ``day_repetitions`` count the whole day, earlier sittings included; ``block_us``
    and ``block_repetitions`` the present block. ``rest_us`` is how long one must rest before the
    next block. ``spared``: one short block and no more. ``half_density`` holds from when it was set
    to the end. ``flags`` are for the therapist, in order.
    """

    stage: Stage
    who: Who
    caps: Caps = field(default_factory=Caps)
    gates: Gates = field(default_factory=Gates)
    before: CheckIn | None = None
    checks: tuple[CheckIn, ...] = ()
    after: CheckIn | None = None
    day_us: int = 0
    day_repetitions: int = 0
    block_us: int = 0
    block_repetitions: int = 0
    blocks: int = 0
    rest_us: int = 0
    spared: bool = False
    half_density: bool = False
    sore: bool = False
    flags: tuple[Why, ...] = ()
    ended: Why | None = None

    @property
    def may_play(self) -> bool:
        """Whether a song may begin now."""
        return self.stage in (Stage.EASY_SONG, Stage.WORK)

    @property
    def left_us(self) -> int:
        """How much play is left in this block and this day, µs; a play ends there at the latest."""
        if not self.may_play:
            return 0
        block_us = self.caps.spared_block_us if self.spared else self.caps.block_us
        return max(0, min(block_us - self.block_us, self.caps.day_us - self.day_us))

    @property
    def left_repetitions(self) -> int:
        """How many presses are left in this block and this day."""
        if not self.may_play:
            return 0
        block = self.caps.block_repetitions - self.block_repetitions
        return max(0, min(block, self.caps.day_repetitions - self.day_repetitions))

    @property
    def dose_done(self) -> bool:
        """Whether the day's plan is done; beyond it there are no points."""
        return self.day_us >= self.caps.dose_us

    @property
    def rate_share(self) -> float:
        """What the patient's own rate is multiplied with in the next song."""
        share = SORE_SHARE if self.sore else 1.0
        return share * EASY_SHARE if self.stage is Stage.EASY_SONG else share

    @property
    def scored(self) -> bool:
        """Whether the next song counts for the difficulty; the easy song does not."""
        return self.stage is Stage.WORK

    @property
    def difficulty_flags(self) -> frozenset[Flag]:
        """Why the difficulty may only hold or fall: what was answered, or the cool-down."""
        flags = {Flag.COOL_DOWN} if self.stage is Stage.COOL_DOWN else set()
        if self.sore:
            flags.add(Flag.SORE)
        for given in (self.before, *self.checks):
            if given is not None:
                flags |= holds(self.before, given, gates=self.gates)
        return frozenset(flags)

    @property
    def conditions(self) -> Conditions:
        """What the session asks of the next song, for :class:`game.play.setup.PlayOptions`."""
        return Conditions(
            flags=self.difficulty_flags,
            rate_share=self.rate_share * (HALF_DENSITY if self.half_density else 1.0),
            adapts=self.scored,
        )

    def document(self) -> dict[str, Any]:
        """The session as JSON, enough to take it up again; :func:`read_session` reads it."""
        answers = {"before": self.before, "after": self.after}
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _NOT_PLAIN}
        return {
            "schema": SCHEMA,
            **plain,
            "stage": self.stage.value,
            "who": self.who.value,
            "caps": {f.name: getattr(self.caps, f.name) for f in fields(Caps)},
            "gates": {f.name: getattr(self.gates, f.name) for f in fields(Gates)},
            **{name: None if a is None else a.document() for name, a in answers.items()},
            "checks": [given.document() for given in self.checks],
            "flags": [why.value for why in self.flags],
            "ended": None if self.ended is None else self.ended.value,
        }


_NOT_PLAIN = ("stage", "who", "caps", "gates", "before", "checks", "after", "flags", "ended")


def read_session(document: Mapping[str, Any]) -> Session:
    """The session that :meth:`Session.document` wrote.

    Raises ValueError with one sentence if anything is missing, unknown, of the wrong type or
    impossible: a session that was guessed could let somebody play who must not.
    """
    names = {"schema"} | {f.name for f in fields(Session)}
    if not isinstance(document, Mapping) or set(document) != names:
        given = set(document) if isinstance(document, Mapping) else set()
        missing = ", ".join(sorted(names - given)) or "nothing"
        unknown = ", ".join(sorted(str(name) for name in given - names)) or "nothing"
        raise ValueError(f"the session lacks {missing} and has {unknown} that is not known")
    if document["schema"] != SCHEMA:
        raise ValueError(
            f"the session has schema {document['schema']!r}, this version reads schema {SCHEMA}"
        )
    counts: dict[str, Any] = {name: _count(document[name], name) for name in _COUNTS}
    truths: dict[str, Any] = {
        name: _truth(document[name], name) for name in ("spared", "half_density", "sore")
    }
    before, after = (
        None if document[name] is None else read_check_in(document[name])
        for name in ("before", "after")
    )
    for name in ("checks", "flags"):
        if not isinstance(document[name], list):
            raise ValueError(f"the session's {name} are a list")
    try:
        ended = None if document["ended"] is None else Why(document["ended"])
        stage, who = Stage(document["stage"]), Who(document["who"])
        flags = tuple(Why(flag) for flag in document["flags"])
    except ValueError as error:
        raise ValueError(f"the session holds a word that is not known: {error}") from None
    return Session(
        stage=stage,
        who=who,
        caps=Caps(**_numbers(document["caps"], Caps)),
        gates=Gates(**_numbers(document["gates"], Gates)),
        before=before,
        checks=tuple(read_check_in(given) for given in document["checks"]),
        after=after,
        flags=flags,
        ended=ended,
        **counts,
        **truths,
    )


_TRUTHS = ("spared", "half_density", "sore")
_COUNTS = ("day_us", "day_repetitions", "block_us", "block_repetitions", "blocks", "rest_us")


def _numbers(given: Any, of: type[Caps] | type[Gates]) -> dict[str, int]:
    names = {f.name for f in fields(of)}
    if not isinstance(given, Mapping) or set(given) != names:
        raise ValueError(f"the session's {of.__name__.lower()} are {', '.join(sorted(names))}")
    return {name: _count(given[name], name) for name in sorted(names)}


def _count(value: Any, name: str) -> int:
    # bool is an int in Python; true is not a number here.
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"the session's {name} is a whole number of at least 0, not {value!r}")
    return value


def _truth(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"the session's {name} is true or false, not {value!r}")
    return value
