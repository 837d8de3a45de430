"""What to say of a screen: its words when it comes, then whatever the focus moves to.

A screen remembers what was written on it and where; reading aloud needs nothing more of it, so
every screen can be read, also one that is still to be written.
"""

import pygame

from game.stage.page import Written
from game.stage.screens.base import Screen

#: Texts whose middles are this close, in design pixels, stand on one line.
_SAME_LINE = 40


class ReadingAloud:
    """Remembers what was said of the screen on the window."""

    def __init__(self) -> None:
        self._screen: Screen | None = None
        self._said: tuple[str, ...] = ()
        self._focused = ""

    @property
    def begun(self) -> bool:
        """Whether anything was read yet."""
        return self._screen is not None

    def says(self, screen: Screen) -> str:
        """What to say now that ``screen`` was drawn; empty if nothing is new.

        Of another screen: everything outside its choices, and the focused choice. Of the same
        one: lines that were not there before, and the choice the focus has moved to.
        """
        page, focused = page_words(screen), focused_words(screen)
        if type(screen) is not type(self._screen):
            self._said, self._focused = (), ""
        new = [words for words in page if words not in self._said]
        if focused != self._focused:
            new.append(focused)
        self._screen, self._said, self._focused = screen, page, focused
        return sentences(new)


def page_words(screen: Screen) -> tuple[str, ...]:
    """The texts outside the choices, in the order in which one reads."""
    choices = [_area(screen, i) for i in range(len(screen.choices))]
    return _in_order(
        screen,
        [w for w in screen.written if not any(c.collidepoint(w.box.center) for c in choices)],
    )


def focused_words(screen: Screen) -> str:
    """The texts of the focused choice."""
    if not screen.choices:
        return ""
    inside = _area(screen, screen.focus)
    written = [w for w in screen.written if inside.collidepoint(w.box.center)]
    return sentences(_in_order(screen, written))


def sentences(texts: "list[str] | tuple[str, ...]") -> str:
    """``texts`` with a stop between them, so that the voice pauses."""
    stopped = [text if text[-1] in ".!?…:" else f"{text}." for text in texts if text.strip()]
    return " ".join(stopped)


def _area(screen: Screen, index: int) -> pygame.Rect:
    box, scale = screen.choices[index].box, screen.scale
    left, top = scale.x(box.x), scale.y(box.y)
    return pygame.Rect(left, top, scale.x(box.right) - left, scale.y(box.bottom) - top)


def _in_order(screen: Screen, written: list[Written]) -> tuple[str, ...]:
    line = max(1, screen.scale.px(_SAME_LINE))

    def place(one: Written) -> tuple[int, int]:
        first = one.area[0] if one.area else one.box
        return first.centery // line, first.left

    return tuple(dict.fromkeys(one.words for one in sorted(written, key=place) if one.words))
