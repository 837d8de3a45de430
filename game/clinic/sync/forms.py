"""What stations and the server say to each other, as JSON, and digests of it.

Facts have one form everywhere (:mod:`game.records.facts`): written once, known by their identifier,
taken any number of times. Plans and patients are facts too, one for every version, numbered by
when they were written: of two edits of one plan the later holds, at every place, and the other
stays below it. The difficulty as it stands is no fact; the later one holds.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from game.records.types import to_json

#: An identifier of ours in its canonical form.
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

#: Facts a station sends at a time: a lost answer costs so much again.
MOST_FACTS = 50
#: A batch is cut short when it holds so many bytes.
MOST_BATCH_BYTES = 8_000_000
#: Hashes of those who were erased, told at a time.
MOST_ERASED = 10_000
#: Rows asked for at a time.
MOST_ASKED = 200

#: The outcomes of a fact: what a station does with it is in its outbox's code.
KEPT, KNOWN, ERASED, REFUSED = "kept", "known", "erased", "refused"
#: Not yet: what it belongs to is missing, or its time has not come. Taken: another patient has the
#: code of this one.
LATER, TAKEN = "later", "taken"


class FormError(ValueError):
    """A document that is not what it has to be; the message is one sentence."""


def digest_of(document: Any) -> str:
    """SHA-256 of the document in its one written form."""
    return hashlib.sha256(to_json(document).encode()).hexdigest()


def identifier(value: Any) -> str:
    """``value`` as an identifier. Raises FormError for anything else."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise FormError("an identifier is not written as it has to be")
    return value


def text(document: Mapping[str, Any], name: str, most: int = 400) -> str:
    """The text ``name`` of ``document``. Raises FormError if it is none, or too long."""
    value = document.get(name)
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise FormError(f"“{name}” has to be a text of at most {most} letters")
    return value


def table(document: Any) -> dict[str, Any]:
    """``document`` as a table of names and values. Raises FormError."""
    if not isinstance(document, dict):
        raise FormError("a table of names and values was expected")
    return document


def rows(document: Mapping[str, Any], name: str, most: int) -> list[Any]:
    """The list ``name`` of ``document``, empty if it is not there. Raises FormError."""
    value = document.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise FormError(f"“{name}” has to be a list of at most {most}")
    return value
