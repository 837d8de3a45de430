"""A line a day for the diary, and the own goal: typed, or chosen from what is ready."""

from collections.abc import Callable, Sequence

from game.core.say import mark
from game.stage.evening import Evening, today
from game.stage.rooms.base import Room
from game.stage.screens.pick import NameScreen, PickRow, PickView
from game.stage.theme import Scale
from game.therapy.plan import AREAS, Area, checked_line
from game.words import tr

#: What can be said without a keyboard.
_FELT = (mark("Light and warm"), mark("As always"), mark("Stiff"), mark("Tired"))
_WORKED = (
    mark("A button or a zip"),
    mark("Holding a cup"),
    mark("Opening something"),
    mark("Writing"),
)

_LONGEST = 200


class _LineScreen(NameScreen):
    """A sentence that is typed may be longer than a name."""

    most_letters = _LONGEST


class LineRoom(Room):
    """One line: what is ready, or what is typed. ``then`` is told it; empty where it is skipped."""

    actions = frozenset({"name", "skip"})

    def __init__(
        self, view: Callable[[], PickView], then: Callable[[str], None], back: Callable[[], None]
    ) -> None:
        self._view = view
        self._then = then
        self._back = back
        self._screen: _LineScreen | None = None

    def screen(self, scale: Scale) -> _LineScreen:
        """What is being typed stays in a window of another size."""
        text = "" if self._screen is None else self._screen.text
        self._screen = _LineScreen(scale, self._view(), text)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Takes the line, or leaves it out."""
        if name == "name":
            self._then(checked_line(what))
        else:
            self._back()


def diary_room(evening: Evening) -> Room:
    """How did the hand feel, and what worked? Both may be left out."""

    def write(felt: str, worked: str) -> None:
        if felt or worked:
            evening.services.desk.sessions.write(evening.who, today(), felt, worked)
        evening.go(_home(evening))

    def worked(felt: str) -> None:
        evening.go(LineRoom(worked_view, lambda line: write(felt, line), lambda: write(felt, "")))

    return LineRoom(felt_view, worked, lambda: worked(""))


def _home(evening: Evening) -> Room:
    from game.stage.rooms.today import day_room  # Today leads here, and back

    return day_room(evening)


def felt_view() -> PickView:
    """The first page."""
    return _page(tr("How did your hand feel today?"), _FELT)


def worked_view() -> PickView:
    """The second."""
    return _page(tr("What worked today?"), _WORKED)


def _page(title: str, ready: Sequence[str]) -> PickView:
    rows = tuple(PickRow(f"name:{tr(words)}", tr(words), "", "check") for words in ready)
    return PickView(title, rows, "skip", note=title, hint=tr("Or type a line."), leave=tr("Skip"))


def goal_room(evening: Evening) -> Room:
    """What does the hand want to do again? An area, or own words."""

    def keep(words: str) -> None:
        area = next((area for area, name in AREAS.items() if tr(name) == words), Area.OWN)
        evening.services.desk.sessions.add_goal(evening.who, words, area.value)
        evening.go(_home(evening))

    return LineRoom(goal_view, keep, lambda: evening.go(_home(evening)))


def goal_view() -> PickView:
    """The page."""
    rows = tuple(
        PickRow(f"name:{tr(words)}", tr(words), "", "heart")
        for area, words in AREAS.items()
        if area is not Area.OWN
    )
    title = tr("What do you want to do again?")
    return PickView(title, rows, "skip", note=title, hint=tr("Or type your own words."))
