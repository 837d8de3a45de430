"""Other ways of practising: mirror, in the mind, with help, with the other hand.

Each is kept as what it is, and none of them moves the difficulty of the hand that trains.
"""

from dataclasses import replace

from game.stage.course import Manner
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.rooms.tests import tests_due
from game.stage.screens.pick import PickRow, PickScreen, PickView
from game.stage.theme import Scale
from game.words import tr

#: How a song is played in each of these ways.
MANNERS = {
    "mirror": Manner("mirror", scored=False),
    "mental": Manner("mental", scored=False, imagined=True),
    "assisted": Manner("assisted", scored=False),
}


class OtherWaysRoom(Room):
    """The ways that are in the plan; ``way`` begins the suggested song in one of them."""

    actions = frozenset({"hand"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> PickScreen:
        """Only what is prescribed."""
        evening = self._evening
        allowed = [way for way in MANNERS if evening.services.desk.allows(evening.who, way)]
        return PickScreen(scale, ways_view(allowed, evening.hand, tests=bool(tests_due(evening))))

    def act(self, name: str, what: str) -> None:
        """The other hand plays from now on, until this is chosen again."""
        evening = self._evening
        evening.who = replace(evening.who, hand=other(evening.hand))
        evening.ahead.forget()
        evening.go(OtherWaysRoom(evening))


def other(hand: str) -> str:
    """The other hand."""
    return "right" if hand == "left" else "left"


def manner_of(way: str, hand: str) -> Manner:
    """How a song is played in this ``way`` by somebody whose ``hand`` trains."""
    manner = MANNERS[way]
    return replace(manner, hand=other(hand)) if way == "mirror" else manner


def ways_view(allowed: list[str], hand: str, *, tests: bool = False) -> PickView:
    """The page; of the ways only those that are ``allowed``."""
    every = {
        "mirror": PickRow(
            "way:mirror", tr("Mirror"), tr("Your other hand plays, this one is seen."), "mirror"
        ),
        "mental": PickRow("way:mental", tr("In the mind"), tr("Watch, and feel it."), "mind"),
        "assisted": PickRow("way:assisted", tr("With help"), tr("The other hand helps."), "people"),
    }
    practice = PickRow("practice", tr("Practice"), tr("A part of a song, slower."), "practice")
    rows = [practice, *(every[way] for way in allowed if way in every)]
    now = tr("Now the left hand plays.") if hand == "left" else tr("Now the right hand plays.")
    rows.append(PickRow("hand", tr("The other hand"), now, "hand"))
    if tests:
        rows.append(PickRow("tests", tr("Tests"), tr("In your plan."), "step"))
    return PickView(tr("Other ways"), tuple(rows), "ways")
