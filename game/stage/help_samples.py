"""The screens that help, with sample data: part of :mod:`game.stage.samples`."""

from collections.abc import Iterator

import pygame

from firmware_bridge.diagnosis import Code, finding
from game.core.grips import ACROSS_THE_HAND, Grip
from game.play.calibration import Measured, Taps
from game.play.clock import Delay, Delays
from game.play.tutorial import Step
from game.stage.glove_state import Condition
from game.stage.glove_words import said
from game.stage.keys import letters
from game.stage.notices import BACK_AGAIN
from game.stage.rooms.calibration import NEVER, WAYS, delays_view, found_view, intro_view
from game.stage.rooms.glove_help import said_of_grip
from game.stage.rooms.help import help_view
from game.stage.rooms.tutorial import nothing_felt_view, offer_view
from game.stage.screens import Screen
from game.stage.screens.calibration import TapScreen, TapView
from game.stage.screens.glove_help import GloveHelpScreen, GloveHelpView
from game.stage.screens.glove_pause import GlovePauseScreen, GlovePauseView
from game.stage.screens.help import HelpScreen
from game.stage.screens.message import MessageScreen
from game.stage.screens.tutorial import LessonScreen, LessonView
from game.stage.theme import Scale
from game.words import plural, tr

_CAME, _PASSED, _ASKED, _COMING = Step.CAME, Step.PASSED, Step.ASKED, Step.COMING


def help_screens(scale: Scale, play: pygame.Surface) -> Iterator[tuple[str, Screen]]:
    """Every screen with its name; ``play`` is the road that lies behind a pause."""
    yield from _tutorial(scale)
    yield "help", HelpScreen(scale, help_view(said(finding(Code.WET))[0], "today"))
    yield from _glove(scale)
    what, to_do = said(finding(Code.STUCK, (Grip.RING,)))
    unplugged = GlovePauseView(*said(finding(Code.LOST)), plugged=False)
    yield "glove-pause", GlovePauseScreen(scale, unplugged, play)
    back = GlovePauseView(tr(BACK_AGAIN), plugged=True, side="left")
    yield "glove-pause-back", GlovePauseScreen(scale, back, play)
    stuck = GlovePauseView(what, to_do, plugged=None)
    yield "glove-pause-stuck", GlovePauseScreen(scale, stuck, play)
    yield from _calibration(scale)


def _tutorial(scale: Scale) -> Iterator[tuple[str, Screen]]:
    yield "tutorial-offer", MessageScreen(scale, offer_view("left"))
    steps = (_CAME, _PASSED, _ASKED, _COMING, _COMING)
    lesson = LessonView(
        grip=Grip.RING,
        pose=5,
        felt=1,
        words=tr("Pinch twice. Take your time."),
        steps=tuple(zip(Grip, steps, strict=True)),
        contacts=1 << Grip.RING,
    )
    yield "tutorial", LessonScreen(scale, lesson)
    key = LessonView(
        side="left",
        grip=Grip.KEY,
        pose=5,
        words=tr("That is all right. On to the next."),
        steps=tuple((grip, _CAME) for grip in ACROSS_THE_HAND),
        letter=letters("left")[Grip.KEY],
        skipping=0.4,
    )
    yield "tutorial-key", LessonScreen(scale, key)
    yield "tutorial-nothing", MessageScreen(scale, nothing_felt_view())


def _glove(scale: Scale) -> Iterator[tuple[str, Screen]]:
    conditions = dict.fromkeys(Grip, Condition.GOOD) | {
        Grip.LITTLE: Condition.DAMP,
        Grip.KEY: Condition.UNTRIED,
    }
    what, to_do = said(finding(Code.LEAKY, (Grip.LITTLE,)))
    yield (
        "glove-help",
        GloveHelpScreen(
            scale, GloveHelpView(what, to_do, conditions=conditions, contacts=1 << Grip.MIDDLE)
        ),
    )
    many = dict(
        zip(
            ACROSS_THE_HAND,
            (
                Condition.WEAK,
                Condition.SHORT,
                Condition.SHORT,
                Condition.STUCK,
                Condition.MISSING,
            ),
            strict=True,
        )
    )
    what, to_do = said(finding(Code.BRIDGED, (Grip.INDEX, Grip.MIDDLE)))
    yield (
        "glove-help-short",
        GloveHelpScreen(scale, GloveHelpView(what, to_do, side="left", conditions=many)),
    )
    what, to_do = said(finding(Code.LOST))
    unheard = dict.fromkeys(Grip, Condition.UNHEARD)
    lost = GloveHelpView(what, to_do, conditions=unheard, found=False, lost=True)
    yield "glove-help-lost", GloveHelpScreen(scale, lost)
    asked = GloveHelpView(
        said_of_grip(Grip.KEY),
        conditions=conditions,
        checking=True,
        asked=Grip.KEY,
        pose=5,
        felt=1,
        wanted=3,
    )
    yield "glove-check", GloveHelpScreen(scale, asked)


def _calibration(scale: Scale) -> Iterator[tuple[str, Screen]]:
    known = Delays(audio=Delay(62_000, "by ear"), display=Delay(0, "by eye"))
    yield "delays", HelpScreen(scale, delays_view(known))
    for name, way in WAYS.items():
        yield f"delays-{name}", MessageScreen(scale, intro_view(way))
    taps = plural("{n} tap", "{n} taps", 13)
    never = tr(NEVER)
    eye, ear = WAYS["eye"], WAYS["ear"]
    turned = TapView("eye", tr(eye.title), tr(eye.what), never, taps, 0.4, 0.15)
    yield "delays-tap-eye", TapScreen(scale, turned)
    yield (
        "delays-tap-ear",
        TapScreen(scale, TapView("ear", tr(ear.title), tr(ear.what), never, taps, 0.4)),
    )
    found = Measured(62_000, 14_000, 25_000, 16, 1)
    for name, way in WAYS.items():
        yield f"delays-found-{name}", MessageScreen(scale, found_view(way, found, 62))
    yield "delays-not-found", MessageScreen(scale, found_view(ear, Taps().measured(), 0))
    yield "delays-none", MessageScreen(scale, found_view(ear, Measured(used=16), 0))
