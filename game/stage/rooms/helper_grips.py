"""Which grips are asked of somebody, as the helper at home chooses."""

from game.core.grips import GRIPS, Grip
from game.records.errors import RecordsError
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.rooms.helper import HelperRoom, PickRoom
from game.stage.rooms.message import MessageRoom
from game.stage.screens.message import MessageKey, MessageView
from game.stage.screens.person import GripsScreen, GripsView
from game.stage.theme import Scale
from game.words import tr


def pick_grips(evening: Evening) -> PickRoom:
    """Whose grips?"""
    return PickRoom(evening, tr("Whose grips?"), lambda code: evening.go(GripsRoom(evening, code)))


class GripsRoom(Room):
    """Grips are marked here and kept, as one version of the plan, when the helper is done."""

    actions = frozenset({"grip", "kept"})

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code
        self._seen, self._version = evening.services.desk.helper.grips(code)
        self._asked = frozenset(self._seen)
        self._screen: GripsScreen | None = None

    def screen(self, scale: Scale) -> GripsScreen:
        """As they are marked now."""
        self._screen = GripsScreen(scale, self._view())
        return self._screen

    def _view(self) -> GripsView:
        patient = self._evening.services.desk.person(self._code).patient
        return GripsView(patient.shown_name, self._asked)

    def act(self, name: str, what: str) -> None:
        """Marks a grip, or keeps what is marked."""
        evening = self._evening
        if name == "grip":
            grip = next(grip for grip in GRIPS if grip.label == what)
            self._asked ^= {grip}
            if self._screen is not None:
                self._screen.show(self._view())
            return
        if self._asked == frozenset(self._seen):
            evening.go(HelperRoom(evening))
            return
        asked: list[Grip] = [grip for grip in GRIPS if grip in self._asked]
        try:
            evening.services.desk.helper.ask_grips(self._code, asked, self._version)
        except RecordsError:
            evening.go(MessageRoom(changed_meanwhile()))
            return
        evening.ahead.forget()
        evening.go(HelperRoom(evening))


def changed_meanwhile() -> MessageView:
    """Somebody else changed the plan: theirs holds."""
    return MessageView(
        tr("The grips are as they were"),
        tr("Somebody else changed the plan."),
        tr("Please look at it and choose again."),
        "lists",
        (MessageKey("helper-grips", tr("Again"), "again"),),
    )
