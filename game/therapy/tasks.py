"""Strengthening and dexterity tasks away from the screen: sets, forms, and what was ticked off.

Chosen by the therapist, guided as the exercises are, never scored. The goals to begin with are
those of ``docs/therapy.md``; the easier and harder forms are defaults of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from game.core.say import mark
from game.therapy.prescription import Task


class Form(StrEnum):
    """How a task is done. The value is what is kept."""

    EASIER = "easier"
    USUAL = "usual"
    HARDER = "harder"


class Each(StrEnum):
    """What one set is done for: once, for every pair of fingers, or for both directions."""

    ONCE = "once"
    PAIR = "pair"
    WAY = "way"

    @property
    def times(self) -> int:
        """How often a set is done: a hand has three pairs of neighbouring fingers."""
        return {Each.ONCE: 1, Each.PAIR: 3, Each.WAY: 2}[self]


@dataclass(frozen=True)
class Dose:
    """How much of a task: ``sets`` of ``amount``, and how it is done in words."""

    sets: int
    amount: int
    how: str


@dataclass(frozen=True)
class Sheet:
    """A task as it is shown. ``seconds_each`` is the pace of one repetition."""

    task: Task
    title: str
    what_for: str
    needs: str
    each: Each
    seconds_each: float
    forms: dict[Form, Dose]

    def sets(self, form: Form) -> int:
        """How many sets there are to tick off, all pairs or ways counted."""
        return self.forms[form].sets * self.each.times

    def repetitions(self, form: Form) -> int:
        """How many repetitions all sets make."""
        return self.sets(form) * self.forms[form].amount

    def seconds(self, form: Form) -> float:
        """About how long all sets take, without the rests between them."""
        return self.repetitions(form) * self.seconds_each


def _forms(easier: Dose, usual: Dose, harder: Dose) -> dict[Form, Dose]:
    return {Form.EASIER: easier, Form.USUAL: usual, Form.HARDER: harder}


SHEETS: dict[Task, Sheet] = {
    sheet.task: sheet
    for sheet in (
        Sheet(
            Task.PUTTY_SQUEEZE,
            mark("Squeeze putty"),
            mark("A strong grip, as for a jar"),
            mark("Therapy putty"),
            Each.ONCE,
            4.0,
            _forms(
                Dose(1, 10, mark("Soft putty, warmed in the other hand")),
                Dose(2, 10, mark("Press it flat with the whole hand")),
                Dose(3, 10, mark("Firmer putty, held for three seconds")),
            ),
        ),
        Sheet(
            Task.FINGER_SCISSOR,
            mark("Finger scissors in putty"),
            mark("Spreading the fingers, as for a glove"),
            mark("Therapy putty"),
            Each.PAIR,
            4.0,
            _forms(
                Dose(1, 6, mark("A thin ring of soft putty")),
                Dose(2, 10, mark("Spread two fingers in a ring of putty")),
                Dose(3, 10, mark("A thick ring of firm putty")),
            ),
        ),
        Sheet(
            Task.TOWEL_WRING,
            mark("Wring a towel"),
            mark("A strong forearm, as for a lid"),
            mark("A small towel"),
            Each.WAY,
            4.0,
            _forms(
                Dose(1, 6, mark("A dry face cloth")),
                Dose(2, 10, mark("Twist the towel as if it were wet")),
                Dose(3, 10, mark("A wet towel, wrung until no drop comes")),
            ),
        ),
        Sheet(
            Task.CLOTHESPIN,
            mark("Pinch clothespins"),
            mark("A firm pinch, as for a key"),
            mark("Clothespins"),
            Each.ONCE,
            3.0,
            _forms(
                Dose(1, 10, mark("A light pin, thumb and index finger")),
                Dose(2, 15, mark("Put the pin on the edge of a cup")),
                Dose(2, 20, mark("A strong pin, each finger in turn")),
            ),
        ),
        Sheet(
            Task.COIN_FLIPS,
            mark("Turn coins over"),
            mark("Quick fingers, as for buttons"),
            mark("Ten coins"),
            Each.ONCE,
            3.0,
            _forms(
                Dose(1, 10, mark("Large coins on a soft cloth")),
                Dose(2, 10, mark("Turn each coin over on the table")),
                Dose(3, 10, mark("Small coins, turned within the hand")),
            ),
        ),
        Sheet(
            Task.RUBBER_BAND,
            mark("Open against a rubber band"),
            mark("Opening the hand, the balance to pinching"),
            mark("A rubber band"),
            Each.ONCE,
            3.0,
            _forms(
                Dose(1, 10, mark("A weak band around two fingers and the thumb")),
                Dose(2, 15, mark("A band around all fingertips: open wide")),
                Dose(3, 15, mark("A strong band, held open for two seconds")),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Ticked:
    """A task as far as it was done today: ``sets`` ticked off in ``form``.

    Raises ValueError for more sets than there are, or fewer than none.
    """

    task: Task
    form: Form = Form.USUAL
    sets: int = 0

    def __post_init__(self) -> None:
        most = SHEETS[self.task].sets(self.form)
        if not 0 <= self.sets <= most:
            raise ValueError(f"“{self.task.value}” has {most} sets, so not {self.sets}")

    @property
    def done(self) -> bool:
        """Whether every set is ticked off."""
        return self.sets == SHEETS[self.task].sets(self.form)

    @property
    def repetitions(self) -> int:
        """How many repetitions the ticked sets make."""
        return self.sets * SHEETS[self.task].forms[self.form].amount

    @property
    def seconds(self) -> float:
        """About how long they took."""
        return self.repetitions * SHEETS[self.task].seconds_each

    def tick(self) -> "Ticked":
        """One more set is done; once all are, nothing changes."""
        return self if self.done else Ticked(self.task, self.form, self.sets + 1)

    def untick(self) -> "Ticked":
        """One set was ticked off by mistake."""
        return Ticked(self.task, self.form, max(0, self.sets - 1))


def to_do(prescribed: Sequence[Task], ticked: Sequence[Ticked]) -> tuple[Ticked, ...]:
    """The prescribed tasks in their order, each as far as it is done; one not begun is usual.

    Of one that was ticked in more than one form, the form with the most repetitions.
    """
    found = []
    for task in prescribed:
        own = [one for one in ticked if one.task is task]
        found.append(max(own, key=lambda one: one.repetitions, default=Ticked(task)))
    return tuple(found)
