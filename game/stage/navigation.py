"""What follows which action: one table, from the names that screens give to rooms and deeds."""

from collections.abc import Callable

from game.music.library.lists import Order
from game.stage.evening import Evening
from game.stage.play_flow import PlayFlow
from game.stage.practice_flow import practise
from game.stage.rooms.base import Room
from game.stage.rooms.board import BoardRoom
from game.stage.rooms.calibration import DelaysRoom
from game.stage.rooms.choosing import ChoosingRoom
from game.stage.rooms.glove_help import GloveHelpRoom
from game.stage.rooms.help import HelpRoom
from game.stage.rooms.helper import HelperRoom
from game.stage.rooms.helper_grips import pick_grips
from game.stage.rooms.numbers import pick_numbers
from game.stage.rooms.people import PeopleRoom
from game.stage.rooms.report import pick_report
from game.stage.rooms.safety import SafetyRoom
from game.stage.rooms.settings import SettingsRoom
from game.stage.rooms.today import TodayRoom, go_home
from game.stage.rooms.tutorial import TutorialOffer, TutorialRoom
from game.stage.rooms.who import WhoRoom

#: The room that an action leads to.
ROOMS: dict[str, Callable[[Evening], Room]] = {
    "who": WhoRoom,
    "today": TodayRoom,
    "back": TodayRoom,
    "ok": TodayRoom,
    "songs": ChoosingRoom,
    "board": BoardRoom,
    "help": HelpRoom,
    "helper": HelperRoom,
    "people": PeopleRoom,
    "helper-grips": pick_grips,
    "numbers": pick_numbers,
    "safety": SafetyRoom,
    "report": pick_report,
    "delays": DelaysRoom,
}


def _sit_down(evening: Evening, flow: PlayFlow, what: str) -> None:
    evening.who = evening.services.desk.person(what or None)
    evening.order = Order.FOR_YOU
    first_start = evening.who.patient is not None and not evening.plays()
    evening.go(TutorialOffer(evening) if first_start else TodayRoom(evening))


def _play(evening: Evening, flow: PlayFlow, what: str) -> None:
    key = what or evening.suggested().key
    flow.prepare(evening.services.desk.library.find(key))


def _tutorial(evening: Evening, flow: PlayFlow, what: str) -> None:
    if evening.who is None:
        evening.who = evening.services.desk.person(None)
    evening.go(TutorialRoom(evening))


def _glove_help(evening: Evening, flow: PlayFlow, what: str) -> None:
    """From a paused play, back to it; else back to where it is found."""
    paused = flow.live is not None
    back = flow.pause if paused else lambda: evening.go(HelpRoom(evening))
    evening.go(GloveHelpRoom(evening, back))


def _settings(evening: Evening, flow: PlayFlow, what: str) -> None:
    """From a paused play, back to it; else back to where they are found."""
    paused = flow.live is not None
    back = flow.pause if paused else lambda: evening.go(HelpRoom(evening))
    evening.go(SettingsRoom(evening, back))


#: Actions that do something: given the evening, its plays, and what stands after the colon.
DEEDS: dict[str, Callable[[Evening, PlayFlow, str], None]] = {
    "guest": _sit_down,
    "person": _sit_down,
    "play": _play,
    "pause": lambda evening, flow, what: flow.pause(),
    "continue": lambda evening, flow, what: flow.go_on(),
    "again": lambda evening, flow, what: flow.again(),
    "slower": lambda evening, flow, what: flow.slower(),
    "practice": practise,
    "end": lambda evening, flow, what: flow.end(interrupted=True),
    "glove": _glove_help,
    "settings": _settings,
    "tutorial": _tutorial,
    "stop": lambda evening, flow, what: go_home(evening),
    "quit": lambda evening, flow, what: evening.leave(),
}


def follow(action: str, room: Room, evening: Evening, flow: PlayFlow) -> None:
    """Does ``action`` (``NAME`` or ``NAME:WHAT``), chosen in ``room``.

    The room's own actions come first. A name that nobody knows is a mistake in a screen.
    """
    name, _, what = action.partition(":")
    if name in room.actions:
        room.act(name, what)
    elif name in ROOMS:
        evening.go(ROOMS[name](evening))
    else:
        DEEDS[name](evening, flow, what)


def first_room(evening: Evening) -> Room:
    """Who is playing, if there is anybody to choose from; else a guest's day."""
    if evening.services.desk.people():
        return WhoRoom(evening)
    evening.who = evening.services.desk.person(None)
    return TodayRoom(evening)
