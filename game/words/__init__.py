"""Words in the language of whoever looks at the screen.

English stands in the source and is what a message is found by; the other languages are ``.po``
files beside this module, read when they are asked for. One language is in use at a time::

    use("de")
    tr("Hello, {name}", name="Blue Heron")            # Guten Tag, Blue Heron
    plural("{n} pinch", "{n} pinches", 1)             # 1 Griff
"""

from game.words.catalogue import (
    LANGUAGES,
    PSEUDO,
    Words,
    best_language,
    decimal,
    language,
    names,
    number,
    percent,
    plural,
    tr,
    use,
)

__all__ = [
    "LANGUAGES",
    "PSEUDO",
    "Words",
    "best_language",
    "decimal",
    "language",
    "names",
    "number",
    "percent",
    "plural",
    "tr",
    "use",
]
