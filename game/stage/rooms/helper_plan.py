"""Somebody's plan, as the helper at home may change it: within reason, and kept as one version."""

from collections.abc import Sequence

from game.records.errors import RecordsError
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.rooms.helper import HelperRoom, PickRoom
from game.stage.rooms.helper_grips import GripsRoom, changed_meanwhile
from game.stage.rooms.message import MessageRoom
from game.stage.screens.plan_settings import PlanSettingsScreen, PlanSettingsView
from game.stage.theme import Scale
from game.therapy.prescription import PRESET_NAMES, Prescription, changed, preset
from game.words import tr

#: What can be chosen here; anything else is for ``griptune patient prescribe``.
MINUTES = (10, 15, 20, 25, 30, 45)
DAYS = (2, 3, 4, 5, 6, 7)
FASTEST = (0.5, 1.0, 1.5, 2.0, 3.0)


def pick_plan(evening: Evening) -> PickRoom:
    """Whose plan?"""
    return PickRoom(
        evening, tr("Whose plan?"), lambda code: evening.go(PlanSettingsRoom(evening, code))
    )


class PlanSettingsRoom(Room):
    """Values are taken here and kept, as one version of the plan, when the helper is done."""

    actions = frozenset({"preset", "minutes", "days", "fastest", "grips", "kept"})

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code
        self._before, self._version = evening.services.desk.helper.plan(code)
        self._plan = self._before
        self._preset = ""
        self._screen: PlanSettingsScreen | None = None

    def screen(self, scale: Scale) -> PlanSettingsScreen:
        """As it is set now."""
        self._screen = PlanSettingsScreen(scale, self._view())
        return self._screen

    def _view(self) -> PlanSettingsView:
        patient = self._evening.services.desk.person(self._code).patient
        plan = self._plan
        return PlanSettingsView(
            patient.shown_name,
            tr(PRESET_NAMES[self._preset]) if self._preset else "",
            plan.minutes,
            plan.days,
            plan.rate_max,
            len(plan.grips),
        )

    def act(self, name: str, what: str) -> None:
        """Takes the next value, or keeps the plan."""
        if name == "kept":
            if self._keep():
                self._evening.go(HelperRoom(self._evening))
        elif name == "grips":
            if self._keep():
                self._evening.go(GripsRoom(self._evening, self._code))
        else:
            self._plan = self._next(name)
            if self._screen is not None:
                self._screen.show(self._view())

    def _next(self, name: str) -> Prescription:
        plan = self._plan
        if name == "preset":
            names = list(PRESET_NAMES)
            after = names.index(self._preset) + 1 if self._preset else 0
            self._preset = names[after % len(names)]
            fresh = preset(self._preset, plan.start, plan.hand)
            return changed(fresh, grips=plan.grips, note=plan.note)
        if name == "minutes":
            return changed(plan, minutes=_after(MINUTES, plan.minutes))
        if name == "days":
            return changed(plan, days=_after(DAYS, plan.days))
        fastest = _after(tuple(rate for rate in FASTEST if rate >= plan.rate_min), plan.rate_max)
        return changed(plan, rate_max=fastest)

    def _keep(self) -> bool:
        """Keeps what was changed; False where somebody else was quicker."""
        evening = self._evening
        if self._plan == self._before:
            return True
        try:
            evening.services.desk.helper.set_plan(self._code, self._plan, self._version)
        except RecordsError:
            evening.go(MessageRoom(changed_meanwhile()))
            return False
        evening.ahead.forget()
        return True


def _after(values: Sequence[float], now: float) -> float:
    """The next larger value; after the largest the smallest."""
    return next((value for value in values if value > now), values[0])
