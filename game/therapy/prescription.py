"""What the therapist prescribes: hand, grips, dose, limits, dates; checked, and never guessed.

Figures without a source are defaults of ours that a therapist can change (``docs/therapy.md``).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from game.core.data import Window
from game.core.grips import GRIP_LABELS, GRIPS
from game.core.say import Say, mark
from game.therapy.limits import HIGHEST_TARGET, LOWEST_TARGET, Limits

#: A block of practice before the plan is looked at again, at most (plan defaults: 8 weeks).
LONGEST_BLOCK = timedelta(weeks=8)

#: A day's minutes of play: the daily cap is 45.
MOST_MINUTES = 45

#: In the first week one aims for this much success at least: people stay with what goes well at
#: the beginning (Ramos Muñoz 2022).
FIRST_WEEK_TARGET = 0.85


#: What people call the fields.
FIELD_NAMES = {
    "hand": mark("hand"),
    "grips": mark("grips"),
    "minutes": mark("minutes a day"),
    "days": mark("days a week"),
    "rate_min": mark("lowest rate"),
    "rate_max": mark("highest rate"),
    "success_target": mark("success to aim for"),
    "early_ms": mark("may be early, ms"),
    "late_ms": mark("may be late, ms"),
    "modes": mark("ways of practising"),
    "tasks": mark("tasks off the screen"),
    "assessments": mark("tests in the game"),
    "start": mark("first day"),
    "review": mark("day of the review"),
    "locked": mark("locked"),
    "note": mark("note"),
}

#: Those that are whole numbers.
WHOLE_FIELDS = ("minutes", "days", "early_ms", "late_ms")


class Mode(StrEnum):
    """Ways of practising; all but ``play`` leave the difficulty alone."""

    PLAY = "play"
    PRACTICE = "practice"
    MIRROR = "mirror"
    MENTAL = "mental"
    ASSISTED = "assisted"


class Assessment(StrEnum):
    """Tests that may be prescribed; none is ever given on the first day."""

    SPEED = "speed"
    DEXTERITY = "dexterity"
    TAPPING = "tapping"


class Task(StrEnum):
    """Strengthening and dexterity tasks away from the screen."""

    PUTTY_SQUEEZE = "putty-squeeze"
    FINGER_SCISSOR = "finger-scissor"
    TOWEL_WRING = "towel-wring"
    CLOTHESPIN = "clothespin"
    COIN_FLIPS = "coin-flips"
    RUBBER_BAND = "rubber-band"


class Prescription(BaseModel):
    """One version of a patient's plan. Immutable; a change is a new version.

    ``grips`` gives each prescribed grip its weight. ``minutes`` are minutes of play a day, ``days``
    days a week. Rates are targets per second; ``early_ms`` and ``late_ms`` the timing window.
    ``locked`` keeps the difficulty from rising. The plan is looked at again on ``review``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hand: str = Field(default="right", pattern="^(left|right)$")
    grips: dict[str, float] = Field(default_factory=lambda: {g.label: 1.0 for g in GRIPS})
    minutes: int = Field(default=25, ge=1, le=MOST_MINUTES)
    days: int = Field(default=5, ge=1, le=7)
    rate_min: float = Field(default=0.1, ge=0.1, le=3.0)
    rate_max: float = Field(default=3.0, ge=0.1, le=3.0)
    success_target: float = Field(default=0.80, ge=LOWEST_TARGET, le=HIGHEST_TARGET)
    early_ms: int = Field(default=200, ge=50, le=500)
    late_ms: int = Field(default=200, ge=50, le=500)
    modes: tuple[Mode, ...] = tuple(Mode)
    tasks: tuple[Task, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    start: date
    review: date
    locked: bool = False
    note: str = Field(default="", max_length=2_000)

    @field_validator("grips")
    @classmethod
    def _known_grips(cls, grips: dict[str, float]) -> dict[str, float]:
        for name, weight in grips.items():
            if name not in GRIP_LABELS:
                known = ", ".join(GRIP_LABELS)
                raise ValueError(Say("“{name}” is no grip: {known}", name=name, known=known))
            if not 0 < weight <= 10:
                raise ValueError(
                    Say("the weight of “{name}” must be above 0 and at most 10", name=name)
                )
        if not grips:
            raise ValueError(mark("at least one grip must be prescribed"))
        # In code order, so that two plans that say the same are the same.
        return {g.label: float(grips[g.label]) for g in GRIPS if g.label in grips}

    @field_validator("modes", "tasks", "assessments")
    @classmethod
    def _each_once(cls, chosen: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(kind for kind in type(chosen[0]) if kind in chosen) if chosen else ()

    @model_validator(mode="after")
    def _fits_together(self) -> "Prescription":
        if self.rate_min > self.rate_max:
            raise ValueError(
                Say(
                    "the lowest rate ({low}) is above the highest ({high})",
                    low=f"{self.rate_min:g}",
                    high=f"{self.rate_max:g}",
                )
            )
        if Mode.PLAY not in self.modes:
            raise ValueError(mark("a plan needs the mode “play”: without it nothing is measured"))
        if not self.start < self.review <= self.start + LONGEST_BLOCK:
            raise ValueError(
                Say(
                    "the plan must be reviewed after its start, at most 8 weeks later: "
                    "between {first} and {last}",
                    first=(self.start + timedelta(days=1)).isoformat(),
                    last=(self.start + LONGEST_BLOCK).isoformat(),
                )
            )
        return self

    def limits(self, today: date | None = None) -> Limits:
        """What of it bounds the difficulty; in the first week one aims at least for .85."""
        target = self.success_target
        if today is not None and today < self.start + timedelta(weeks=1):
            target = max(target, FIRST_WEEK_TARGET)
        return Limits(
            rate_min=self.rate_min,
            rate_max=self.rate_max,
            success_target=target,
            grips=tuple(grip for grip in GRIPS if grip.label in self.grips),
            weights=tuple(self.grips.get(grip.label, 1.0) for grip in GRIPS),
            locked=self.locked,
        )

    @property
    def window(self) -> Window:
        """The timing window."""
        return Window(early_us=self.early_ms * 1000, late_us=self.late_ms * 1000)

    def document(self) -> dict[str, Any]:
        """The plan as JSON; :func:`read_prescription` reads it."""
        return self.model_dump(mode="json")


def _bounds(field: FieldInfo) -> dict[str, float]:
    return {
        end: getattr(rule, end)
        for rule in field.metadata
        for end in ("ge", "le")
        if hasattr(rule, end)
    }


#: What each figure may be, as the fields above bound it.
_BOUNDS = {
    name: (bounds["ge"], bounds["le"])
    for name, field in Prescription.model_fields.items()
    if {"ge", "le"} <= (bounds := _bounds(field)).keys()
}
_CHOICES = {
    "hand": ("left", "right"),
    "modes": tuple(Mode),
    "tasks": tuple(Task),
    "assessments": tuple(Assessment),
}


def read_prescription(document: Mapping[str, Any]) -> Prescription:
    """The plan in ``document`` (from a file, a form, the records), every field checked.

    Raises ValueError with one sentence that names the field and what is wrong with it.
    """
    try:
        return Prescription.model_validate(dict(document))
    except ValidationError as error:
        raise ValueError(_sentence(error.errors()[0])) from error


def _sentence(error: ErrorDetails) -> str:
    """What is wrong with a field, in words for whoever typed it in."""
    said = error.get("ctx", {}).get("error")
    if isinstance(said, ValueError):
        return str(said) if not said.args else said.args[0]  # a sentence of ours
    name = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return Say("there is no “{name}” in a plan", name=name)
    if name not in FIELD_NAMES:
        return error["msg"]
    field = Say(FIELD_NAMES[name])
    if error["type"] == "missing":
        return Say("“{field}” is missing", field=field)
    if name in _BOUNDS:
        low, high = (f"{bound:g}" for bound in _BOUNDS[name])
        if name in WHOLE_FIELDS:
            return Say(
                "“{field}” has to be a whole number from {low} to {high}",
                field=field, low=low, high=high,
            )  # fmt: skip
        return Say(
            "“{field}” has to be a number from {low} to {high}", field=field, low=low, high=high
        )
    if name in ("start", "review"):
        return Say("“{field}” has to be a day such as 2026-03-02", field=field)
    if name in _CHOICES:
        return Say("“{field}” can be: {choices}", field=field, choices=", ".join(_CHOICES[name]))
    if name == "note":
        return Say("“{field}” can have 2000 letters at most", field=field)
    return Say("“{field}” cannot be that", field=field)


def changed(prescription: Prescription, **fields: Any) -> Prescription:
    """A new version with ``fields`` changed. Raises ValueError as :func:`read_prescription`."""
    return read_prescription({**prescription.document(), **fields})


#: What a plan begins with, by its name: defaults of ours, to be changed by the therapist.
_PRESETS: dict[str, dict[str, Any]] = {
    "early": {
        "minutes": 15,
        "rate_max": 1.0,
        "success_target": 0.85,
        "early_ms": 300,
        "late_ms": 300,
    },
    "middle": {"minutes": 25, "rate_max": 2.0},
    "late": {"minutes": 30, "success_target": 0.75, "tasks": ["clothespin", "coin-flips"]},
    "maintenance": {"days": 3},
    "injury": {
        "minutes": 10,
        "rate_max": 1.5,
        "success_target": 0.85,
        "modes": ["play", "practice"],
    },
    "child": {
        "minutes": 10,
        "days": 4,
        "rate_max": 2.0,
        "success_target": 0.85,
        "early_ms": 300,
        "late_ms": 300,
        "modes": ["play", "practice"],
    },
}

#: What the presets are called. (“Middle” is a finger.)
PRESET_NAMES = {
    "early": mark("Early"),
    "middle": mark("Midway"),
    "late": mark("Late"),
    "maintenance": mark("Upkeep"),
    "injury": mark("After an injury"),
    "child": mark("For a child"),
}

#: What each preset is for.
PRESETS = {
    "early": mark("early after a stroke: short, slow, forgiving"),
    "middle": mark("the middle stage after a stroke"),
    "late": mark("the late stage after a stroke: longer, closer to the edge"),
    "maintenance": mark("keeping what was won: three days a week"),
    "injury": mark("after an injury of the hand: five short days"),
    "child": mark("a child: short and playful"),
}


def preset(name: str, start: date, hand: str = "right") -> Prescription:
    """The plan to begin with that is called ``name``. Raises ValueError: no such preset."""
    if name not in _PRESETS:
        raise ValueError(f"there is no preset “{name}”: {', '.join(_PRESETS)}")
    return read_prescription(
        {"hand": hand, "start": start, "review": start + LONGEST_BLOCK, **_PRESETS[name]}
    )
