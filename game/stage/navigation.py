"""What follows which action: one table, from the names that screens give to rooms and deeds."""

from collections.abc import Callable
from typing import Any

from game.music.library.lists import Order
from game.stage.assess_flow import Assessing
from game.stage.evening import Evening
from game.stage.play_flow import PlayFlow
from game.stage.practice_flow import practise
from game.stage.rooms.base import Room
from game.stage.rooms.board import BoardRoom
from game.stage.rooms.calibration import DelaysRoom
from game.stage.rooms.choosing import ChoosingRoom
from game.stage.rooms.diary import diary_room, goal_room
from game.stage.rooms.exercises import ExercisesRoom
from game.stage.rooms.glove_help import GloveHelpRoom
from game.stage.rooms.help import HelpRoom
from game.stage.rooms.helper import HelperRoom
from game.stage.rooms.helper_grips import pick_grips
from game.stage.rooms.helper_plan import pick_plan
from game.stage.rooms.more import MoreRoom
from game.stage.rooms.numbers import pick_numbers
from game.stage.rooms.people import PeopleRoom
from game.stage.rooms.report import pick_report
from game.stage.rooms.safety import SafetyRoom
from game.stage.rooms.settings import SettingsRoom
from game.stage.rooms.tests import TestsRoom
from game.stage.rooms.today import TodayRoom, day_room, go_home
from game.stage.rooms.turns import who_room
from game.stage.rooms.tutorial import TutorialOffer, TutorialRoom
from game.stage.rooms.ways import OtherWaysRoom, manner_of
from game.stage.session_flow import sit_down, take_up
from game.stage.team_move import team_fill
from game.therapy.assessment import AssessmentKind
from game.therapy.session import Who

#: The room that an action leads to.
ROOMS: dict[str, Callable[[Evening], Room]] = {
    "who": who_room,
    "today": day_room,
    "home": day_room,
    "back": day_room,
    "ok": day_room,
    "ways": MoreRoom,
    "exercises": ExercisesRoom,
    "diary": diary_room,
    "goal": goal_room,
    "other-ways": OtherWaysRoom,
    "tests": TestsRoom,
    "songs": ChoosingRoom,
    "board": BoardRoom,
    "help": HelpRoom,
    "helper": HelperRoom,
    "people": PeopleRoom,
    "helper-grips": pick_grips,
    "helper-plan": pick_plan,
    "numbers": pick_numbers,
    "safety": SafetyRoom,
    "report": pick_report,
    "delays": DelaysRoom,
}


def _sit_down(evening: Evening, flow: PlayFlow, what: str) -> None:
    evening.who = evening.services.desk.person(what or None)
    evening.order = Order.FOR_YOU
    if evening.services.desk.station.on:
        evening.entry = None  # what the one before chose
        evening.team_fill = team_fill(evening)
    take_up(evening, flow)
    first_start = evening.who.patient is not None and not evening.plays()
    evening.go(TutorialOffer(evening) if first_start else day_room(evening))


def _play(evening: Evening, flow: PlayFlow, what: str) -> None:
    entry = evening.services.desk.library.find(what or evening.suggested().key)
    _in_session(evening, flow, lambda: flow.prepare(entry))


def _in_session(evening: Evening, flow: PlayFlow, what: Callable[[], None]) -> None:
    """Does what is a play: in the session, after what has to come before it."""
    sitting = evening.sitting
    if sitting is None:
        how = Who.THERAPIST if evening.present else Who.PATIENT
        sit_down(evening, flow, how, wanted=what)
    elif sitting.session.may_play:
        what()
    else:
        sitting.wanted = what
        sitting.go()


def _start(evening: Evening, flow: PlayFlow, what: str) -> None:
    """The day's session from where it stands; ``what`` says if the therapist is there."""
    if evening.sitting is not None:
        evening.sitting.go()
    else:
        sit_down(evening, flow, Who.THERAPIST if what or evening.present else Who.PATIENT)


def _way(evening: Evening, flow: PlayFlow, what: str) -> None:
    """The suggested song in another way."""
    entry, manner = evening.suggested(), manner_of(what, evening.hand)
    _in_session(evening, flow, lambda: flow.prepare(entry, manner=manner))


def _test(evening: Evening, flow: PlayFlow, what: str) -> None:
    """A test, in the session like any play."""
    assessing = Assessing(flow, evening, AssessmentKind(what))
    _in_session(evening, flow, assessing.start)


def _sitting(do: Callable[[Any], None]) -> Callable[[Evening, PlayFlow, str], None]:
    """Something that is done in a session; where there is none any more, one comes home."""

    def deed(evening: Evening, flow: PlayFlow, what: str) -> None:
        if evening.sitting is None:
            go_home(evening)
        else:
            do(evening.sitting)

    return deed


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
    "practice": lambda evening, flow, what: _in_session(
        evening, flow, lambda: practise(evening, flow, what)
    ),
    "way": _way,
    "test": _test,
    "start": _start,
    "onward": _sitting(lambda sitting: sitting.go()),
    "rest": _sitting(lambda sitting: sitting.rest()),
    "finish": _sitting(lambda sitting: sitting.stop()),
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
    if evening.services.desk.people() or evening.services.desk.station.on:
        return who_room(evening)
    evening.who = evening.services.desk.person(None)
    return TodayRoom(evening)
