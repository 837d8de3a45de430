"""A person as the helper sets them up: name, picture, hand, board; and the grips asked of them."""

from dataclasses import dataclass

from game.core.grips import ACROSS_THE_HAND, Grip
from game.stage.grip_words import grip_label
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.screens.practice import Setting
from game.stage.widgets import Choice, below_heading, corner_key, heading
from game.words import tr


@dataclass(frozen=True)
class PersonView:
    """Nickname, code, the animal's name in words, the hand, whether they chose the boards, and
    what is kept for a clinic's station, in words."""

    nickname: str
    code: str
    animal: str
    hand: str
    board: bool
    station: str = ""


class PersonScreen(Screen):
    """Actions: ``nickname``, ``picture``, ``hand``, ``board``, ``station``, and ``people``,
    which is back."""

    back = "people"

    def __init__(self, canvas: Canvas, view: PersonView):
        super().__init__(canvas)
        self.view = view
        hand = tr("Left") if view.hand == "left" else tr("Right")
        board = tr("Yes") if view.board else tr("No")
        settings = (
            ("nickname", tr("Nickname"), view.nickname, tr("Seen on screens and boards"), False),
            ("picture", tr("Picture"), view.animal, tr("Stands beside the name"), False),
            ("hand", tr("Hand"), hand, tr("The one that trains"), False),
            ("board", tr("Boards"), board, tr("Only if they want to be"), view.board),
            ("station", tr("In the clinic"), view.station, tr("Glove size and PIN"), False),
        )
        area = below_heading(self.scale)
        gap = 24.0 if self.scale.zoom < 1.3 else 16.0
        high, wide = (area.h - 2 * gap) / 3, (area.w - gap) / 2
        self.choices = []
        for i, (action, words, value, about, on) in enumerate(settings):
            box = Box(area.x + i % 2 * (wide + gap), area.y + i // 2 * (high + gap), wide, high)
            self.choices.append(Setting(action, box, words, value, about, on))
        self.choices.append(corner_key(self.scale, "people", tr("Back"), "back"))

    def draw_page(self, page: Page) -> None:
        """Who it is."""
        heading(page, tr("Person {code}", code=self.view.code))


@dataclass(frozen=True)
class InClinicView:
    """What is kept for a clinic's station: the size of the glove, and whether a PIN is asked."""

    code: str
    glove_size: str | None
    pin: bool


class InClinicScreen(Screen):
    """Actions: ``glove-size`` takes the next, ``pin`` sets one or takes it away; ``person``."""

    back = "person"

    def __init__(self, canvas: Canvas, view: InClinicView):
        super().__init__(canvas)
        self.view = view
        pin = tr("Is asked") if view.pin else tr("None")
        settings = (
            ("glove-size", tr("Glove size"), view.glove_size or tr("None"), tr("S, M or L")),
            ("pin", tr("PIN"), pin, tr("Four digits, so that nobody is mixed up")),
        )
        area = below_heading(self.scale)
        gap = 32 / self.scale.zoom
        high = (area.h - gap) / 2
        self.choices = []
        for i, (action, words, value, about) in enumerate(settings):
            box = Box(area.x, area.y + i * (high + gap), area.w, high)
            on = action == "pin" and view.pin
            self.choices.append(Setting(action, box, words, value, about, on))
        self.choices.append(corner_key(self.scale, "person", tr("Back"), "back"))

    def draw_page(self, page: Page) -> None:
        """Who it is."""
        heading(page, tr("Person {code}", code=self.view.code))


@dataclass(frozen=True)
class GripsView:
    """Whose grips, and which of them are asked."""

    nickname: str
    asked: frozenset[Grip]


class GripsScreen(Screen):
    """Actions: ``grip:LABEL`` asks it or no longer; ``kept`` is done, and back.

    One grip has to stay.
    """

    back = "kept"

    def __init__(self, canvas: Canvas, view: GripsView):
        super().__init__(canvas)
        self.view = view
        self._fill()

    def show(self, view: GripsView) -> None:
        """Others are asked now; the focus stays."""
        self.view = view
        self._fill()
        self.stale = True

    def _fill(self) -> None:
        area = below_heading(self.scale)
        gap = 24.0 if self.scale.zoom < 1.3 else 16.0
        high, wide = (area.h - 2 * gap) / 3, (area.w - gap) / 2
        self.choices = []
        for i, grip in enumerate(ACROSS_THE_HAND):
            asked = grip in self.view.asked
            box = Box(area.x + i % 2 * (wide + gap), area.y + i // 2 * (high + gap), wide, high)
            value = tr("Yes") if asked else tr("No")
            about = tr("One grip has to stay.") if self._last(grip) else ""
            self.choices.append(
                Setting(
                    f"grip:{grip.label}",
                    box,
                    grip_label(grip),
                    value,
                    about,
                    asked,
                    self._last(grip),
                )
            )
        self.choices.append(corner_key(self.scale, "kept", tr("Done"), "check"))

    def _last(self, grip: Grip) -> bool:
        return self.view.asked == {grip}

    def choose(self, choice: Choice) -> str | None:
        """The only grip that is left stays."""
        if isinstance(choice, Setting) and choice.fixed:
            return None
        return choice.action

    def draw_page(self, page: Page) -> None:
        """Whose grips they are."""
        heading(page, tr("Asked of {name}", name=self.view.nickname))
