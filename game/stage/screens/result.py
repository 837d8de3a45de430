"""The result: effort first, one good thing, one next step; the song as it was played on demand."""

from dataclasses import dataclass, field

import pygame

from game.core.grips import Grip, lanes
from game.stage import paint, palettes
from game.stage.grip_words import grip_label
from game.stage.page import Box, Page
from game.stage.rows import row_of_keys
from game.stage.screens.base import Canvas, Screen
from game.stage.shapes import shape
from game.stage.theme import (
    BODY,
    EDGE_LINE,
    EFFORT,
    FAINT_EDGE,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    MARK,
    RAISED,
    SOFT_TEXT,
    SPACE_2,
    TEXT,
    TITLE,
    mix,
)
from game.stage.widgets import Choice, corner_key
from game.words import number, plural, tr

#: Counts and cards are shown on a page of this height.
_ALL_FROM = 1000.0

#: The key to the next patient says more than other keys in its corner.
_NEXT_WIDE = 500.0

#: How high the strip of the counts is.
_COUNTS_HIGH = 148.0


@dataclass(frozen=True)
class Mark:
    """One target of the song as played: when (0 to 1 of the song), which grip, and if hit."""

    at: float
    grip: Grip
    hit: bool


@dataclass(frozen=True)
class ResultView:
    """What to tell after a song. ``counts`` counted pinches per grip; ``score`` 0 to 10 000, None
    where there is none, with ``score_words`` that name it.

    ``marks`` is the song as played: shown if it is asked for. ``pace`` is the own level in words
    and empty where it did not adapt; ``pace_words`` never say that it went down. ``practised`` says
    that it was no play of the song, but practice.

    In a session ``session`` says what comes next. ``onward`` is that in the words of a key, where
    no other song may come before it.

    ``station``: patients take turns, and a key leads to the next one. ``team`` says how far the
    team is (empty: no team), ``team_before`` and ``team_now`` how far it was before this play and
    is now, 0 to 1.
    """

    pinches: int = 0
    song: str = ""
    counts: dict[Grip, int] = field(default_factory=dict)
    hand: str = "right"
    marks: tuple[Mark, ...] = ()
    score: int | None = None
    score_words: str = ""
    pace: str = ""
    pace_words: str = ""
    good: str = ""
    good_words: str = ""
    step: str = ""
    step_words: str = ""
    practised: bool = False
    session: str = ""
    onward: str = ""
    station: bool = False
    team: str = ""
    team_words: str = ""
    team_before: float = 0.0
    team_now: float = 0.0


class ResultScreen(Screen):
    """Actions: ``again``, ``songs``, ``practice`` and ``stop``; in a session ``songs``, ``again``,
    ``rest`` and ``finish``, or ``onward`` alone. One key more shows the song as it
    was played in place of the cards, and takes it away again. Where patients take turns ``who``
    stands in the place of ``stop``, which is Escape."""

    back = "stop"

    def __init__(self, canvas: Canvas, view: ResultView):
        super().__init__(canvas)
        self.view = view
        self._record = False
        scale = self.scale
        self._everything = scale.high >= _ALL_FROM
        self._fill()

    def _fill(self) -> None:
        view, scale = self.view, self.scale
        keys = [
            ("again", tr("Play the song") if view.practised else tr("Play again"), "again"),
            ("practice", tr("Practice"), "practice"),
            ("songs", tr("Songs"), "note"),
        ]
        if view.onward:
            keys = [("onward", view.onward, "onward")]
        elif view.session:
            keys = [
                ("songs", tr("Next song"), "note"),
                ("again", tr("Again"), "again"),
                ("rest", tr("Rest"), "rest"),
                ("finish", tr("Finish"), "check"),
            ]
        if view.marks and self._everything:
            keys.append(("record", tr("Words") if self._record else tr("As played"), "lists"))
        gap = 32.0 / scale.zoom
        high = 120.0 if self._everything else 104.0
        y = scale.high - min(52.0, scale.margin) - high
        self._keys_top = y
        row = Box(scale.margin, y, scale.wide - 2 * scale.margin, high)
        made = row_of_keys(scale, row, keys, gap, first=1.3)
        made[0].primary = True
        self.choices = list(made)
        if view.station:
            # There is room for all of it where letters are not much larger.
            words = tr("Next patient") if self._everything else tr("Switch")
            key = corner_key(scale, "who", words, "people")
            if self._everything:
                box = key.box
                key.box = Box(box.right - _NEXT_WIDE, box.y, _NEXT_WIDE, box.h)
            self.choices.append(key)
        else:
            self.choices.append(corner_key(scale, "stop", tr("Stop"), "stop"))

    def show(self, view: ResultView) -> None:
        """The same with more to tell; the focus stays."""
        self.view = view
        self.stale = True

    def choose(self, choice: Choice) -> str | None:
        """The record is shown on this page."""
        if choice.action != "record":
            return choice.action
        self._record = not self._record
        self._fill()
        self.stale = True
        return None

    def draw_page(self, page: Page) -> None:
        """Number, counts, and three cards or the record; larger letters leave the number and the
        words."""
        scale = page.scale
        number_high = 236.0 if self._everything else min(220.0, scale.high * 0.235)
        self._draw_number(page, Box(scale.margin, scale.margin * 0.5, 0, number_high))
        y = scale.margin * 0.5 + number_high + 16
        across = scale.wide - 2 * scale.margin
        if not self._everything:
            room = self._keys_top - 24 / scale.zoom - y
            self._draw_lines(page, Box(scale.margin, y, across, room))
            return
        self._draw_counts(page, Box(scale.margin, y, across, _COUNTS_HIGH))
        y += _COUNTS_HIGH + 32
        below = Box(scale.margin, y, across, self._keys_top - 40 - y)
        if self._record:
            self._draw_record(page, below)
        else:
            self._draw_cards(page, below)

    def _draw_number(self, page: Page, box: Box) -> None:
        """The effort, and beside it what was played and how it went."""
        view, scale = self.view, page.scale
        size = EFFORT if self._everything and view.pinches < 1000 else TITLE * 2
        size = min(size, int(box.h * 0.9))
        words = number(view.pinches)
        wide = page.width(words, size, True) + 8
        wrote = page.write(words, Box(box.x - 4, box.y, wide, box.h), size, LAMP, bold=True)
        left = wrote.right + 40 / scale.zoom
        corner = self.choices[-1].box
        room = corner.x - left - 24
        pinches = plural("pinch", "pinches", view.pinches)
        lines = [(view.song, BODY), (pinches, TITLE)]
        if self._everything and view.score_words:
            lines.append((view.score_words, BODY))
        if not self._everything and box.h < 190:
            lines = [(pinches, TITLE)]
        shares = {1: (1.0,), 2: (0.4, 0.6), 3: (0.27, 0.43, 0.3)}[len(lines)]
        y = box.y
        for (line, letters), share in zip(lines, shares, strict=True):
            part = Box(left, y, room, box.h * share)
            bold = letters == TITLE
            colour = TEXT if bold else SOFT_TEXT
            page.write(line, part, letters, colour, bold=bold, lines=1 if bold else 2)
            y += part.h

    def _draw_counts(self, page: Page, box: Box) -> None:
        """One strip: the shape of each grip, its count and its name."""
        page.panel(box)
        pitch = box.w / 5
        for i, grip in enumerate(lanes(self.view.hand)):
            x, wide = box.x + i * pitch + 28, pitch - 36
            above = box.h * 0.56
            picture = shape(grip, page.scale.px(34), "solid", self.view.hand)
            page.centre(picture, x + 38, box.y + above / 2 + 6)
            count = number(self.view.counts.get(grip, 0))
            place = Box(x + 88, box.y + 4, wide - 88, above)
            page.write(count, place, HEADING, bold=True)
            below = Box(x, box.y + above, wide, box.h - above - 6)
            page.write(grip_label(grip), below, BODY, SOFT_TEXT)

    def _cards(self) -> tuple[tuple[str, str, str, str], ...]:
        """Icon, label, words, and the line below of each card."""
        view = self.view
        cards = [
            ("check", tr("One good thing"), view.good, view.good_words),
            ("step", tr("Next step"), view.step, view.step_words),
        ]
        if view.team:
            cards.insert(0, ("people", tr("Our team"), view.team, view.team_words))
        elif view.pace:
            cards.insert(0, ("lamp", tr("Your pace"), view.pace, view.pace_words))
        return tuple(cards)

    def _draw_lines(self, page: Page, box: Box) -> None:
        """One good thing and one next step, as lines."""
        lines = [card for card in self._cards() if card[0] != "lamp"][:2]
        row = box.h / len(lines)
        for i, (icon, label, words, _) in enumerate(lines):
            panel = Box(box.x, box.y + i * row, box.w, row - SPACE_2)
            page.panel(panel)
            page.icon(icon, panel.x + 52, panel.middle[1], 56, LAMP)
            left, wide = panel.x + 104, panel.w - 128
            if panel.h >= 160:
                half = panel.h / 2 - 4
                page.write(label, Box(left, panel.y + 4, wide, half), BODY, LAMP)
                page.write(
                    words, Box(left, panel.y + 4 + half, wide, half), LABEL, bold=True, lines=2
                )
            else:
                page.write(words, Box(left, panel.y, wide, panel.h), LABEL, bold=True, lines=2)

    def _draw_record(self, page: Page, box: Box) -> None:
        """Five strings, *little* on top as on the cover; a stroke for each hit."""
        page.panel(box)
        scale = page.scale
        left, right = box.x + 128, box.right - 56
        order = lanes("right")[::-1]
        for i in range(11):
            x = left + (right - left) * i / 10
            page.line(x, box.y + 24, x, box.bottom - 24, FAINT_EDGE, 2)
        rows: dict[Grip, float] = {}
        for i, grip in enumerate(order):
            y = rows[grip] = box.y + 44 + i * (box.h - 88) / 4
            page.line(left, y - 1, right, y - 1, mix(GROUND, palettes.in_use()[grip], 0.45), 3)
            page.centre(shape(grip, scale.px(20), "plain"), box.x + 70, y)
        # Strokes thin out in a long song, so that neighbours can still be told apart.
        width = 8 if len(self.view.marks) < 350 else 5
        dot = paint.rounded(scale.px(7), scale.px(7), scale.px(4), MARK)
        for mark in self.view.marks:
            if not mark.hit:
                page.centre(dot, left + (right - left) * mark.at, rows[mark.grip])
        strokes: dict[Grip, pygame.Surface] = {
            grip: paint.rounded(
                scale.px(width), scale.px(34), scale.px(width / 2), palettes.in_use()[grip]
            )
            for grip in order
        }
        for mark in self.view.marks:
            if mark.hit:
                page.centre(strokes[mark.grip], left + (right - left) * mark.at, rows[mark.grip])

    def _draw_cards(self, page: Page, box: Box) -> None:
        gap = 32.0 / page.scale.zoom
        cards = self._cards()
        wide = (box.w - (len(cards) - 1) * gap) / len(cards)
        for i, (icon, label, words, below) in enumerate(cards):
            card = Box(box.x + i * (wide + gap), box.y, wide, box.h)
            page.panel(card)
            inner = card.inset(36, 20)
            page.icon(icon, inner.x + 24, inner.y + 32, 48, LAMP)
            page.write(label, Box(inner.x + 68, inner.y, inner.w - 68, 64), BODY, LAMP)
            top = inner.y + 72
            room = inner.bottom - top
            if icon == "people":
                self._draw_bar(page, Box(inner.x, inner.bottom - 44, inner.w, 32))
                room -= 56
            middle = room * 0.56
            page.write(words, Box(inner.x, top, inner.w, middle), LABEL, bold=True, lines=3)
            page.write(
                below, Box(inner.x, top + middle, inner.w, room - middle), BODY, SOFT_TEXT, lines=3
            )

    def _draw_bar(self, page: Page, box: Box) -> None:
        """How far the team is; what this play brought is brighter."""
        view = self.view
        page.panel(box, RAISED, EDGE_LINE, corner=box.h / 2, edge_width=2, shade=False)
        inner = box.inset(4, 4)
        dim = mix(GROUND, LAMP, 0.55)
        for share, colour in ((view.team_now, LAMP), (view.team_before, dim)):
            wide = inner.w * min(1.0, share)
            if wide >= inner.h:
                full = Box(inner.x, inner.y, wide, inner.h)
                page.panel(full, colour, colour, corner=inner.h / 2, edge_width=0, shade=False)
