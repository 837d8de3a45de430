"""Asking how the hand is: before, between and after play, and on the day after."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from game.core.say import mark
from game.stage.evening import Evening
from game.stage.rooms.base import Room
from game.stage.screens.check_in import SIGNS, SKIN, CheckInScreen, CheckInView
from game.stage.screens.message import MessageKey, MessageScreen, MessageView
from game.stage.screens.pick import PickRow, PickScreen, PickView
from game.stage.theme import Scale
from game.therapy.check_in import CheckIn, Sign
from game.therapy.session import Stage
from game.words import tr

_TITLES = {
    Stage.CHECK_IN: mark("How is your hand?"),
    Stage.CHECK: mark("How is your hand now?"),
    Stage.CHECK_OUT: mark("How is your hand now?"),
}


class CheckInRoom(Room):
    """The page of questions. ``answered`` is told the answers and whether there is anything new;
    ``stop`` leaves."""

    actions = frozenset({"answered", "stop"})

    def __init__(
        self,
        evening: Evening,
        stage: Stage,
        comes_next: str,
        answered: Callable[[CheckIn, bool], None],
        stop: Callable[[], None],
    ) -> None:
        self._evening = evening
        self._answered = answered
        self._stop = stop
        self._screen: CheckInScreen | None = None
        self._view = check_in_view(stage, comes_next)

    def screen(self, scale: Scale) -> CheckInScreen:
        """What was answered stays in a window of another size."""
        if self._screen is not None:
            self._view = self._screen.view
        self._screen = CheckInScreen(scale, self._view)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Goes on with the answers, or leaves."""
        view = None if self._screen is None else self._screen.view
        if name == "stop" or view is None:
            self._stop()
            return
        skin = None if view.third == SIGNS else not view.wrong
        given = CheckIn(view.pain or 0, view.tired or 0, skin_ok=skin)
        self._answered(given, view.third == SIGNS and bool(view.wrong))


def check_in_view(stage: Stage, comes_next: str) -> CheckInView:
    """The page of ``stage``, nothing answered."""
    return CheckInView(
        tr(_TITLES.get(stage, _TITLES[Stage.CHECK_IN])),
        tr("Next: {what}", what=comes_next),
        SKIN if stage is Stage.CHECK_OUT else SIGNS,
    )


#: What can be chosen where something is new, and what it means.
_NEW: dict[str, tuple[str, str, tuple[Sign, ...], bool]] = {
    "sharp": (mark("Sharp or stabbing pain"), mark("Or pain that radiates"), (), True),
    "numb": (mark("New numbness"), mark("Or less feeling than before"), (Sign.NUMBNESS,), False),
    "skin": (
        mark("Swelling or a wound"),
        mark("On the hand or the arm"),
        (Sign.SWELLING, Sign.WOUND),
        False,
    ),
    "urgent": (
        mark("Face, speech or chest"),
        mark("Or new weakness: drooping, slurred, pain"),
        (Sign.WEAKNESS,),
        False,
    ),
}


class SignsRoom(Room):
    """What is new? ``then`` is told ``given`` with it; ``back`` asks the page before again."""

    actions = frozenset({"new", "back"})

    def __init__(
        self,
        evening: Evening,
        given: CheckIn,
        then: Callable[[CheckIn], None],
        back: Callable[[], None],
    ) -> None:
        self._given = given
        self._then = then
        self._back = back

    def screen(self, scale: Scale) -> PickScreen:
        """Five rows."""
        return PickScreen(scale, signs_view())

    def act(self, name: str, what: str) -> None:
        """Goes on with it, with nothing after all, or back."""
        if name == "back":
            self._back()
        elif what == "none":
            self._then(self._given)
        else:
            _, _, signs, sharp = _NEW[what]
            self._then(replace(self._given, new_signs=signs, sharp=sharp))


def signs_view() -> PickView:
    """The page: what is new."""
    icons = {"sharp": "attention", "numb": "hand", "skin": "hand", "urgent": "phone"}
    rows = [
        PickRow(f"new:{name}", tr(words), tr(below), icons[name])
        for name, (words, below, _, _) in _NEW.items()
    ]
    rows.append(PickRow("new:none", tr("Nothing of this"), tr("Go on"), "check"))
    return PickView(tr("What is new?"), tuple(rows), "back")


class AskRoom(Room):
    """A question with a few answers: ``deeds`` says what each key does."""

    actions = frozenset({"say"})

    def __init__(self, view: MessageView, deeds: Mapping[str, Callable[[], None]]) -> None:
        self._view = view
        self._deeds = deeds

    def screen(self, scale: Scale) -> MessageScreen:
        """Picture, words and keys."""
        return MessageScreen(scale, self._view)

    def act(self, name: str, what: str) -> None:
        """What was answered."""
        self._deeds[what]()


def ask_again(
    evening: Evening, given: CheckIn, sure: Callable[[CheckIn], None], again: Callable[[], None]
) -> AskRoom:
    """A high answer is asked once more."""
    return AskRoom(again_view(given.pain), {"sure": lambda: sure(given), "again": again})


def again_view(pain: int) -> MessageView:
    """Is it really so much?"""
    return MessageView(
        tr("Pain {n} of 10", n=pain),
        tr("Is that right?"),
        tr("Then your hand should rest today."),
        "how",
        (
            MessageKey("say:sure", tr("Yes, {n}", n=pain), "check"),
            MessageKey("say:again", tr("Choose again"), "again"),
        ),
    )


#: How long the hand was sore, hours, by the key.
SORE_FOR = {"no": 0.0, "hours": 12.0, "days": 36.0}


def soreness(evening: Evening, then: Callable[[float], None]) -> AskRoom:
    """On the day after: was the hand sore, and for how long?"""
    deeds = {name: partial(then, hours) for name, hours in SORE_FOR.items()}
    return AskRoom(soreness_view(), deeds)


def soreness_view() -> MessageView:
    """The question."""
    return MessageView(
        tr("Was your hand sore after last time?"),
        tr("Longer than a day, and today will be gentler."),
        "",
        "how",
        (
            MessageKey("say:no", tr("No"), "check"),
            MessageKey("say:hours", tr("Some hours")),
            MessageKey("say:days", tr("Over a day")),
        ),
    )
