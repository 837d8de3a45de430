"""No play today: whom to call, and when to call somebody else at once."""

from dataclasses import dataclass

from game.core.say import mark
from game.stage import paint
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    BODY,
    EDGE_LINE,
    GROUND,
    HEADING,
    LABEL,
    LAMP,
    RAISED,
    SOFT_TEXT,
    SPACE_3,
    mix,
)
from game.stage.widgets import Key, below_heading
from game.words import tr

#: When it is no matter for the therapist.
EMERGENCY = mark(
    "New weakness, a drooping face, trouble speaking, chest pain: call emergency services."
)

#: From this width on an icon stands beside the words.
_ICON_FROM = 1600.0


@dataclass(frozen=True)
class NoPlayView:
    """``urgent`` when emergency services come first."""

    urgent: bool = False


class NoPlayScreen(Screen):
    """Action: ``home``, also of Escape."""

    back = "home"

    def __init__(self, canvas: Canvas, view: NoPlayView):
        super().__init__(canvas)
        self.view = view
        area = below_heading(self.scale)
        high = max(104.0, 128.0 / self.scale.zoom)
        wide = min(640.0, area.w)
        box = Box((self.scale.wide - wide) / 2, area.bottom - high, wide, high)
        self.choices = [Key("home", box, tr("OK"), "check", primary=True, size=LABEL)]

    def draw_page(self, page: Page) -> None:
        """What first, what then."""
        scale = page.scale
        card = Box(scale.margin, scale.margin, scale.wide - 2 * scale.margin, 0)
        card = Box(card.x, card.y, card.w, self.choices[0].box.y - SPACE_3 - card.y)
        page.panel(card)
        words = card.inset(48 / scale.zoom, 20 / scale.zoom)
        if scale.wide >= _ICON_FROM:
            side = scale.px(260)
            x = card.x + 220
            page.centre(
                paint.rounded(side, side, side // 2, RAISED, EDGE_LINE, 3), x, card.middle[1]
            )
            page.icon("attention" if self.view.urgent else "phone", x, card.middle[1], 140, LAMP)
            words = Box(card.x + 430, words.y, words.right - card.x - 430, words.h)
        help_now = tr(
            "New weakness, a drooping face, trouble speaking, chest pain: call emergency services."
        )
        therapist = tr("Please call your therapist.")
        title = tr("No play today")
        first, then = (help_now, therapist) if self.view.urgent else (therapist, help_now)
        parts = (0.18, 0.66, 0.16) if self.view.urgent else (0.18, 0.2, 0.62)
        rows = [words.h * part for part in parts]
        page.write(title, Box(words.x, words.y, words.w, rows[0]), HEADING, bold=True)
        y = words.y + rows[0]
        size = LABEL if scale.high >= 700 else BODY
        page.write(first, Box(words.x, y, words.w, rows[1] - 8), size, bold=True, lines=5)
        y += rows[1]
        page.line(words.x, y - 4, words.right, y - 2, mix(GROUND, EDGE_LINE, 0.5), 2)
        page.write(then, Box(words.x, y + 4, words.w, rows[2] - 4), size, SOFT_TEXT, lines=5)
