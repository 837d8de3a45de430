"""Glove help: what each electrode is like, on the drawn hand; what is wrong; what to do."""

from dataclasses import dataclass, field

import pygame

from game.core.grips import ACROSS_THE_HAND, GRIPS, Grip
from game.stage import hand, icons, paint
from game.stage.glove_state import Condition
from game.stage.grip_words import grip_label
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.shapes import shape
from game.stage.shown_hand import draw_hand
from game.stage.text_height import LINE as _LINE
from game.stage.text_height import lines_of
from game.stage.theme import (
    BODY,
    CARD,
    GOOD,
    HEADING,
    LABEL,
    LAMP,
    MARK,
    RGB,
    SOFT_TEXT,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    TEXT,
)
from game.stage.widgets import Key, below_heading, corner_key, heading
from game.words import tr

#: From this width of the design on the electrodes are listed beside the hand.
_LIST_FROM = 1500.0

_KEYS_HIGH, _LOWEST_KEYS = 112.0, 96.0


@dataclass(frozen=True)
class GloveHelpView:
    """One moment. ``title`` says what is wrong or that all is well, ``to_do`` what to do.

    ``asked`` is the grip that a check asks for, with the ``pose`` of the hand and ``felt`` of
    ``wanted`` pinches. ``checking`` tells that a check runs; ``found`` that there is a glove, and
    ``lost`` that there was one.
    """

    title: str = ""
    to_do: str = ""
    glove: str = ""
    side: str = "right"
    conditions: dict[Grip, Condition] = field(default_factory=dict)
    contacts: int = 0
    checking: bool = False
    found: bool = True
    lost: bool = False
    asked: Grip | None = None
    pose: int = 0
    felt: int = 0
    wanted: int = 0


class GloveHelpScreen(Screen):
    """Actions: ``check`` (try every finger, or look for a glove), ``stop_check``, ``keyboard`` (do
    without the glove) and ``leave``."""

    back = "leave"

    def __init__(self, canvas: Canvas, view: GloveHelpView):
        super().__init__(canvas)
        self.view = view
        scale = self.scale
        area = below_heading(scale)
        gap = SPACE_4 / scale.zoom
        self._listed = scale.wide >= _LIST_FROM
        self._card = Box(area.x, area.y, area.w * (0.36 if self._listed else 0.28), area.h)
        left = self._card.right + gap
        wide = area.right - left
        if self._listed:
            self._key = Box(left, area.bottom - _KEYS_HIGH, wide, _KEYS_HIGH)
        else:  # the keys need the whole width
            self._key = Box(area.x, area.bottom - _LOWEST_KEYS, area.w, _LOWEST_KEYS)
            self._card = Box(area.x, area.y, self._card.w, self._key.y - gap - area.y)
        self._words = Box(left, area.y, wide, self._key.y - gap - area.y)
        self._fill()

    def _fill(self) -> None:
        view = self.view
        if view.checking:
            keys = [("stop_check", tr("Stop the check"), "stop")]
        elif view.found:
            keys = [("check", tr("Check every finger"), "check")]
        else:
            keys = [("check", tr("Look again"), "again")]
        if view.lost and not view.checking:
            keys.append(("keyboard", tr("Keyboard"), "keyboard"))
        gap = SPACE_3 / self.scale.zoom
        wide = (self._key.w + gap) / len(keys) - gap
        self.choices = [
            Key(
                action,
                Box(self._key.x + i * (wide + gap), self._key.y, wide, self._key.h),
                words,
                icon,
                primary=i == 0 and not view.checking,
                size=LABEL,
            )
            for i, (action, words, icon) in enumerate(keys)
        ]
        self.choices.append(corner_key(self.scale, "leave", tr("Back"), "back"))
        self.focus = min(self.focus, len(self.choices) - 1)

    def show(self, view: GloveHelpView) -> None:
        """Another moment."""
        if view != self.view:
            self.view = view
            self._fill()
            self.stale = True

    def draw_page(self, page: Page) -> None:
        """The hand left; what is wrong, what to do and every electrode right."""
        view = self.view
        heading(page, tr("Glove help"))
        page.panel(self._card)
        box = self._card.inset(SPACE_3 / page.scale.zoom)
        place = draw_hand(page, box, view.asked, view.pose, view.contacts, view.side)
        if view.asked is None:
            self._mark_electrodes(page, place)
        if self._listed:
            self._draw_listed(page)
        else:
            self._draw_words(page, self._words)

    def _draw_words(self, page: Page, box: Box) -> None:
        view = self.view
        dots = view.asked is not None and view.wanted > 0
        below = "" if dots else view.to_do or view.glove
        large, small = (HEADING, LABEL) if self._listed else (BODY, BODY)
        title = box.h * 0.52
        if not self._listed:
            title = lines_of(page, view.title, box.w, True) * _LINE + 12
            if not dots and title + lines_of(page, below, box.w) * _LINE > box.h:
                title, below = box.h, ""  # the hand shows where to look
        top = Box(box.x, box.y, box.w, min(box.h, title))
        page.write(view.title, top, large, bold=True, lines=4)
        rest = Box(box.x, top.bottom, box.w, box.bottom - top.bottom)
        if dots:
            self._draw_dots(page, rest)
        elif below:
            page.write(below, rest, small, SOFT_TEXT, lines=4)

    def _draw_dots(self, page: Page, box: Box) -> None:
        """A lamp for every pinch that came."""
        radius = min(30.0, box.h / 2 - 4)
        for i in range(self.view.wanted):
            x = box.x + radius + i * (2 * radius + SPACE_2)
            lit = i < self.view.felt
            page.panel(
                Box(x - radius, box.middle[1] - radius, 2 * radius, 2 * radius),
                LAMP if lit else None,
                LAMP if lit else MARK,
                corner=radius,
                edge_width=5,
                shade=False,
            )

    def _draw_listed(self, page: Page) -> None:
        view, box = self.view, self._words
        rows_high = 5 * 74.0
        self._draw_words(page, Box(box.x, box.y, box.w, box.h - rows_high - SPACE_3))
        order = ACROSS_THE_HAND if view.side == "right" else ACROSS_THE_HAND[::-1]
        y = box.bottom - rows_high
        for grip in order:
            condition = view.conditions.get(grip, Condition.UNHEARD)
            closed = bool(view.contacts >> grip & 1)
            middle = y + 37
            page.centre(shape(grip, page.scale.px(26), "plain", view.side), box.x + 34, middle)
            page.write(grip_label(grip), Box(box.x + 84, y, 330, 74), BODY, bold=True)
            words = tr("touching now") if closed and not condition.is_fault else tr(condition.value)
            name, colour = _sign(condition)
            page.icon(name, box.x + 448, middle, 44, colour)
            ink = TEXT if condition.is_fault or closed else SOFT_TEXT
            page.write(words, Box(box.x + 490, y, box.right - box.x - 490, 74), BODY, ink)
            y += 74

    def _mark_electrodes(self, page: Page, place: pygame.Rect) -> None:
        """A sign at every fingertip: what is good, and what needs a look."""
        for grip in GRIPS:
            condition = self.view.conditions.get(grip, Condition.UNHEARD)
            if self.view.contacts >> grip & 1 or condition is Condition.UNHEARD:
                continue
            at = hand.resting_tip(grip, None, place.h, self.view.side)
            sign = _disc(condition, round(place.h * (0.09 if condition.is_fault else 0.07)))
            page.surface.blit(sign, sign.get_rect(center=(place.x + at[0], place.y + at[1])))


def _sign(condition: Condition) -> tuple[str, RGB]:
    """The icon of a condition and its colour: never a cross, never red."""
    if condition.is_fault:
        return "attention", LAMP
    if condition is Condition.GOOD:
        return "check", GOOD
    return "more", MARK


def _disc(condition: Condition, side: int) -> pygame.Surface:
    name, colour = _sign(condition)
    picture = paint.rounded(side, side, side // 2, CARD, colour, max(2, side // 12)).copy()
    sign = icons.icon(name, round(side * 0.66), colour)
    picture.blit(sign, sign.get_rect(center=(side // 2, side // 2)))
    return picture
