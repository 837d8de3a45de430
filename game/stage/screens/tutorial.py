"""Learning to play: the drawn hand shows a grip, and dots fill as it is made."""

from dataclasses import dataclass

from game.core.grips import ACROSS_THE_HAND, Grip
from game.core.say import mark
from game.play.tutorial import PINCHES, Step
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.screens.play import PlayScreen
from game.stage.shapes import Style, shape
from game.stage.shown_hand import draw_hand
from game.stage.theme import (
    BODY,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    MARK,
    SOFT_TEXT,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    TEXT,
    mix,
)
from game.stage.view import Options
from game.stage.widgets import below_heading, corner_key, heading
from game.words import tr

#: What each grip is, in words.
PLACES = {
    Grip.KEY: mark("Thumb to the side of the index finger"),
    Grip.INDEX: mark("Thumb to the index fingertip"),
    Grip.MIDDLE: mark("Thumb to the middle fingertip"),
    Grip.RING: mark("Thumb to the ring fingertip"),
    Grip.LITTLE: mark("Thumb to the little fingertip"),
}

#: From this height of the design on there is room for everything.
_ROOMY_FROM = 900.0

_DOT = 34.0


@dataclass(frozen=True)
class LessonView:
    """One moment of the lesson. ``grip`` None is its end.

    ``pose`` is the picture of the hand (0 open, 5 touching), ``felt`` how many pinches came,
    ``steps`` what became of every grip, in the order of the lesson. ``letter`` is the key that
    makes the grip, where keys play. ``skipping`` (0 to 1) is how far a held pinch has skipped.
    """

    side: str = "right"
    grip: Grip | None = None
    pose: int = 0
    felt: int = 0
    words: str = ""
    steps: tuple[tuple[Grip, Step], ...] = ()
    letter: str = ""
    contacts: int = 0
    skipping: float | None = None


class LessonScreen(Screen):
    """Action: ``skip``, which is also Escape; pinches do not come through here."""

    back = "skip"

    def __init__(self, canvas: Canvas, view: LessonView):
        super().__init__(canvas)
        self.view = view
        self.choices = [corner_key(self.scale, "skip", tr("Skip"), "onward")]
        area = below_heading(self.scale)
        self._card = Box(area.x, area.y, area.w * 0.4, area.h)
        gap = SPACE_4 / self.scale.zoom
        self._words = Box(
            self._card.right + gap, area.y, area.right - self._card.right - gap, area.h
        )

    def show(self, view: LessonView) -> None:
        """Another moment."""
        if view != self.view:
            self.view = view
            self.stale = True

    def draw_page(self, page: Page) -> None:
        """The hand left, the words right."""
        view = self.view
        heading(page, tr("Try the grips"))
        page.panel(self._card)
        draw_hand(
            page,
            self._card.inset(SPACE_3 / page.scale.zoom),
            view.grip,
            view.pose,
            view.contacts,
            view.side,
        )
        if page.scale.high >= _ROOMY_FROM:
            self._draw_roomy(page)
        else:
            self._draw_narrow(page)

    def draw_over(self, page: Page) -> None:
        """How far a held pinch has skipped fills the ring of the key."""
        if self.view.skipping is not None:
            key = self.choices[0]
            page.focus_ring(key.box, key.corner, self.view.skipping)

    def _draw_roomy(self, page: Page) -> None:
        view, box = self.view, self._words
        y = box.y + 24
        if view.grip is not None:
            page.centre(shape(view.grip, page.scale.px(74), "solid", view.side), box.x + 90, y + 92)
            what = Box(box.x + 212, y, box.w - 212, 184)
            page.write(tr(PLACES[view.grip]), what, HEADING, bold=True, lines=2)
            self._draw_dots(page, box.x + 90, y + 262)
            if view.letter:
                letter = Box(box.x + 212, y + 222, box.w - 212, 80)
                page.write(tr("Or press {key}", key=view.letter), letter, LABEL, SOFT_TEXT)
        page.write(view.words, Box(box.x, y + 340, box.w, 170), LABEL, TEXT, lines=2)
        self._draw_steps(page, Box(box.x, box.bottom - 236, box.w, 100))
        page.write(
            tr("Or hold any pinch for three seconds to skip."),
            Box(box.x, box.bottom - 112, box.w, 104),
            BODY,
            SOFT_TEXT,
            lines=2,
        )

    def _draw_narrow(self, page: Page) -> None:
        view, box = self.view, self._words
        y = box.y
        if view.grip is not None:
            page.write(tr(PLACES[view.grip]), Box(box.x, y, box.w, 156), LABEL, bold=True, lines=3)
            self._draw_dots(page, box.x + 2 * _DOT, y + 196)
            if view.letter:
                left = 5 * _DOT + 24
                letter = Box(box.x + left, y + 166, box.w - left, 60)
                page.write(tr("Or press {key}", key=view.letter), letter, BODY, SOFT_TEXT)
            y += 236
        page.write(view.words, Box(box.x, y, box.w, box.bottom - y), BODY, lines=3)

    def _draw_dots(self, page: Page, x: float, y: float) -> None:
        """A lamp for every pinch that came, a hollow one for every one to come."""
        for i in range(PINCHES):
            at = x + i * (2 * _DOT + SPACE_2) - (_DOT if PINCHES > 1 else 0)
            side = page.scale.px(2 * _DOT)
            lit = i < self.view.felt
            page.panel(
                Box(at - _DOT, y - _DOT, 2 * _DOT, 2 * _DOT),
                LAMP if lit else None,
                LAMP if lit else MARK,
                corner=side,
                edge_width=5,
                shade=False,
            )

    def _draw_steps(self, page: Page, box: Box) -> None:
        """The grips of the lesson across the hand: what came is bright, the present one ringed."""
        steps = dict(self.view.steps)
        order = [grip for grip in ACROSS_THE_HAND if grip in steps]
        if self.view.side == "left":
            order.reverse()
        for i, grip in enumerate(order):
            x, y = box.x + 60 + i * 132, box.middle[1]
            style: Style = "solid" if steps[grip] is Step.CAME else "hollow"
            page.centre(shape(grip, page.scale.px(34), style, self.view.side), x, y)
            if steps[grip] is Step.ASKED:
                page.line(x - 34, box.bottom - 6, x + 34, box.bottom, LAMP, 6)
            elif steps[grip] is Step.PASSED:
                page.line(x - 20, box.bottom - 4, x + 20, box.bottom, mix(GROUND, MARK, 0.7), 4)


class FirstBeatScreen(PlayScreen):
    """Four targets come down the highway; its key in the corner skips them."""

    back = "skip"

    def __init__(self, canvas: Canvas, hand: str, options: Options | None = None):
        super().__init__(canvas, hand, options, corner=("skip", tr("Skip"), "onward"))
