"""Loading: a bead that travels along a string while something is made ready."""

from dataclasses import dataclass

from game.stage import paint
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen, strings_behind
from game.stage.theme import GROUND, LABEL, LAMP, MARK, SOFT_TEXT, TITLE, mix
from game.words import tr


@dataclass(frozen=True)
class LoadingView:
    """``progress`` 0 to 1; ``words`` what is being made ready."""

    title: str = "Griptune"
    words: str = ""
    progress: float = 0.0


class LoadingScreen(Screen):
    """Nothing to choose, unless waiting can be given up: then ``cancel`` is Escape's action."""

    aloud = False

    def __init__(self, canvas: Canvas, view: LoadingView, cancel: str | None = None):
        super().__init__(canvas)
        self.view = view
        self.back = cancel

    def show(self, view: LoadingView) -> None:
        """Shows another state."""
        if view != self.view:
            self.view = view
            self.stale = True

    def draw_page(self, page: Page) -> None:
        """Title, string with bead, words."""
        view, scale = self.view, page.scale
        strings_behind(page, 0.76, 0.22)
        y = scale.high / 2
        across = Box(scale.margin, y - 240, scale.wide - 2 * scale.margin, 140)
        page.write(view.title, across, TITLE, bold=True, align="centre", lines=2)
        left, right = scale.wide * 0.24, scale.wide * 0.76
        share = max(0.0, min(1.0, view.progress))
        bead = left + (right - left) * share
        page.line(left, y - 3, right, y + 3, mix(GROUND, MARK, 0.62), 6)
        if share > 0:
            page.line(left, y - 3, bead, y + 3, LAMP, 6)
        for x in (left, right):
            dot = LAMP if x <= bead else MARK
            side = scale.px(26)
            page.centre(paint.rounded(side, side, side // 2, dot), x, y)
        page.centre(paint.glow(scale.px(56), LAMP, 0.55), bead, y)
        side = scale.px(40)
        page.centre(paint.rounded(side, side, side // 2, (255, 255, 255)), bead, y)
        words = Box(across.x, y + 60, across.w, 110)
        page.write(
            view.words or tr("Getting ready"), words, LABEL, SOFT_TEXT, align="centre", lines=2
        )
