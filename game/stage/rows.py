"""Keys side by side, each as wide as its words need."""

from collections.abc import Sequence

from game.stage import fonts
from game.stage.fit import unbroken
from game.stage.fonts import SOFT_HYPHEN
from game.stage.page import Box
from game.stage.theme import BODY, LABEL, SPACE_2, SPACE_3, Scale
from game.stage.widgets import Key


def row_of_keys(
    scale: Scale,
    box: Box,
    keys: Sequence[tuple[str, str, str]],
    gap: float,
    size: int = LABEL,
    first: float = 1.0,
) -> list[Key]:
    """``keys`` (action, words, icon) in ``box``, ``gap`` apart, all with letters of one size.

    They are equally wide, the first ``first`` times as wide, unless one of them needs more than
    that: it gets what it needs, and the others share the rest. Where not all words fit in one line
    beside their icons they become smaller, and then the icons make way.
    """
    room = box.w - (len(keys) - 1) * gap
    words = [words for _, words, _ in keys]
    needs, with_icons = [_whole(scale, text, size) for text in words], True
    if sum(needs) > room:
        size = BODY
        needs = [_whole(scale, text, size) for text in words]
    if sum(needs) > room:
        needs, with_icons = [_longest_word(scale, text) for text in words], False
    made, x = [], box.x
    widths = _shared(room, needs, [first] + [1.0] * (len(keys) - 1))
    for (action, text, icon), wide in zip(keys, widths, strict=True):
        place = Box(x, box.y, wide, box.h)
        made.append(Key(action, place, text, icon if with_icons else "", size=size))
        x += wide + gap
    return made


def _shared(room: float, needs: Sequence[float], shares: Sequence[float]) -> list[float]:
    """``room`` in these ``shares``, but for those who need more than theirs."""
    widths = [0.0] * len(needs)
    left, others = room, list(range(len(needs)))
    while others:
        share = left / sum(shares[i] for i in others)
        tight = [i for i in others if needs[i] > share * shares[i]]
        if not tight or len(tight) == len(others):
            for i in others:
                widths[i] = share * shares[i]
            break
        for i in tight:
            widths[i] = needs[i]
            left -= needs[i]
            others.remove(i)
    return widths


def _whole(scale: Scale, words: str, size: int) -> float:
    """How wide a key must be for all of its words in a line beside its icon."""
    wide = fonts.width(unbroken(words), scale.px(size), True) / scale.factor
    return wide + size + SPACE_2 + 2 * SPACE_3 + 8


def _longest_word(scale: Scale, words: str) -> float:
    """How wide a key must be for the longest piece of its words, in the smallest letters."""
    pieces = words.replace(SOFT_HYPHEN, "- ").split() or [""]
    px = scale.px(BODY)
    return max(fonts.width(piece, px, True) for piece in pieces) / scale.factor + 2 * SPACE_2 + 8
