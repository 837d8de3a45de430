"""Glove help: a live view of every electrode, a guided check, and looking for a glove again."""

from collections.abc import Callable

from firmware_bridge.diagnosis import Code, Finding, finding
from firmware_bridge.glove import Glove
from firmware_bridge.guided import PINCHES, GuidedCheck
from game.core.grips import GRIPS, Grip
from game.stage.evening import Evening
from game.stage.glove_state import state_of
from game.stage.glove_words import said
from game.stage.rooms.base import Room
from game.stage.screens.base import Screen
from game.stage.screens.glove_help import GloveHelpScreen, GloveHelpView
from game.stage.shown_hand import pose_at
from game.stage.task import Task
from game.stage.theme import Scale
from game.words import tr

#: A grip that a check asks for is given up after so long: nobody is kept at it.
_LIMIT_US = 8_000_000


class GloveHelpRoom(Room):
    """How the glove is doing; ``back`` is where one came from.

    While a check runs, pinches are its own; before and after they work the keys as everywhere.
    """

    actions = frozenset({"check", "stop_check", "keyboard", "leave"})

    def __init__(self, evening: Evening, back: Callable[[], None]) -> None:
        self._evening = evening
        self._back = back
        self._check: GuidedCheck | None = None
        self._asked: Grip | None = None
        self._asked_us = 0
        self._checked: tuple[Finding, ...] = ()
        self._checked_well = False
        self._closed = 0
        self._felt = 0
        self._search: Task | None = None

    @property
    def takes_pinches(self) -> bool:
        """Whether a check runs."""
        return self._check is not None

    def screen(self, scale: Scale) -> GloveHelpScreen:
        """As it is now."""
        return GloveHelpScreen(scale, self._view())

    def act(self, name: str, what: str) -> None:
        """Checks every finger, looks for a glove, or goes back."""
        if name == "leave":
            self._end_check()
            self._back()
        elif name == "stop_check":
            self._end_check()
        elif name == "keyboard":
            self._evening.use_glove(Glove.open("keyboard", clock=self._evening.now))
            self._back()
        elif self._found:
            glove = self._evening.services.glove
            self._check = GuidedCheck(glove, self._evening.now(), limit_us=_LIMIT_US)
            self._checked, self._checked_well, self._felt = (), False, 0
        elif self._search is None:
            look = self._evening.services.look_for_glove
            if look is not None:
                self._search = Task(lambda report: look())

    def hear(self) -> None:
        """A check looks at the glove itself."""
        check = self._check
        if check is None:
            return
        now_us = self._evening.now()
        check.step(now_us)
        asked = None if check.grip is None else Grip(check.grip)
        if asked is not self._asked:
            self._asked, self._asked_us = asked, now_us
        if check.done:
            self._checked = check.findings
            self._checked_well = not any(one.fault for one in check.findings)
            for answer in check.answers:
                if any(grip == answer.asked for _, grip in answer.presses):
                    self._felt |= 1 << answer.asked
            self._end_check()

    def step(self, screen: Screen) -> None:
        """The moment to draw now."""
        if self._search is not None and self._search.done:
            glove = self._search.result()
            self._search = None
            if glove is not None:
                self._evening.use_glove(glove)
        contacts = self._evening.services.glove.health.contacts
        self._felt |= self._closed & ~contacts
        self._closed = contacts
        if isinstance(screen, GloveHelpScreen):
            screen.show(self._view())

    def leave(self) -> None:
        """Asks for nothing any more."""
        self._end_check()

    @property
    def _found(self) -> bool:
        return self._evening.services.glove.health.link in ("ok", "degraded")

    def _end_check(self) -> None:
        if self._check is not None:
            self._evening.services.glove.cancel_cues()
        self._check, self._asked = None, None

    def _view(self) -> GloveHelpView:
        evening, check = self._evening, self._check
        health = evening.services.glove.health
        state = state_of(health, self._felt, self._checked)
        if check is not None:
            return self._checking(check, health.contacts)
        title, to_do = self._words(state.findings)
        return GloveHelpView(
            title=title,
            to_do=to_do,
            glove=tr("Glove {name}", name=health.serial_number) if health.serial_number else "",
            side=evening.hand,
            conditions=state.conditions,
            contacts=health.contacts,
            found=self._found,
            lost=health.link in ("lost", "waiting"),
        )

    def _words(self, findings: tuple[Finding, ...]) -> tuple[str, str]:
        if self._search is not None:
            return tr("Looking for the glove"), ""
        if findings:
            return said(findings[0])
        if self._evening.services.glove.health.link == "none":
            return said(finding(Code.MISSING))
        if self._checked_well or self._felt == (1 << len(GRIPS)) - 1:
            return tr("All five fingers are good."), ""
        return tr("The glove is there."), tr("Pinch each finger, and see its light.")

    def _checking(self, check: GuidedCheck, contacts: int) -> GloveHelpView:
        evening, asked = self._evening, self._asked
        words = tr("Open the hand and keep it still.")
        pose, felt = 0, 0
        if asked is not None:
            words = said_of_grip(asked)
            pose = pose_at(evening.now() - self._asked_us, evening.options.reduced_motion)
            felt = min(PINCHES, check.felt[asked])
        return GloveHelpView(
            title=words,
            to_do=tr("The last pinch may be held a moment.") if asked is not None else "",
            side=evening.hand,
            conditions=state_of(evening.services.glove.health, self._felt).conditions,
            contacts=contacts,
            checking=True,
            asked=asked,
            pose=pose,
            felt=felt,
            wanted=PINCHES if asked is not None else 0,
        )


def said_of_grip(grip: Grip) -> str:
    """What a check asks of ``grip``."""
    return {
        Grip.INDEX: tr("Pinch thumb and index fingertip three times."),
        Grip.MIDDLE: tr("Pinch thumb and middle fingertip three times."),
        Grip.RING: tr("Pinch thumb and ring fingertip three times."),
        Grip.LITTLE: tr("Pinch thumb and little fingertip three times."),
        Grip.KEY: tr("Press the thumb on the side of the index finger three times."),
    }[grip]
