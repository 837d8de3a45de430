"""Practising: what to practise and how, and the short word between two passes."""

from dataclasses import dataclass

import pygame

from game.stage import paint
from game.stage.commands import Command, Pointer, Typed
from game.stage.page import Box, Page
from game.stage.rows import row_of_keys
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    BODY,
    CARD,
    CORNER_ROW,
    EDGE_LINE,
    EDGE_WIDTH,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    LAMP_TINT,
    MARK,
    RAISED,
    RGB,
    SOFT_TEXT,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    TEXT,
    TITLE,
    mix,
)
from game.stage.widgets import Choice, Key, below_heading, corner_key, heading
from game.words import percent, plural, tr

#: A card of this height has room for the string with a bead for every pass …
_STRING_FROM = 480.0
#: … of which so many are shown; who goes on after that has seen it lit from end to end.
_MOST_BEADS = 8

#: A setting of this height has room for a line about it.
_ABOUT_FROM = 200.0


@dataclass
class Setting(Choice):
    """Something with a few values: its name, its present value, and a line about it.

    Choosing it takes the next value, so that one grip is enough. ``on`` lights a setting that is
    either on or off; ``fixed`` is one whose value cannot be changed here.
    """

    value: str = ""
    about: str = ""
    on: bool = False
    fixed: bool = False

    @property
    def corner(self) -> float:
        """As a row's."""
        return CORNER_ROW

    def draw(self, page: Page, focused: bool) -> None:
        """Name above, value below it, and a sign that there is another."""
        box = self.box
        fill = LAMP_TINT if self.on else RAISED if focused else CARD
        edge = LAMP if self.on else EDGE_LINE
        page.panel(box, fill, edge, corner=CORNER_ROW, edge_width=EDGE_WIDTH)
        inner = box.inset(36 / page.scale.zoom, 6)
        sign = 0.0 if self.fixed else 52.0
        wide = inner.w - sign - (SPACE_2 if sign else 0)
        if sign:
            colour = LAMP if focused else MARK
            page.icon("again", inner.right - sign / 2, box.middle[1], sign, colour)
        if box.h < _ABOUT_FROM:
            half = inner.h / 2
            page.write(self.words, Box(inner.x, inner.y, wide, half), BODY, SOFT_TEXT)
            page.write(self.value, Box(inner.x, inner.y + half, wide, half), BODY, bold=True)
            return
        rows = (inner.h * 0.27, inner.h * 0.37, inner.h * 0.36)
        page.write(self.words, Box(inner.x, inner.y, wide, rows[0]), BODY, SOFT_TEXT)
        y = inner.y + rows[0]
        page.write(self.value, Box(inner.x, y, wide, rows[1]), LABEL, bold=True, lines=2)
        about = Box(inner.x, y + rows[1], wide, rows[2])
        if page.fits(self.about, about, lines=2):
            page.write(self.about, about, BODY, SOFT_TEXT, lines=2, valign="top")


@dataclass(frozen=True)
class PracticeView:
    """What is set now. ``part`` names the passage in words, ``about_part`` says where it lies in
    the song; ``speed`` is a share of the song's own tempo, ``fixed_speed`` that of a recording."""

    song: str = ""
    part: str = ""
    about_part: str = ""
    speed: float = 1.0
    fixed_speed: bool = False
    wait: bool = False
    any_finger: bool = False


class PracticeScreen(Screen):
    """Actions: ``part``, ``speed``, ``wait``, ``finger`` (each takes the next value), ``start`` and
    ``stop``. The focus begins on Start."""

    back = "stop"

    def __init__(self, canvas: Canvas, view: PracticeView):
        super().__init__(canvas)
        self.view = view
        self._fill()
        self.focus = 4

    def show(self, view: PracticeView) -> None:
        """Another value; the focus stays."""
        self.view = view
        self._fill()
        self.stale = True

    def _fill(self) -> None:
        view, area = self.view, below_heading(self.scale)
        gap = 32 / self.scale.zoom
        start = max(104.0, 148 / self.scale.zoom)
        high = (area.h - start - 2 * gap) / 2
        wide = (area.w - gap) / 2
        yes, no = tr("Yes"), tr("No")
        speed_about = tr("As the song was written")
        if view.fixed_speed:
            speed_about = tr("A recording keeps its tempo.")
        elif view.speed < 1:
            speed_about = tr("More time for each pinch")
        settings = (
            ("part", tr("Part"), view.part, view.about_part, False),
            ("speed", tr("Speed"), percent(view.speed), speed_about, False),
            (
                "wait",
                tr("Wait for me"),
                yes if view.wait else no,
                tr("The song waits for your pinch"),
                view.wait,
            ),
            (
                "finger",
                tr("Any finger"),
                yes if view.any_finger else no,
                tr("Only the rhythm counts"),
                view.any_finger,
            ),
        )
        self.choices = []
        for i, (action, words, value, about, on) in enumerate(settings):
            box = Box(area.x + i % 2 * (wide + gap), area.y + i // 2 * (high + gap), wide, high)
            fixed = action == "speed" and view.fixed_speed
            self.choices.append(Setting(action, box, words, value, about, on, fixed))
        below = Box(area.x, area.bottom - start, area.w, start)
        self.choices.append(Key("start", below, tr("Start"), "play", primary=True, size=HEADING))
        self.choices.append(corner_key(self.scale, "stop", tr("Back"), "back"))

    def choose(self, choice: Choice) -> str | None:
        """What cannot be changed stays."""
        if isinstance(choice, Setting) and choice.fixed:
            return None
        return choice.action

    def draw_page(self, page: Page) -> None:
        """The song's name; the choices say the rest."""
        heading(page, tr("Practise: {song}", song=self.view.song))


@dataclass(frozen=True)
class BetweenView:
    """Between two passes: pinches and passes so far. ``faster`` offers the next speed (a share of
    the song's tempo, None: none); ``goes_on`` says that it goes on by itself."""

    pinches: int = 0
    passes: int = 0
    faster: float | None = None
    goes_on: bool = False


class BetweenScreen(Screen):
    """Actions: ``again``, ``faster`` (if that is offered), ``change`` and ``end``, which is back.

    ``touched`` says that somebody did something here: then it does not go on by itself.
    """

    back = "end"

    def __init__(self, canvas: Canvas, view: BetweenView):
        super().__init__(canvas)
        self.view = view
        self.touched = False
        area = below_heading(self.scale)
        gap = 32 / self.scale.zoom
        high = max(104.0, 148 / self.scale.zoom)
        keys = [
            ("again", tr("Again"), "again"),
            ("change", tr("Change"), "practice"),
        ]
        if view.faster is not None:
            keys.insert(0, ("faster", tr("Yes, faster"), "faster"))
        row = Box(area.x, area.bottom - high, area.w, high)
        self._words = Box(area.x, area.y, area.w, area.h - high - gap)
        made = row_of_keys(self.scale, row, keys, gap, HEADING, first=1.3)
        made[0].primary = True
        self.choices = list(made)
        self.choices.append(corner_key(self.scale, "end", tr("Stop"), "stop"))

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """Whatever is done here, but for a pointer that only moves, keeps it from going on."""
        if not isinstance(command, Pointer) or command.pressed:
            self.touched = True
        return super().handle(command)

    def draw_page(self, page: Page) -> None:
        """A question or a word, and a card with what was done so far."""
        view, box = self.view, self._words
        heading(page, tr("Again") if view.faster is None else tr("A little faster?"))
        page.panel(box)
        inner = box.inset(SPACE_4, SPACE_3)
        if view.faster is not None:
            last = tr("The next speed is {share}.", share=percent(view.faster))
        elif view.goes_on:
            last = tr("It goes on by itself.")
        else:
            last = tr("Ready when you are.")
        done = plural("{n} pinch so far", "{n} pinches so far", view.pinches)
        times = plural("{n} time through", "{n} times through", view.passes)
        if box.h < _STRING_FROM:
            part = inner.h / 3
            rows = (
                (done, LABEL, LAMP, True),
                (times, BODY, TEXT, False),
                (last, BODY, SOFT_TEXT, False),
            )
            for i, (words, size, colour, bold) in enumerate(rows):
                row = Box(inner.x, inner.y + i * part, inner.w, part)
                page.write(words, row, size, colour, bold=bold)
            return
        page.write(done, Box(inner.x, inner.y, inner.w, 150), TITLE, LAMP, bold=True)
        self._draw_passes(page, inner.x, inner.y + 220, inner.w)
        y = inner.y + 280
        page.write(times, Box(inner.x, y, inner.w, 90), LABEL)
        page.line(inner.x, y + 100, inner.right, y + 102, mix(GROUND, EDGE_LINE, 0.5), 2)
        box = Box(inner.x, y + 104, inner.w, inner.bottom - y - 104)
        page.write(last, box, LABEL, SOFT_TEXT, lines=2)

    def _draw_passes(self, page: Page, x: float, y: float, wide: float) -> None:
        """A string with a lit bead for every pass, and one more that waits."""
        lit = min(self.view.passes, _MOST_BEADS)
        step = wide / (_MOST_BEADS + 1)
        page.line(x, y, x + wide, y, mix(CARD, MARK, 0.5), 4)
        page.line(x, y, x + step * (lit + 0.5), y, LAMP, 6)
        for i in range(lit):
            page.centre(_bead(page, 44, LAMP, LAMP), x + step * (i + 0.5), y)
        page.centre(_bead(page, 52, RAISED, LAMP), x + step * (lit + 0.5), y)


def _bead(page: Page, side: float, fill: RGB, edge: RGB) -> pygame.Surface:
    across = page.scale.px(side)
    return paint.rounded(across, across, across // 2, fill, edge, page.scale.px(5))
