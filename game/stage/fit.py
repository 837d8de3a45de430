"""Makes words fit a box: first smaller, then over more lines, then with "…" at the end.

Whatever a file is called, the text neither leaves its box nor falls below the body size.
"""

from dataclasses import dataclass
from functools import lru_cache

from game.stage import fonts
from game.stage.theme import BODY, Scale

#: A paragraph has at most this many words in a line (one-line texts are not cut for it).
MOST_WORDS = 8


@dataclass(frozen=True)
class Fitted:
    """Lines that fit, at ``size`` design pixels; ``whole`` is False when something was left out."""

    lines: tuple[str, ...]
    size: int
    whole: bool


@lru_cache(maxsize=1024)
def fit(
    words: str,
    width: float,
    size: int,
    scale: Scale,
    *,
    bold: bool = False,
    lines: int = 1,
    smallest: int = BODY,
) -> Fitted:
    """``words`` within ``width`` design pixels and at most ``lines`` lines, as large as possible.

    Begins at ``size`` and goes down to ``smallest`` (never below the body size), trying fewer
    lines before smaller letters only while the size stays the same.
    """
    words = fonts.drawable(words, words and "…")
    smallest = max(min(smallest, size), BODY)
    limit = int(width * scale.factor)
    step = size
    while True:
        px = scale.px(step)
        wrapped = _wrap(words, limit, px, bold) if lines > 1 else [unbroken(words)]
        if len(wrapped) <= lines and all(fonts.width(w, px, bold) <= limit for w in wrapped):
            return Fitted(tuple(wrapped), step, True)
        if step <= smallest:
            break
        step = max(smallest, step - 4)
    kept = wrapped[:lines]
    if len(wrapped) > lines:
        kept[-1] = " ".join(wrapped[lines - 1 :])
    short = [_elide(line, limit, px, bold) for line in kept]
    return Fitted(tuple(short), step, False)


def _wrap(words: str, limit: int, px: int, bold: bool) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in words.split(" "):
        longer = f"{current} {unbroken(word)}" if current else unbroken(word)
        full = current.count(" ") + 1 >= MOST_WORDS
        if current and (full or fonts.width(longer, px, bold) > limit):
            lines.append(current)
            longer = unbroken(word)
        if fonts.width(longer, px, bold) > limit:
            *broken, longer = _broken(word, limit, px, bold)
            lines += broken
        current = longer
    return [*lines, current]


def _broken(word: str, limit: int, px: int, bold: bool) -> list[str]:
    """``word`` at as few of its soft hyphens as possible; whole where there are none."""
    parts = word.split(fonts.SOFT_HYPHEN)
    rows = [parts[0]]
    for part in parts[1:]:
        if fonts.width(f"{rows[-1]}{part}-", px, bold) > limit:
            rows.append(part)
        else:
            rows[-1] += part
    return [f"{row}-" for row in rows[:-1]] + rows[-1:]


def unbroken(words: str) -> str:
    """``words`` without their soft hyphens."""
    return words.replace(fonts.SOFT_HYPHEN, "")


def _elide(line: str, limit: int, px: int, bold: bool) -> str:
    if fonts.width(line, px, bold) <= limit:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if fonts.width(line[:middle].rstrip() + "…", px, bold) <= limit:
            low = middle
        else:
            high = middle - 1
    return line[:low].rstrip() + "…"
