"""Text from other people's files: in some encoding, with markup for another game's screen."""

import re

from game.music.encoding import encoding_of

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: Rich text of the Unity engine, which Clone Hero shows: ``<color=#FF0000>``, ``</b>``.
_RICH_TEXT = re.compile(
    r"</?(?:b|i|u|s|size|color|alpha|material|quad|sup|sub|nobr|mark|font|style|voffset)"
    r"(?:=[^<>]{0,64})?>",
    re.IGNORECASE,
)


def decoded(data: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else in what its words look like.

    UTF-16 without a mark shows in the zeros between Latin letters. Never raises: what fits no
    encoding becomes U+FFFD.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    head = data[:400]
    if head.count(0) > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        foreign = [word for word in data.split() if not word.isascii()]
        return data.decode(encoding_of(foreign), errors="replace")


def plain(text: str, longest: int = 200) -> str:
    """``text`` in one line without markup and control characters, at most ``longest`` letters."""
    shown = "".join(c if c.isprintable() else " " for c in _RICH_TEXT.sub("", text))
    return " ".join(shown.split())[:longest].strip()
