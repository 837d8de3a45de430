"""What is kept of the difficulty from one play to the next, and how it is written down.

One state is kept per patient, hand *and kind of input* (a keyboard is not a glove); keeping it
is the business of the records. This file knows only its shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, log2
from typing import Any

from game.core.grips import GRIPS, Grip
from game.therapy.grip_mix import GripRecord
from game.therapy.limits import Limits

#: Raised whenever a field is added, renamed or changes its meaning.
SCHEMA = 1

#: Where a hand begins of which nothing at all is known, targets per second.
FIRST_RATE = 0.3

#: No state that was ever written lies outside these rates, targets per second.
_SANE_RATES = (0.01, 20.0)


@dataclass(frozen=True)
class DifficultyState:
    """The level of one hand and the memory of its grips.

    ``x`` is log2 of the cue rate (targets per second); ``seen`` the targets seen so far, which
    shrinks the steps; ``grips`` one record per grip in code order; ``easy_win`` says that the
    last song went badly and that the next one leans on the good grips.
    """

    x: float
    grips: tuple[GripRecord, ...]
    seen: int = 0
    easy_win: bool = False

    @classmethod
    def first(cls, limits: Limits, rate: float = FIRST_RATE) -> "DifficultyState":
        """A hand of which nothing is known, at ``rate`` brought within the limits."""
        record = GripRecord.fresh(limits.success_target)
        return cls(x=limits.clip(log2(rate)), grips=(record,) * len(GRIPS))

    @property
    def rate(self) -> float:
        """The cue rate 2^x, targets per second."""
        return float(2.0**self.x)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and names, fit for JSON; :meth:`from_dict` gives the same state."""
        return {
            "schema": SCHEMA,
            "x": self.x,
            "seen": self.seen,
            "easy_win": self.easy_win,
            "grips": {
                grip.label: {
                    "hits": record.hits,
                    "targets": record.targets,
                    "seen": record.seen,
                    "run": record.run,
                    "resting": record.resting,
                }
                for grip, record in zip(GRIPS, self.grips, strict=True)
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "DifficultyState":
        """The state that :meth:`to_dict` wrote.

        Raises ValueError with one sentence if anything is missing, unknown, of the wrong type or
        not a number a state could hold: a guessed difficulty is worse than none.
        """
        _keys(data, {"schema", "x", "seen", "easy_win", "grips"}, "the difficulty state")
        schema = _integer(data["schema"], "schema", least=1)
        if schema != SCHEMA:
            raise ValueError(
                f"the difficulty state has schema {schema}, this version reads schema {SCHEMA}"
            )
        x = _number(data["x"], "x")
        if not log2(_SANE_RATES[0]) <= x <= log2(_SANE_RATES[1]):
            raise ValueError(f"the difficulty state has x = {x}, which no hand ever had")
        _keys(data["grips"], {grip.label for grip in GRIPS}, "the grips of the difficulty state")
        return cls(
            x=x,
            seen=_integer(data["seen"], "seen"),
            easy_win=_truth(data["easy_win"], "easy_win"),
            grips=tuple(_record(grip, data["grips"][grip.label]) for grip in GRIPS),
        )


def _record(grip: Grip, data: Any) -> GripRecord:
    _keys(data, {"hits", "targets", "seen", "run", "resting"}, f"the grip “{grip.label}”")
    hits = _number(data["hits"], f"hits of {grip.label}")
    targets = _number(data["targets"], f"targets of {grip.label}")
    if not (targets > 0 and 0 <= hits <= targets):
        raise ValueError(
            f"the grip “{grip.label}” has {hits} hits of {targets} targets, which cannot be"
        )
    return GripRecord(
        hits=hits,
        targets=targets,
        seen=_integer(data["seen"], f"seen of {grip.label}"),
        run=_integer(data["run"], f"run of {grip.label}"),
        resting=_truth(data["resting"], f"resting of {grip.label}"),
    )


def _keys(data: Any, expected: set[str], what: str) -> None:
    if not isinstance(data, Mapping):
        raise ValueError(f"{what} must be a table of names and values")
    if set(data) != expected:
        missing = ", ".join(sorted(expected - set(data))) or "nothing"
        unknown = ", ".join(sorted(str(key) for key in set(data) - expected)) or "nothing"
        raise ValueError(f"{what} lacks {missing} and has {unknown} that is not known")


def _number(value: Any, what: str) -> float:
    # bool is an int in Python; true is not a number here.
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{what} must be a finite number, not {value!r}")
    return float(value)


def _integer(value: Any, what: str, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{what} must be a whole number of at least {least}, not {value!r}")
    return value


def _truth(value: Any, what: str) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{what} must be true or false, not {value!r}")
    return value
