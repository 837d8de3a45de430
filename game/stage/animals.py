"""What the animals of the pictures are called: ready nicknames for whoever types nothing."""

from collections.abc import Iterable

from game.records.pictures import NAMES
from game.words import tr


def animal_name(picture: str) -> str:
    """The animal of ``picture`` in words."""
    return tr(NAMES[picture]) if picture in NAMES else picture.capitalize()


def ready_nicknames(taken: Iterable[str]) -> list[tuple[str, str]]:
    """(picture, nickname) of every animal that nobody is called yet; if there is none, all of them
    with a number."""
    names = set(taken)
    number = 1
    while True:
        ending = "" if number == 1 else f" {number}"
        free = [(picture, animal_name(picture) + ending) for picture in NAMES]
        free = [(picture, name) for picture, name in free if name not in names]
        if free:
            return free
        number += 1
