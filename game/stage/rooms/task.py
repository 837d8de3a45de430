"""A task away from the screen: guided by the drawn hand, ticked off set by set, in three forms."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from game.core.say import mark
from game.records.said_and_done import Activity
from game.stage.evening import Evening, today
from game.stage.motions import pose_of_task
from game.stage.rooms.base import Room
from game.stage.screens import Screen
from game.stage.screens.guided import GuidedKey, GuidedScreen, GuidedView
from game.stage.theme import Scale
from game.therapy.tasks import SHEETS, Form, Ticked, to_do
from game.words import tr

_FORMS = {
    Form.EASIER: mark("Easier"),
    Form.USUAL: mark("As usual"),
    Form.HARDER: mark("Harder"),
}
_ORDER = tuple(Form)


def task_now(evening: Evening) -> tuple[Ticked, ...]:
    """The prescribed tasks, as far as they were done today; none for a guest."""
    desk = evening.services.desk.sessions
    plan = desk.prescription(evening.who)
    return () if plan is None else to_do(plan.tasks, desk.ticked(evening.who, today()))


class TaskRoom(Room):
    """Tick a set off, or take an easier or a harder form. Every tick is kept at once."""

    actions = frozenset({"tick", "form", "stop"})

    def __init__(
        self, evening: Evening, ticked: Ticked, back: Callable[[], Room], day: date
    ) -> None:
        self._evening = evening
        self._ticked = ticked
        self._back = back
        self._since_us = evening.now()

    def screen(self, scale: Scale) -> GuidedScreen:
        """As far as it is."""
        return GuidedScreen(scale, self._view())

    def step(self, screen: Screen) -> None:
        """The hand shows it, again and again."""
        if isinstance(screen, GuidedScreen):
            screen.show(self._view())

    def act(self, name: str, what: str) -> None:
        """One more set is done, or it is done another way."""
        ticked = self._ticked
        if name == "stop":
            self._evening.go(self._back())
        elif name == "form":
            self._ticked = replace(ticked, form=Form(what), sets=0)
            self._evening.go(self)
        else:
            self._ticked = ticked.tick()
            self._keep()
            self._evening.go(self._back() if self._ticked.done else self)

    def _keep(self) -> None:
        ticked, sheet = self._ticked, SHEETS[self._ticked.task]
        amount = sheet.forms[ticked.form].amount
        done = Activity(
            kind="task",
            name=ticked.task.value,
            form=ticked.form.value,
            sets=1,
            amount=amount,
            seconds=amount * sheet.seconds_each,
        )
        self._evening.did(done)

    def _view(self) -> GuidedView:
        evening = self._evening
        gone_us = evening.now() - self._since_us
        cut = evening.options.reduced_motion
        return task_view(self._ticked, gone_us, evening.hand, cut=cut)


def task_view(ticked: Ticked, gone_us: int, side: str, *, cut: bool = False) -> GuidedView:
    """A task as it is ``gone_us`` after one came to it."""
    sheet = SHEETS[ticked.task]
    dose, sets = sheet.forms[ticked.form], sheet.sets(ticked.form)
    at = _ORDER.index(ticked.form)
    keys = [GuidedKey("tick", tr("One set done"), "check", True)]
    if at > 0:
        form = _ORDER[at - 1]
        keys.append(GuidedKey(f"form:{form.value}", tr(_FORMS[form]), "slower"))
    if at + 1 < len(_ORDER):
        form = _ORDER[at + 1]
        keys.append(GuidedKey(f"form:{form.value}", tr(_FORMS[form]), "faster"))
    return GuidedView(
        tr(sheet.title),
        tr(dose.how),
        tr(sheet.what_for),
        tr("{sets} sets of {amount}", sets=sets, amount=dose.amount),
        ticked.sets,
        sets,
        then=tr("You need: {what}", what=tr(sheet.needs)),
        pose=pose_of_task(ticked.task, gone_us / 1e6 / sheet.seconds_each, cut=cut),
        side=side,
        keys=tuple(keys),
    )
