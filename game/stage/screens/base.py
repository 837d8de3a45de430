"""What all screens share: choices in an order, one of them focused, and commands that move it."""

import math

import pygame

from game.core.grips import ACROSS_THE_HAND
from game.stage import paint, palettes
from game.stage.commands import Command, Pointer, Typed
from game.stage.page import Page, Written
from game.stage.theme import GROUND, Scale, mix
from game.stage.widgets import Choice

#: What a screen is made for: a window of this many pixels, at 100 % or as the scale says.
Canvas = Scale | tuple[int, int]


class Screen:
    """One screen. A subclass makes ``choices`` and draws what is not a choice.

    ``back`` is the action of Escape. ``holding`` (0 to 1, or None) is how far a held pinch has
    filled the focus ring; the program sets it. ``stale`` says that drawing would change something.
    """

    back: str | None = None

    #: Whether a voice may read it: not where a song plays, or where one only waits a moment.
    aloud = True

    #: Whether a key that means nothing chooses here.
    any_key = False

    def __init__(self, canvas: Canvas):
        self.scale = canvas if isinstance(canvas, Scale) else Scale(*canvas)
        self.size = self.scale.size
        self.choices: list[Choice] = []
        self.focus = 0
        self.stale = True
        self.written: list[Written] = []
        self._holding: float | None = None

    # ------------------------------------------------------------------ what a person does

    @property
    def focused(self) -> Choice | None:
        """The choice that CHOOSE would take."""
        return self.choices[self.focus] if self.choices else None

    @property
    def holding(self) -> float | None:
        """How far the focus ring is filled by holding; None while nothing is held."""
        return self._holding

    @holding.setter
    def holding(self, share: float | None) -> None:
        if share != self._holding:
            self._holding = share
            self.stale = True

    @property
    def typing(self) -> bool:
        """Whether a word is being typed, so that Space and Backspace belong to it."""
        return False

    def handle(self, command: Command | Pointer | Typed) -> str | None:
        """Does what ``command`` says; returns the name of the action chosen, if one was."""
        if isinstance(command, Pointer):
            return self._point(command)
        if isinstance(command, Typed):
            return self.typed(command.letter)
        if command is Command.BACK:
            return self.go_back()
        if not self.choices:
            return None
        if command is Command.CHOOSE:
            return self.choose(self.choices[self.focus])
        step = 1 if command is Command.MOVE_NEXT else -1
        self._move_to((self.focus + step) % len(self.choices))
        return None

    def go_back(self) -> str | None:
        """The action of Escape; a subclass may have something to undo first."""
        return self.back

    def typed(self, letter: str) -> str | None:
        """A letter was typed, or the last one erased; most screens have no use for it."""
        return None

    def choose(self, choice: Choice) -> str | None:
        """The action of ``choice``; a subclass keeps to itself what only changes the screen."""
        return choice.action

    def _point(self, pointer: Pointer) -> str | None:
        x, y = self.scale.design(pointer.x, pointer.y)
        for i, choice in enumerate(self.choices):
            if choice.box.contains(x, y):
                self._move_to(i)
                return self.choose(choice) if pointer.pressed else None
        return None

    def _move_to(self, index: int) -> None:
        if index != self.focus:
            self.focus = index
            self.stale = True
            self.focus_moved()

    def focus_moved(self) -> None:
        """Called when another choice is focused; most screens need nothing more."""

    # ------------------------------------------------------------------ what is seen

    def draw(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """Draws the whole screen on ``surface``; returns what changed (all of it)."""
        surface.set_clip(None)
        page = Page(surface, self.scale)
        self.draw_ground(page)
        self.draw_page(page)
        for i, choice in enumerate(self.choices):
            choice.draw(page, i == self.focus)
        if self.focused is not None:
            page.focus_ring(self.focused.box, self.focused.corner, self._holding)
        self.draw_over(page)
        self.written = page.written
        self.stale = False
        return [surface.get_rect()]

    def draw_ground(self, page: Page) -> None:
        """The evening ground; a screen over another draws that instead."""
        page.surface.blit(paint.ground(*page.surface.get_size()), (0, 0))

    def draw_page(self, page: Page) -> None:
        """Everything below the choices."""

    def draw_over(self, page: Page) -> None:
        """Everything above the choices."""


def strings_behind(page: Page, down: float = 0.74, strength: float = 0.30) -> None:
    """Five quiet strings across the page: only decoration, drawn before anything else.

    ``down`` is how far down the page they run, 0 to 1.
    """
    scale = Scale(*page.scale.size)  # a picture: it does not grow with the letters
    y = scale.high * down
    for i, grip in enumerate(ACROSS_THE_HAND):
        colour = mix(GROUND, palettes.in_use()[grip], strength)
        points = []
        for step in range(81):
            x = step / 80
            wave = math.sin(x * 3.6 + 0.5 + i * 0.16) * 70 * (1 - 0.12 * i)
            points.append(
                (x * page.surface.get_width(), scale.y(y + i * 26 - wave * (0.4 + x * 0.6)))
            )
        for shift in (0.0, 1.0):
            pygame.draw.aalines(page.surface, colour, False, [(a, b + shift) for a, b in points])
