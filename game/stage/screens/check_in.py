"""The check-in: pain, tired, new signs, on one page; one question is lit at a time.

Nothing is answered beforehand. Faces and figures stand for even numbers; an odd one is typed,
clicked between two, or taken by choosing the same again.
"""

import itertools
from dataclasses import dataclass, replace
from typing import Any

from game.stage import faces, paint
from game.stage.commands import ERASE, Command, Pointer, Typed
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_ROW,
    EDGE_LINE,
    EDGE_WIDTH,
    FAINT_EDGE,
    LABEL,
    LAMP,
    LAMP_TINT,
    RAISED,
    SOFT_TEXT,
    SPACE_2,
    TEXT,
)
from game.stage.widgets import Choice, Key, below_heading, corner_key, heading
from game.words import number, tr

#: The whole page stands on the screen from this width on; below it one question does.
_ALL_FROM = 1800.0

#: What is not asked now is drawn so strong.
_DIM = 0.4

#: The third question: what it is called, and its answers.
SIGNS, SKIN = "signs", "skin"


@dataclass(frozen=True)
class CheckInView:
    """``title`` of the page and what ``comes_next``. ``third`` is :data:`SIGNS` or :data:`SKIN`.

    ``pain`` and ``tired`` are 0 to 10, ``wrong`` whether something new or sore is told of; None is
    not answered yet.
    """

    title: str
    comes_next: str
    third: str = SIGNS
    pain: int | None = None
    tired: int | None = None
    wrong: bool | None = None

    @property
    def answers(self) -> tuple[int | bool | None, ...]:
        """In the order in which they are asked."""
        return self.pain, self.tired, self.wrong


@dataclass
class _Mark(Choice):
    """A number that can be chosen, with its face if it is one of pain."""

    value: int = 0
    chosen: bool = False
    below: str = ""
    with_face: bool = False
    shown: int = 0
    lit: bool = True

    @property
    def corner(self) -> float:
        """As a row's."""
        return CORNER_ROW

    def draw(self, page: Page, focused: bool) -> None:
        """Face, number and word, one below the other."""
        box = self.box
        fill = LAMP_TINT if self.chosen else RAISED if focused else CARD
        edge = LAMP if self.chosen else EDGE_LINE if self.lit else FAINT_EDGE
        page.panel(box, fill, edge, corner=CORNER_ROW, edge_width=EDGE_WIDTH, shade=False)
        colour = TEXT if self.lit or self.chosen else SOFT_TEXT
        figure = number(self.shown)
        if not self.with_face:
            page.write(figure, box.inset(4), LABEL, colour, bold=True, align="centre")
            return
        words = 52.0 if self.below else 0.0
        side = min(box.w - 24, box.h - 72 - words - 16)
        picture = faces.face(self.value, page.scale.px(side))
        if not self.lit and not self.chosen:
            picture = paint.faded(picture, _DIM)
        page.centre(picture, box.middle[0], box.y + 12 + side / 2)
        at = Box(box.x + 4, box.y + 14 + side, box.w - 8, 64)
        page.write(figure, at, LABEL, colour, bold=True, align="centre")
        if self.below:
            at = Box(box.x + 6, box.bottom - words - 4, box.w - 12, words)
            page.write(self.below, at, BODY, SOFT_TEXT, align="centre")


@dataclass
class _Card(Choice):
    """A question that was answered: choosing it asks it again. The page has drawn it."""

    def draw(self, page: Page, focused: bool) -> None:
        """Nothing more."""


class CheckInScreen(Screen):
    """Actions: ``answered`` once all is, and ``stop``. The answers are in ``view``."""

    back = "stop"

    def __init__(self, canvas: Canvas, view: CheckInView):
        super().__init__(canvas)
        self.view = view
        self._typed = ""
        self._all = self.scale.wide >= _ALL_FROM
        self.lit = self._first_open()
        self._fill()

    # ------------------------------------------------------------------ what is asked

    def _first_open(self) -> int:
        answers = self.view.answers
        return next((i for i, given in enumerate(answers) if given is None), len(answers))

    def ask(self, question: int) -> None:
        """Light ``question``: 0 pain, 1 tired, 2 the third; 3 none, all is answered."""
        self.lit, self._typed = question, ""
        self._fill()
        self.stale = True

    def _answer(self, name: str, value: int | bool) -> None:
        self._set(name, value)
        self.ask(self._first_open())

    def _set(self, name: str, value: Any) -> None:
        self.view = replace(self.view, **{name: value})

    def choose(self, choice: Choice) -> str | None:
        """Answers, or asks again; only what leaves the page is an action."""
        name, _, value = choice.action.partition(":")
        if name == "ask":
            self.ask(int(value))
        elif name in ("pain", "tired"):
            self._chose(name, int(value))
        elif name == "wrong":
            self._answer(name, value == "yes")
        else:
            return choice.action
        return None

    def _chose(self, name: str, value: int) -> None:
        """What was typed is taken as it is; the same once more is the number after it."""
        before = getattr(self.view, name)
        if self._typed:
            value = before
        elif before == value and value < 10:
            value += 1
        self._answer(name, value)

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """Escape goes back to the question before, and out from the first."""
        if command is Command.BACK and self.lit > 0:
            self.ask(self.lit - 1)
            return None
        if isinstance(command, Pointer) and command.pressed and self._between(command):
            return None
        return super().handle(command)

    def _between(self, pointer: Pointer) -> bool:
        """A click between two marks is the number between them; one on another card asks that."""
        x, y = self.scale.design(pointer.x, pointer.y)
        if any(choice.box.contains(x, y) for choice in self.choices):
            return False
        marks = [c for c in self.choices if isinstance(c, _Mark)]
        for one, other in itertools.pairwise(marks):
            if one.box.right <= x < other.box.x and one.box.contains(one.box.x, y):
                self._answer(("pain", "tired")[self.lit], one.value + 1)
                return True
        if self._all:
            for i, box in enumerate(self._cards()):
                if box.contains(x, y) and i <= self._first_open():
                    self.ask(i)
                    return True
        return False

    def typed(self, letter: str) -> str | None:
        """A figure is the answer as soon as it is chosen; 1 and 0 together are 10."""
        if self.lit > 1 or not (letter.isdecimal() or letter == ERASE):
            return None
        text = self._typed[:-1] if letter == ERASE else self._typed + letter
        if text and int(text) > 10:
            text = letter
        name = ("pain", "tired")[self.lit]
        self._set(name, int(text) if text else None)
        self._typed = text
        self._fill()
        self.focus = (int(text) if text else 0) // 2
        self.stale = True
        return None

    @property
    def typing(self) -> bool:
        """Backspace takes back a figure that was typed."""
        return bool(self._typed) and self.lit < 2

    # ------------------------------------------------------------------ where things are

    def _cards(self) -> list[Box]:
        """The three questions; they are all there only on a large enough page."""
        area = below_heading(self.scale)
        if not self._all:
            return [area] * 3
        pain = Box(area.x, area.y, area.w, 414)
        below = pain.bottom + 24
        tired = Box(area.x, below, area.w * 0.55 - 12, 246)
        third = Box(tired.right + 24, below, area.right - tired.right - 24, 246)
        return [pain, tired, third]

    def _fill(self) -> None:
        self.focus = 0
        if self.lit < 2:
            self.choices = list(self._marks(self.lit, True))
            given = self.view.answers[self.lit]
            if given is not None:
                self.focus = int(given) // 2
        elif self.lit == 2:
            self.choices = list(self._yes_no())
        else:
            self.choices = self._when_answered()
        self.choices.append(corner_key(self.scale, "stop", tr("Stop"), "stop"))

    def _marks(self, question: int, lit: bool) -> list[_Mark]:
        name = ("pain", "tired")[question]
        given = self.view.answers[question]
        card = self._cards()[question]
        edge = 36.0 if self._all else 0.0
        gap = 20.0 if self._all else 12.0
        top, bottom = (92.0, 26.0) if self._all else (112.0, 68.0)
        row = Box(card.x + edge, card.y + top, card.w - 2 * edge, card.h - top - bottom)
        row = replace(row, h=min(row.h, 300.0 if question == 0 else 200.0))
        wide = (row.w - 5 * gap) / 6
        words = _WORDS[question]()
        made = []
        for i, value in enumerate(faces.FACES):
            here = given is not None and int(given) // 2 == i
            made.append(
                _Mark(
                    f"{name}:{value}",
                    Box(row.x + i * (wide + gap), row.y, wide, row.h),
                    words[i],
                    value,
                    here,
                    words[i] if self._all and question == 0 else "",
                    question == 0,
                    int(given) if here and given is not None else value,
                    lit,
                )
            )
        return made

    def _yes_no(self) -> list[Key]:
        card, view = self._cards()[2], self.view
        edge = 36.0 if self._all else 0.0
        high = 104.0
        y = card.bottom - high - 22 if self._all else card.y + 150
        wide = (card.w - 2 * edge - 20) / 2
        names = (tr("No"), tr("Yes")) if view.third == SIGNS else (tr("Fine"), tr("Red or sore"))
        made = []
        for i, (value, words) in enumerate(zip(("no", "yes"), names, strict=True)):
            lit = view.wrong is not None and view.wrong == (value == "yes")
            box = Box(card.x + edge + i * (wide + 20), y, wide, high)
            made.append(Key(f"wrong:{value}", box, words, "check" if lit else "", lit=lit))
        return made

    def _when_answered(self) -> list[Choice]:
        area = below_heading(self.scale)
        words = self.view.comes_next
        if self._all:
            place = Box(area.x + area.w * 0.25, area.bottom - 112, area.w * 0.5, 112)
            asked = list(zip(self._cards(), self._titles(), strict=True))
            next_key = Key("answered", place, words, "play", size=LABEL)
            return [next_key, *(_Card(f"ask:{i}", *one) for i, one in enumerate(asked))]
        gap = 16.0
        high, wide = (area.h - gap) / 2, (area.w - gap) / 2
        said = [("answered", words, "play")]
        said += [(f"ask:{i}", line, "") for i, line in enumerate(self._said())]
        keys: list[Choice] = []
        for i, (action, line, icon) in enumerate(said):
            x, y = area.x + i % 2 * (wide + gap), area.y + i // 2 * (high + gap)
            keys.append(Key(action, Box(x, y, wide, high), line, icon))
        return keys

    # ------------------------------------------------------------------ what is seen

    def _titles(self) -> tuple[str, str, str]:
        third = tr("Skin under the glove")
        if self.view.third == SIGNS:
            third = tr("Sharp pain, numbness, swelling, a wound?")
        return tr("Pain now"), tr("How tired?"), third

    def _said(self) -> tuple[str, ...]:
        """The answers, each in a few words."""
        view = self.view
        if view.third == SIGNS:
            third = tr("Something new") if view.wrong else tr("Nothing new")
        else:
            third = tr("Skin: sore") if view.wrong else tr("Skin: fine")
        return (
            tr("Pain: {n}", n=view.pain or 0),
            tr("Tired: {n}", n=view.tired or 0),
            third,
        )

    def draw_page(self, page: Page) -> None:
        """The cards; what is lit stands on top as choices."""
        heading(page, self.view.title)
        if not self._all:
            self._draw_one(page)
            return
        for i, (card, title) in enumerate(zip(self._cards(), self._titles(), strict=True)):
            lit = i == self.lit
            page.panel(card, CARD, EDGE_LINE if lit else FAINT_EDGE, edge_width=3 if lit else 2)
            colour = TEXT if lit or self.lit == 3 else SOFT_TEXT
            inner = card.inset(36, 0)
            given = self.view.answers[i]
            if i == 2:
                box = Box(inner.x, card.y + 8, inner.w, 104)
                page.write(title, box, BODY, colour, bold=True, lines=2)
            else:
                self._draw_title(page, Box(inner.x, card.y + 8, inner.w, 72), title, given, colour)
            if not lit:
                for one in self._yes_no() if i == 2 else self._marks(i, False):
                    one.draw(page, False)

    def _draw_title(
        self,
        page: Page,
        box: Box,
        title: str,
        given: int | bool | None,
        colour: tuple[int, int, int],
    ) -> None:
        ink = page.write(title, box, LABEL, colour, bold=True)
        right = Box(ink.right + 40, box.y, box.right - ink.right - 40, box.h)
        if given is not None:
            page.write(
                tr("{n} of {most}", n=int(given), most=10),
                right,
                LABEL,
                LAMP,
                bold=True,
                align="right",
            )
        elif title == self._titles()[1]:
            page.write(tr("0 is not at all"), right, BODY, SOFT_TEXT, align="right")

    def _draw_one(self, page: Page) -> None:
        """The question that is lit, and the words of the mark in focus."""
        area = below_heading(page.scale)
        if self.lit == 3:
            return
        title = self._titles()[self.lit]
        lines = 2
        page.write(title, Box(area.x, area.y, area.w, 104), LABEL, bold=True, lines=lines)
        if self.lit < 2:
            marks = [c for c in self.choices if isinstance(c, _Mark)]
            focused = self.choices[self.focus]
            if isinstance(focused, _Mark):
                y = marks[0].box.bottom + SPACE_2 / 2
                box = Box(area.x, y, area.w, area.bottom - y)
                page.write(focused.words, box, BODY, SOFT_TEXT, align="centre")


def _pain_words() -> tuple[str, ...]:
    return (
        tr("No pain"),
        tr("A little"),
        tr("Some"),
        tr("Strong"),
        tr("Bad"),
        tr("Worst"),
    )


def _tired_words() -> tuple[str, ...]:
    return (
        tr("Not at all"),
        tr("A little"),
        tr("Somewhat"),
        tr("Rather"),
        tr("Very"),
        tr("Worn out"),
    )


_WORDS = (_pain_words, _tired_words)
