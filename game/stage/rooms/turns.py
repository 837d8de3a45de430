"""Patients who take turns at a clinic's station: the list, the PIN, the card, the boards."""

from dataclasses import replace

from game.records.boards import BoardKind
from game.records.pins import PIN_DIGITS
from game.records.turns import Turn
from game.stage import cards
from game.stage.evening import Evening, today
from game.stage.rooms.base import Room
from game.stage.rooms.who import WhoRoom
from game.stage.screens import BoardView, Person, Screen, WhoView
from game.stage.screens.turns import (
    AttractScreen,
    PinScreen,
    PinView,
    ReadyScreen,
    ReadyView,
    TurnsScreen,
)
from game.stage.theme import Scale
from game.words import tr

#: Each board stands so long while nobody is there.
BOARD_S = 15.0

_BOARDS = (BoardKind.EFFORT, BoardKind.BEAT_MYSELF, BoardKind.SONG_OF_THE_WEEK)


def who_room(evening: Evening) -> Room:
    """Who is playing: at a clinic's station today's list."""
    return TurnsRoom(evening) if evening.services.desk.station.on else WhoRoom(evening)


class TurnsRoom(Room):
    """Today's list. Nobody plays any more; after a while without anybody the boards show."""

    actions = frozenset({"person", "guest"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        evening.who = evening.sitting = evening.team_fill = None
        self._since_us = evening.now()
        self._screen: TurnsScreen | None = None

    def screen(self, scale: Scale) -> TurnsScreen:
        """As the records are now; what is being typed stays in a window of another size."""
        people = tuple(
            Person(p.code, p.shown_name, p.picture, turn_words(turn))
            for p, turn in self._evening.services.desk.station.todays_list(today())
        )
        typed = "" if self._screen is None else self._screen.text
        self._screen = TurnsScreen(scale, WhoView(people), typed)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """On to the PIN if one is asked, else to the card."""
        evening = self._evening
        asked = name == "person" and evening.services.desk.station.pin_asked(what)
        evening.go(PinRoom(evening, what) if asked else ReadyRoom(evening, what))

    def step(self, screen: Screen) -> None:
        """Looks whether anybody is there."""
        evening, now = self._evening, self._evening.now()
        if isinstance(screen, TurnsScreen) and (screen.stirred or screen.holding is not None):
            screen.stirred = False
            self._since_us = now
        if now - self._since_us >= evening.services.desk.station.idle_s * 1e6:
            self._since_us = now  # where there is nothing to show, not before as long again
            attract = AttractRoom(evening)
            if attract.has_boards:
                evening.go(attract)


def turn_words(turn: Turn) -> str:
    """How somebody stands today; nothing of those who are neither due nor done."""
    return {Turn.DUE: tr("Due today"), Turn.DONE: tr("Played today")}.get(turn, "")


class PinRoom(Room):
    """Is it really this person? A wrong PIN may be tried again as often as one likes."""

    actions = frozenset({"digit", "erase"})

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code
        self._screen: PinScreen | None = None

    def screen(self, scale: Scale) -> PinScreen:
        """What is entered stays in a window of another size."""
        name = self._evening.services.desk.person(self._code).patient.shown_name
        digits = "" if self._screen is None else self._screen.digits
        self._screen = PinScreen(scale, pin_view(name), digits)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """A digit more, or one less; four are tried."""
        screen, evening = self._screen, self._evening
        if screen is None:
            return
        digits = screen.digits[:-1] if name == "erase" else screen.digits + what
        if len(digits) < PIN_DIGITS:
            screen.show(digits)
        elif evening.services.desk.station.pin_fits(self._code, digits):
            evening.go(ReadyRoom(evening, self._code))
        else:
            screen.show("", wrong=True)


def pin_view(nickname: str) -> PinView:
    """The page that asks for somebody's PIN."""
    return PinView(tr("PIN of {name}", name=nickname))


class ReadyRoom(Room):
    """Hand, glove, and to wipe it; then Today."""

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code

    def screen(self, scale: Scale) -> ReadyScreen:
        """As the records are now."""
        who = self._evening.services.desk.person(self._code or None)
        patient = who.patient
        if patient is None:
            return ReadyScreen(scale, ReadyView(hand=who.hand))
        return ReadyScreen(
            scale,
            ReadyView(
                patient.code, patient.shown_name, patient.picture, who.hand, patient.glove_size
            ),
        )


class AttractRoom(Room):
    """The team, and beside it one board after another, until somebody comes."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._screen: AttractScreen | None = None
        self._shown = 0
        self._since_us = evening.now()
        self._version = evening.services.desk.station.boards_version
        self._views = self._read()

    @property
    def has_boards(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._views)

    @property
    def takes_pinches(self) -> bool:
        """Any pinch wakes it, also one that means nothing in menus."""
        return True

    def hear(self) -> None:
        """Somebody pinches."""
        edges, _ = self._evening.inputs.poll()
        if edges["down"].any():
            self._evening.go(TurnsRoom(self._evening))

    def screen(self, scale: Scale) -> AttractScreen:
        """The board that is on."""
        view = self._views[self._shown % len(self._views)]
        self._screen = AttractScreen(scale, view)
        return self._screen

    def step(self, screen: Screen) -> None:
        """The next board, as it is by then; the same one anew when the clinic's server tells."""
        now, version = self._evening.now(), self._evening.services.desk.station.boards_version
        following = now - self._since_us >= BOARD_S * 1e6
        if self._screen is None or not (following or version != self._version):
            return
        self._version = version
        if following:
            self._since_us = now
            self._shown += 1
        self._views = self._read() or self._views
        self._screen.show(self._views[self._shown % len(self._views)])

    def _read(self) -> tuple[BoardView, ...]:
        """The boards with somebody on them; with the team alone, the first of them."""
        desk = self._evening.services.desk
        team = desk.board(BoardKind.TEAM)
        views = [cards.board_view(team, desk.board(kind)) for kind in _BOARDS]
        shown = [view for view in views if view.top] or views[: team.team_fill is not None]
        return tuple(replace(view, tabs=()) for view in shown)
