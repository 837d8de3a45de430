"""What a helper may change of somebody's plan: preset, minutes, days, fastest pace, grips."""

from dataclasses import dataclass

from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.screens.practice import Setting
from game.stage.widgets import below_heading, corner_key, heading
from game.words import decimal, plural, tr


@dataclass(frozen=True)
class PlanSettingsView:
    """Whose plan; ``preset`` in words, empty where none was chosen here; targets a second."""

    nickname: str
    preset: str
    minutes: int
    days: int
    fastest: float
    grips: int


class PlanSettingsScreen(Screen):
    """Actions: ``preset``, ``minutes``, ``days``, ``fastest`` (each takes the next value),
    ``grips``, and ``kept``, which is done."""

    back = "kept"

    def __init__(self, canvas: Canvas, view: PlanSettingsView):
        super().__init__(canvas)
        self.view = view
        self._fill()

    def show(self, view: PlanSettingsView) -> None:
        """Another value; the focus stays."""
        self.view = view
        self._fill()
        self.stale = True

    def _fill(self) -> None:
        view, area = self.view, below_heading(self.scale)
        gap = 24.0 if self.scale.zoom < 1.3 else 16.0
        high, wide = (area.h - 2 * gap) / 3, (area.w - gap) / 2
        settings = (
            ("preset", tr("Begin with"), view.preset or tr("As it is"), tr("Sets all the others.")),
            ("minutes", tr("Each day"), plural("{n} minute", "{n} minutes", view.minutes), ""),
            ("days", tr("Each week"), plural("{n} day", "{n} days", view.days), ""),
            (
                "fastest",
                tr("Fastest"),
                tr("{rate}/s", rate=decimal(view.fastest)),
                tr("Pinches a second, at most."),
            ),
            ("grips", tr("Grips"), plural("{n} grip", "{n} grips", view.grips), ""),
        )
        self.choices = []
        for i, (action, words, value, about) in enumerate(settings):
            box = Box(area.x + i % 2 * (wide + gap), area.y + i // 2 * (high + gap), wide, high)
            self.choices.append(Setting(action, box, words, value, about))
        self.choices.append(corner_key(self.scale, "kept", tr("Done"), "check"))

    def draw_page(self, page: Page) -> None:
        """Whose plan it is."""
        heading(page, tr("Plan of {name}", name=self.view.nickname))
