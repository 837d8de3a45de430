"""People: adding somebody, and changing what they are called, their picture, hand and board."""

from typing import Any

from game.records.errors import RecordsError
from game.records.patients import GLOVE_SIZES, PICTURES
from game.records.pins import PIN_DIGITS
from game.stage.animals import NAMES, animal_name, ready_nicknames
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.rooms.helper import people_rows
from game.stage.screens.person import InClinicScreen, InClinicView, PersonScreen, PersonView
from game.stage.screens.pick import NameScreen, PickRow, PickScreen, PickView
from game.stage.screens.turns import PinScreen, PinView
from game.stage.theme import Scale
from game.words import tr


class PeopleRoom(Room):
    """Everybody, and the way to somebody new."""

    actions = frozenset({"pick", "add"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> PickScreen:
        """As the records are now."""
        return PickScreen(scale, people_view(people_rows(self._evening)))

    def act(self, name: str, what: str) -> None:
        """On to a person, or to a new one."""
        if name == "add":
            self._evening.go(CodeRoom(self._evening))
        else:
            self._evening.go(PersonRoom(self._evening, what))


def people_view(rows: tuple[PickRow, ...]) -> PickView:
    """The page with everybody."""
    add = PickRow("add", tr("Add somebody"), tr("A code and a nickname are enough."), "person")
    return PickView(tr("People"), rows, "helper", add)


class CodeRoom(Room):
    """The code of somebody new: one that is made up, or another that is typed."""

    actions = frozenset({"name"})

    def __init__(self, evening: Evening, refused: bool = False) -> None:
        self._evening = evening
        self._refused = refused
        self._screen: NameScreen | None = None

    def screen(self, scale: Scale) -> NameScreen:
        """The code that is offered; what is being typed stays in a window of another size."""
        code = self._evening.services.desk.helper.new_code()
        text = "" if self._screen is None else self._screen.text
        self._screen = NameScreen(scale, code_view(code, self._refused), text)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Takes them in; a code that cannot be is asked for again."""
        desk = self._evening.services.desk
        free = ready_nicknames(person.shown_name for person in desk.people())
        picture = free[0][0]
        try:
            patient = desk.helper.add(what.replace(" ", "-"), None, picture)
        except RecordsError:
            self._evening.go(CodeRoom(self._evening, refused=True))
            return
        self._evening.go(NicknameRoom(self._evening, patient.code))


def code_view(code: str, refused: bool) -> PickView:
    """The page that asks for a code."""
    title = tr("Take this code, or type one")
    if refused:
        title = tr("Please choose another code.")
    row = PickRow(f"name:{code}", code, tr("Not a name: it stays private."), "check")
    return PickView(title, (row,), "people")


class NicknameRoom(Room):
    """What somebody is called: an animal that is free, or a name that is typed."""

    actions = frozenset({"name", "person"})

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code
        self._screen: NameScreen | None = None

    def screen(self, scale: Scale) -> NameScreen:
        """The animals that are free; what is being typed stays in a window of another size."""
        names = [person.shown_name for person in self._evening.services.desk.people()]
        text = "" if self._screen is None else self._screen.text
        self._screen = NameScreen(scale, nickname_view(names), text)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Keeps the name, with the animal's picture if it is one that was offered."""
        if name == "name":
            values: dict[str, Any] = {"nickname": what}
            named = next((p for p in NAMES if what.startswith(animal_name(p))), None)
            if named is not None:
                values["picture"] = named
            self._evening.services.desk.helper.change(self._code, **values)
            refresh(self._evening, self._code)
        self._evening.go(PersonRoom(self._evening, self._code))


def nickname_view(taken: list[str]) -> PickView:
    """The page that asks for a nickname."""
    rows = tuple(
        PickRow(f"name:{words}", words, tr("With its picture"), animal=animal)
        for animal, words in ready_nicknames(taken)
    )
    return PickView(tr("Choose a nickname, or type one"), rows, "person")


class PersonRoom(Room):
    """One person: every setting takes its next value, at once and for good."""

    actions = frozenset({"nickname", "picture", "hand", "board", "station"})

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code
        self._screen: PersonScreen | None = None

    def screen(self, scale: Scale) -> PersonScreen:
        """As they are now; the focus stays."""
        before, self._screen = self._screen, PersonScreen(scale, self._view())
        if before is not None:
            self._screen.focus = before.focus
        return self._screen

    def _view(self) -> PersonView:
        patient = self._evening.services.desk.person(self._code).patient
        return PersonView(
            patient.shown_name,
            patient.code,
            animal_name(patient.picture),
            patient.hand,
            patient.on_board,
            in_clinic_words(
                patient.glove_size, self._evening.services.desk.station.pin_asked(self._code)
            ),
        )

    def act(self, name: str, what: str) -> None:
        """Changes one thing."""
        evening, code = self._evening, self._code
        if name == "nickname":
            evening.go(NicknameRoom(evening, code))
            return
        if name == "station":
            evening.go(InClinicRoom(evening, code))
            return
        patient = evening.services.desk.person(code).patient
        values: dict[str, Any] = {"board": not patient.on_board}
        if name == "picture":
            after = PICTURES.index(patient.picture) + 1
            values = {"picture": PICTURES[after % len(PICTURES)]}
        elif name == "hand":
            values = {"hand": "right" if patient.hand == "left" else "left"}
        evening.services.desk.helper.change(code, **values)
        refresh(evening, code)
        evening.go(self)


def in_clinic_words(glove_size: str | None, pin: bool) -> str:
    """What is kept for a clinic's station."""
    words = [glove_size] if glove_size else []
    return ", ".join([*words, tr("PIN")] if pin else words) or tr("None")


class InClinicRoom(Room):
    """The size of the glove, and a PIN: for where patients take turns."""

    actions = frozenset({"glove-size", "pin", "person"})

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code
        self._screen: InClinicScreen | None = None

    def screen(self, scale: Scale) -> InClinicScreen:
        """As it is now; the focus stays."""
        desk, before = self._evening.services.desk, self._screen
        patient = desk.person(self._code).patient
        view = InClinicView(patient.code, patient.glove_size, desk.station.pin_asked(self._code))
        self._screen = InClinicScreen(scale, view)
        if before is not None:
            self._screen.focus = before.focus
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Changes one of the two, or goes back to the person."""
        evening, code, screen = self._evening, self._code, self._screen
        if name == "person" or screen is None:
            evening.go(PersonRoom(evening, code))
            return
        change = evening.services.desk.helper.change
        if name == "glove-size":
            sizes = ("", *GLOVE_SIZES)
            after = sizes.index(screen.view.glove_size or "") + 1
            change(code, glove_size=sizes[after % len(sizes)])
            refresh(evening, code)
        elif screen.view.pin:
            change(code, pin="")
        else:
            evening.go(NewPinRoom(evening, code))
            return
        evening.go(self)


class NewPinRoom(Room):
    """Four digits that are asked from now on."""

    actions = frozenset({"digit", "erase", "kept"})

    def __init__(self, evening: Evening, code: str) -> None:
        self._evening = evening
        self._code = code
        self._screen: PinScreen | None = None

    def screen(self, scale: Scale) -> PinScreen:
        """What is entered stays in a window of another size."""
        digits = "" if self._screen is None else self._screen.digits
        self._screen = PinScreen(scale, PinView(tr("New PIN"), back="kept"), digits)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """A digit more, or one less; four are kept."""
        screen, evening = self._screen, self._evening
        if screen is not None and name != "kept":
            digits = screen.digits[:-1] if name == "erase" else screen.digits + what
            if len(digits) < PIN_DIGITS:
                screen.show(digits)
                return
            evening.services.desk.helper.change(self._code, pin=digits)
        evening.go(InClinicRoom(evening, self._code))


def refresh(evening: Evening, code: str) -> None:
    """Whoever plays now is known as they are now."""
    playing = None if evening.who is None else evening.who.patient
    if playing is not None and playing.code == code:
        evening.who = evening.services.desk.person(code)
