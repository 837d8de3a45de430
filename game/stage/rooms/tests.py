"""The tests that are prescribed and due. None is given on the first day."""

from game.play.assessing import TITLES
from game.stage.assess_flow import intro_view
from game.stage.evening import Evening, today
from game.stage.rooms.base import Room
from game.stage.rooms.message import MessageRoom
from game.stage.screens.pick import PickRow, PickScreen, PickView
from game.stage.theme import Scale
from game.therapy.assessment import AssessmentKind
from game.words import tr


class TestsRoom(Room):
    """Those that are due today."""

    __test__ = False  # no class of tests, whatever its name says
    actions = frozenset({"intro"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> PickScreen:
        """A row for each."""
        return PickScreen(scale, tests_view(tests_due(self._evening)))

    def act(self, name: str, what: str) -> None:
        """What the test asks, before it begins."""
        self._evening.go(MessageRoom(intro_view(AssessmentKind(what))))


def tests_due(evening: Evening) -> tuple[AssessmentKind, ...]:
    """What may be tested today."""
    desk = evening.services.desk.sessions
    return desk.tests_due(evening.who, evening.inputs.kind, today())


def tests_view(kinds: tuple[AssessmentKind, ...]) -> PickView:
    """The page."""
    rows = tuple(PickRow(f"intro:{kind.value}", tr(TITLES[kind]), "", "step") for kind in kinds)
    hint = "" if rows else tr("No test is due today.")
    return PickView(tr("Tests"), rows, "other-ways", hint=hint)
