"""Loading: a bead that travels along a string while something is made ready."""

from dataclasses import dataclass

from game.stage import paint
from game.stage.page import Box, Page
from game.stage.screens.base import Screen, strings_behind
from game.stage.theme import GROUND, LABEL, LAMP, MARK, SOFT_TEXT, TITLE, mix


@dataclass(frozen=True)
class LoadingView:
    """``progress`` 0 to 1; ``words`` what is being made ready."""

    title: str = "Griptune"
    words: str = "Getting ready"
    progress: float = 0.0


class LoadingScreen(Screen):
    """Nothing to choose, unless waiting can be given up: then ``cancel`` is Escape's action."""

    def __init__(self, size: tuple[int, int], view: LoadingView, cancel: str | None = None):
        super().__init__(size)
        self.view = view
        self.back = cancel

    def show(self, view: LoadingView) -> None:
        """Shows another state."""
        if view != self.view:
            self.view = view
            self.stale = True

    def draw_page(self, page: Page) -> None:
        """Title, string with bead, words."""
        view = self.view
        strings_behind(page, 820, 0.22)
        page.write(view.title, Box(64, 300, 1792, 140), TITLE, bold=True, align="centre")
        left, right, y = 460.0, 1460.0, 540.0
        share = max(0.0, min(1.0, view.progress))
        bead = left + (right - left) * share
        page.line(left, y - 3, right, y + 3, mix(GROUND, MARK, 0.62), 6)
        if share > 0:
            page.line(left, y - 3, bead, y + 3, LAMP, 6)
        for x in (left, right):
            dot = LAMP if x <= bead else MARK
            side = page.scale.px(26)
            page.centre(paint.rounded(side, side, side // 2, dot), x, y)
        page.centre(paint.glow(page.scale.px(56), LAMP, 0.55), bead, y)
        side = page.scale.px(40)
        page.centre(paint.rounded(side, side, side // 2, (255, 255, 255)), bead, y)
        page.write(view.words, Box(64, 600, 1792, 90), LABEL, SOFT_TEXT, align="centre")
