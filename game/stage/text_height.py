"""How high words are going to be, where what stands around them depends on it."""

from typing import Final

from game.stage.page import Box, Page
from game.stage.theme import BODY

#: A line of body text, with what lies between it and the next.
LINE: Final = 56.0

#: More lines than this nobody reads.
_MOST: Final = 7


def lines_of(page: Page, words: str, wide: float, bold: bool = False, size: int = BODY) -> int:
    """How many lines ``words`` take in a box this ``wide``; 0 for none."""
    if not words:
        return 0
    for lines in range(1, _MOST):
        if page.fits(
            words, Box(0, 0, wide, lines * LINE * size / BODY), size, bold=bold, lines=lines
        ):
            return lines
    return _MOST
