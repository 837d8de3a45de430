"""Taking turns at a clinic's station: today's list, a PIN, the card before a play, the boards."""

from collections.abc import Sequence
from dataclasses import dataclass

from game.records.pins import PIN_DIGITS
from game.stage import emblems, paint
from game.stage.commands import ERASE, Command, Pointer, Typed
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen, strings_behind
from game.stage.screens.board import BoardScreen, BoardView
from game.stage.screens.who import Person, WhoScreen, WhoView
from game.stage.theme import (
    CARD,
    EDGE_LINE,
    HEADING,
    LABEL,
    LAMP,
    MARK,
    SOFT_TEXT,
    SPACE_2,
    SPACE_3,
    TITLE,
)
from game.stage.widgets import Choice, Key, below_heading, beside_corner, corner_key, heading
from game.words import tr

#: So many letters are enough to find anybody.
_MOST_TYPED = 16

#: Picture and words stand beside each other from this width on.
_BESIDE_FROM = 1300.0


class TurnsScreen(WhoScreen):
    """Today's list. Letters that are typed leave those whose nickname or code begins so.

    Actions as those of who is playing; Escape first takes away what was typed. ``stirred`` is set
    whenever somebody does anything; the room takes it back.
    """

    def __init__(self, canvas: Canvas, view: WhoView, typed: str = ""):
        self.text = typed
        self.stirred = False
        super().__init__(canvas, view)

    @property
    def _people(self) -> tuple[Person, ...]:
        return found(self.view.people, self.text)

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """Somebody is there."""
        self.stirred = True
        return super().handle(command)

    @property
    def typing(self) -> bool:
        """Space and Backspace belong to the name once it is begun."""
        return bool(self.text)

    def typed(self, letter: str) -> str | None:
        """Narrows the list."""
        text = self.text[:-1] if letter == ERASE else self.text + letter
        self._write(text[:_MOST_TYPED])
        return None

    def go_back(self) -> str | None:
        """What is typed is taken away first."""
        if not self.text:
            return self.back
        self._write("")
        return None

    def _write(self, text: str) -> None:
        self.text = text if text.strip() else ""
        self.focus = self._first = 0
        self._fill()
        self.stale = True

    def draw_page(self, page: Page) -> None:
        """Who is next; or what is typed."""
        strings_behind(page, 0.8)
        if not self.text:
            heading(page, tr("Who is next?"), keys=2)
            return
        heading(page, tr("Beginning with “{typed}”", typed=self.text), keys=2)
        if not self._people:
            area = below_heading(page.scale)
            box = Box(area.x, area.y, area.w, self._guest.y - area.y - SPACE_3)
            words = tr("Nobody here begins like that.")
            page.write(words, box, LABEL, SOFT_TEXT, align="centre", lines=2)


def found(people: Sequence[Person], typed: str) -> tuple[Person, ...]:
    """Those of whom the nickname, a word of it, or the code begins with what is ``typed``: capitals
    and whatever is neither letter nor figure aside."""
    wanted = _bare(typed)

    def fits(person: Person) -> bool:
        names = [person.nickname, person.code, *person.nickname.split()]
        return any(_bare(name).startswith(wanted) for name in names)

    return tuple(person for person in people if fits(person))


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@dataclass(frozen=True)
class PinView:
    """``title`` asks for the digits, ``wrong`` says that those before did not fit."""

    title: str
    wrong: bool = False
    back: str = "who"


class PinScreen(Screen):
    """Ten large keys. Actions: ``digit:N``, ``erase``, and the view's ``back``.

    ``digits`` are those so far; the room says when they are enough.
    """

    def __init__(self, canvas: Canvas, view: PinView, digits: str = ""):
        super().__init__(canvas)
        self.view, self.back = view, view.back
        self.digits = digits
        area = below_heading(self.scale)
        gap = 24.0 if self.scale.zoom < 1.3 else 14.0
        self._dots = Box(area.x, area.y, area.w, min(132.0, area.h * 0.26))
        top = self._dots.bottom + gap
        high, wide = (area.bottom - top - gap) / 2, (area.w - 4 * gap) / 5
        self.choices: list[Choice] = []
        for i, digit in enumerate("1234567890"):
            x, y = area.x + i % 5 * (wide + gap), top + i // 5 * (high + gap)
            box = Box(x, y, wide, high)
            self.choices.append(Key(f"digit:{digit}", box, digit, size=HEADING))
        self.choices.append(Key("erase", beside_corner(self.scale), tr("Erase"), "again"))
        self.choices.append(corner_key(self.scale, view.back, tr("Back"), "back"))

    @property
    def typing(self) -> bool:
        """Backspace belongs to the digits."""
        return bool(self.digits)

    def typed(self, letter: str) -> str | None:
        """Figures are typed as well."""
        if letter == ERASE:
            return "erase"
        return f"digit:{letter}" if letter.isascii() and letter.isdigit() else None

    def go_back(self) -> str | None:
        """What is entered is taken away first."""
        return "erase" if self.digits else self.back

    def show(self, digits: str, wrong: bool = False) -> None:
        """So many digits now; the focus stays."""
        self.digits = digits
        self.view = PinView(self.view.title, wrong, self.view.back)
        self.stale = True

    def draw_page(self, page: Page) -> None:
        """Four dots, filled one by one; never the digits themselves."""
        heading(page, self.view.title, keys=2)
        box, scale = self._dots, page.scale
        if self.view.wrong and not self.digits:
            words = tr("That was not it. Try again.")
            page.write(words, box, LABEL, align="centre", lines=2)
            return
        side = min(64.0, box.h * 0.6)
        for i in range(PIN_DIGITS):
            x = box.middle[0] + (i - (PIN_DIGITS - 1) / 2) * side * 2
            colour = LAMP if i < len(self.digits) else MARK
            dot = paint.rounded(*[scale.px(side)] * 2, scale.px(side / 2), colour)
            page.centre(dot, x, box.middle[1])
            if i >= len(self.digits):
                inner = side - 8
                hole = paint.rounded(*[scale.px(inner)] * 2, scale.px(inner / 2), CARD)
                page.centre(hole, x, box.middle[1])


@dataclass(frozen=True)
class ReadyView:
    """Who plays next, with which hand and glove; a guest has no code."""

    code: str = ""
    nickname: str = ""
    picture: str = ""
    hand: str = "right"
    glove_size: str | None = None


class ReadyScreen(Screen):
    """The card before a play. Actions: ``person:CODE`` or ``guest`` (ready), and ``who``."""

    back = "who"

    def __init__(self, canvas: Canvas, view: ReadyView):
        super().__init__(canvas)
        self.view = view
        area = below_heading(self.scale)
        high = 168.0 if self.scale.high >= 900 else 112.0
        ready = Box(area.x, area.bottom - high, area.w, high)
        self._card = Box(area.x, area.y, area.w, ready.y - area.y - 32 / self.scale.zoom)
        action = f"person:{view.code}" if view.code else "guest"
        self.choices = [
            Key(action, ready, tr("Ready"), "check", primary=True, size=HEADING),
            corner_key(self.scale, "who", tr("Back"), "back"),
        ]

    def draw_page(self, page: Page) -> None:
        """Picture left; hand, glove and what to do with it right."""
        view, card = self.view, self._card
        heading(page, view.nickname or tr("Guest"))
        page.panel(card, CARD, EDGE_LINE)
        inner = card.inset(56 / page.scale.zoom, 24 / page.scale.zoom)
        left = inner.x
        if page.scale.wide >= _BESIDE_FROM:
            side = min(inner.h, 440.0)
            if view.code:
                emblem = emblems.emblem_for(view.nickname, view.picture)
                picture = emblems.emblem(emblem, page.scale.px(side))
                page.centre(picture, left + side / 2, inner.middle[1])
            else:
                page.icon("person", left + side / 2, inner.middle[1], side * 0.6, SOFT_TEXT)
            left += side + 72
        lines = [("hand", hand_words(view.hand), TITLE)]
        if view.glove_size:
            lines.append(("plug", tr("Glove size {size}", size=view.glove_size), HEADING))
        lines.append(("check", tr("Wipe the glove"), HEADING))
        high = min(inner.h / len(lines), 152.0)
        y = inner.middle[1] - high * len(lines) / 2
        for icon, words, size in lines:
            side = min(72.0, high * 0.7)
            page.icon(icon, left + 44, y + high / 2, side, LAMP)
            box = Box(left + 88 + SPACE_2, y, inner.right - left - 88 - SPACE_2, high)
            page.write(words, box, size if high >= 100 else LABEL, bold=True, lines=1)
            y += high


def hand_words(hand: str) -> str:
    """The hand that plays."""
    return tr("Left hand") if hand == "left" else tr("Right hand")


class AttractScreen(BoardScreen):
    """The boards while nobody is there: still pictures, one after another. Any command is ``who``,
    which wakes it. It is not read aloud, or a voice would speak into an empty room all day."""

    back = "who"
    aloud = False
    any_key = True

    def __init__(self, canvas: Canvas, view: BoardView):
        super().__init__(canvas, view)
        area = below_heading(self.scale)
        high = 88.0 if self.scale.zoom < 1.3 else 64.0
        self._area = Box(area.x, area.y, area.w, area.h - high)
        self._below = Box(area.x, self._area.bottom + 16, area.w, high - 16)

    def show(self, view: BoardView) -> None:
        """Another board."""
        self.view = view
        self.choices = []
        self.stale = True

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """Whatever it is, somebody is there."""
        return self.back

    def draw_page(self, page: Page) -> None:
        """The board, and how to begin."""
        super().draw_page(page)
        words = tr("Pinch or press any key.")
        page.write(words, self._below, LABEL, LAMP, bold=True, align="centre")
