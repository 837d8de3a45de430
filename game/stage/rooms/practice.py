"""Practising: choosing what and how, and the moment between two passes."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from game.play.practice import Passage, Practice
from game.stage.cards import breakable
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens import (
    BetweenScreen,
    BetweenView,
    PracticeScreen,
    PracticeView,
    Screen,
)
from game.stage.theme import Scale
from game.words import plural, tr

#: So long the word between two passes stands before the next one begins by itself.
BETWEEN_US = 3_500_000


class PracticeRoom(Room):
    """What of ``title`` to practise, and how. ``start`` begins it as it is set then; ``back``
    leaves. A ``recorded`` song keeps its tempo."""

    actions = frozenset({"part", "speed", "wait", "finger", "start", "stop"})

    def __init__(
        self,
        title: str,
        parts: Sequence[Passage],
        how: Practice,
        start: Callable[[Practice], None],
        back: Callable[[], None],
        *,
        recorded: bool,
    ) -> None:
        self._title = title
        self._parts = parts
        self._how = how
        self._start = start
        self._back = back
        self._recorded = recorded
        self._screen: PracticeScreen | None = None

    def screen(self, scale: Scale) -> PracticeScreen:
        """As it is set now."""
        self._screen = PracticeScreen(scale, self._view())
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Takes the next value of a setting, begins, or leaves."""
        how = self._how
        if name == "start":
            self._start(how)
        elif name == "stop":
            self._back()
        else:
            self._how = {
                "part": lambda: how.next_part(len(self._parts)),
                "speed": how.next_speed,
                "wait": lambda: replace(how, wait=not how.wait),
                "finger": lambda: replace(how, any_finger=not how.any_finger),
            }[name]()
            if self._screen is not None:
                self._screen.show(self._view())

    def _view(self) -> PracticeView:
        how = self._how
        part, about = part_words(self._parts, how.part)
        return PracticeView(
            song=breakable(self._title),
            part=part,
            about_part=about,
            speed=how.speed,
            fixed_speed=self._recorded,
            wait=how.wait,
            any_finger=how.any_finger,
        )


def part_words(parts: Sequence[Passage], part: int | None) -> tuple[str, str]:
    """What a passage is called, and a line about it. ``part`` None is the whole song."""
    if part is None:
        return tr("Whole song"), plural("{n} part", "{n} parts", len(parts))
    passage = parts[part]
    number = tr("Part {n} of {count}", n=part + 1, count=len(parts))
    seconds = round((passage.end_us - passage.start_us) / 1e6)
    length = plural("{n} second", "{n} seconds", seconds)
    return (passage.title, number) if passage.title else (number, length)


class BetweenRoom(Room):
    """Between two passes. ``deeds`` are what the keys of the screen do: ``again``, ``faster``,
    ``change`` and ``end``."""

    actions = frozenset({"again", "faster", "change", "end"})

    def __init__(
        self, evening: Evening, view: BetweenView, deeds: dict[str, Callable[[], None]]
    ) -> None:
        self._evening = evening
        self._view = view
        self._deeds = deeds
        self._until_us = evening.now() + BETWEEN_US

    def screen(self, scale: Scale) -> BetweenScreen:
        """A short word, or the offer to go faster."""
        return BetweenScreen(scale, self._view)

    def act(self, name: str, what: str) -> None:
        """Goes on, or leaves."""
        self._deeds[name]()

    def step(self, screen: Screen) -> None:
        """Goes on by itself if nobody wants anything else; a question waits for its answer."""
        if not self._view.goes_on or not isinstance(screen, BetweenScreen) or screen.touched:
            return
        if self._evening.now() >= self._until_us:
            self._deeds["again"]()
