"""Which encoding the text of a MIDI file is in: the format does not say.

The text of a song is a few words in syllables, so statistics have little to go on.
``charset-normalizer`` was tried on lines of songs: it took German for hp_roman8, Spanish for
cp1250 and Russian in KOI8 for Japanese. The few rules here use what karaoke files are known to be
in: UTF-8, else Shift-JIS or Windows-1251 where the text is plainly Japanese or Cyrillic, else
Windows-1252, the encoding of the machines most of them were made on.
"""

from collections.abc import Iterable

#: So much of a file's text is looked at; a novel in a hostile file is not read.
_SAMPLE_BYTES = 50_000
#: The language of a Soft Karaoke file (``@L``), and the tag of the MIDI association's
#: recommended practice RP-026, which know two encodings that matter here.
_TAGS = {b"@LRUSS": "cp1251", b"@LJAPN": "cp932", b"{@JP}": "cp932", b"{@LATIN}": "cp1252"}
#: So many of the foreign characters are kana in any Japanese text; kanji alone prove nothing,
#: since half of all byte pairs are one.
_KANA = 0.3
#: So many letters of Cyrillic text are not ASCII, and so many of those are letters in cp1251.
_CYRILLIC = 0.6
_CYRILLIC_LETTERS = frozenset([0xA8, 0xB8, *range(0xC0, 0x100)])


def encoding_of(texts: Iterable[bytes]) -> str:
    """The encoding of those ``texts`` that are not UTF-8: cp932, cp1251 or cp1252."""
    sample = bytearray()
    for text in texts:
        for tag, encoding in _TAGS.items():
            if text.startswith(tag):
                return encoding
        if len(sample) < _SAMPLE_BYTES and not text.isascii() and not _is_utf8(text):
            sample += text[:_SAMPLE_BYTES] + b" "
    if not sample:
        return "cp1252"
    if _looks_japanese(bytes(sample)):
        return "cp932"
    high = [byte for byte in sample if byte >= 0x80]
    letters = len(high) + sum(1 for byte in sample if chr(byte).isalpha() and byte < 0x80)
    cyrillic = sum(byte in _CYRILLIC_LETTERS for byte in high)
    if len(high) >= _CYRILLIC * letters and cyrillic >= 0.9 * len(high) and len(high) > 3:
        return "cp1251"
    return "cp1252"


def decode(raw: bytes, encoding: str) -> str:
    """``raw`` as text: UTF-8 if it can be that, else in ``encoding``; only what can be printed."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode(encoding, errors="replace")
    return "".join(c for c in text if c.isprintable() or c in "\r\n")


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _looks_japanese(sample: bytes) -> bool:
    foreign = [c for c in sample.decode("cp932", errors="replace") if c > "\x7f"]
    broken = sum(c == "\ufffd" for c in foreign)
    kana = sum("\u3041" <= c <= "\u30ff" for c in foreign)
    return broken <= 0.02 * len(foreign) and kana >= _KANA * len(foreign)
