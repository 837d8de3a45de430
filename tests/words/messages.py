"""Every message in the source: what the catalogues hold. Run it to bring them up to date.

``python -m tests.words.messages`` adds what is new to every ``.po`` file, untranslated, and takes
out what is gone.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from jinja2 import Environment, nodes

from game.words import LANGUAGES
from game.words.catalogue import po_file

ROOT = Path(__file__).resolve().parents[2]

#: Functions that take messages, and how many of their first arguments are.
_TAKERS = {"tr": 1, "mark": 1, "Say": 1, "plural": 2}


class Message(NamedTuple):
    """A message and where it stands; ``many`` is its plural, empty if it has none."""

    one: str
    many: str
    where: str


def messages() -> list[Message]:
    """Every message of the game, in the order of the files."""
    found = []
    for path in sorted((ROOT / "game").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += list(_of(tree, str(path.relative_to(ROOT))))
    for path in sorted([*(ROOT / "game").rglob("*.html"), *(ROOT / "game").rglob("*.jinja")]):
        found += list(_of_template(path))
    return found


def _of(tree: ast.AST, where: str) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        taken = node.args[: _TAKERS.get(name, 0)]
        for argument in taken:
            assert not isinstance(argument, ast.JoinedStr), (
                f"{where}:{node.lineno}: a message has {{names}}, and no f before it"
            )
        texts = [a.value for a in taken if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if texts and texts[0]:
            yield Message(texts[0], texts[1] if len(texts) > 1 else "", where)


def _of_template(path: Path) -> Iterator[Message]:
    """The messages of a template: those that stand in it as constants."""
    where = str(path.relative_to(ROOT))
    tree = Environment().parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        taken = call.args[: _TAKERS.get(name, 0)]
        texts = [a.value for a in taken if isinstance(a, nodes.Const) and isinstance(a.value, str)]
        if texts and texts[0]:
            yield Message(texts[0], texts[1] if len(texts) > 1 else "", where)


def bring_up_to_date(language: str) -> None:
    """Add what is new to the catalogue of ``language`` and take out what is gone."""
    path = po_file(language)
    old = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = {
        "Project-Id-Version": "griptune",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    places: dict[str, set[str]] = {}
    kept: dict[str, Message] = {}
    for message in messages():
        places.setdefault(message.one, set()).add(message.where)
        if message.many or message.one not in kept:
            kept[message.one] = message
    for one, message in kept.items():
        before = old.get(one)
        entry = polib.POEntry(msgid=one, occurrences=[(w, "") for w in sorted(places[one])])
        if message.many:
            entry.msgid_plural = message.many
            forms = dict(before.msgstr_plural) if before is not None else {}
            entry.msgstr_plural = {0: forms.get(0, ""), 1: forms.get(1, "")}
        elif before is not None:
            entry.msgstr = before.msgstr
        catalogue.append(entry)
    catalogue.save(str(path))


if __name__ == "__main__":
    for one in LANGUAGES:
        if one != "en":
            bring_up_to_date(one)
