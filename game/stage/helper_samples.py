"""The helper's screens, with sample data: part of :mod:`game.stage.samples`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from game.core.grips import GRIPS, Grip
from game.core.statistics import timing, wilson
from game.records.lately import GripNumbers
from game.stage.animals import animal_name
from game.stage.rooms.helper import helper_view
from game.stage.rooms.helper_grips import changed_meanwhile
from game.stage.rooms.people import code_view, in_clinic_words, nickname_view, people_view
from game.stage.rooms.report import not_written, written
from game.stage.rooms.safety import backed_up, not_shown, safety_view, shown
from game.stage.screens import Screen
from game.stage.screens.help import HelpScreen
from game.stage.screens.message import MessageScreen
from game.stage.screens.numbers import NumbersScreen, NumbersView
from game.stage.screens.person import GripsScreen, GripsView, PersonScreen, PersonView
from game.stage.screens.pick import NameScreen, PickRow, PickScreen, PickView
from game.stage.screens.plan_settings import PlanSettingsScreen, PlanSettingsView
from game.stage.theme import Scale
from game.therapy.prescription import PRESET_NAMES
from game.words import tr

#: Names, codes, files and folders on these screens: they are not in any catalogue.
NAMES: tuple[str, ...] = (
    *(f"P{n}" for n in range(1, 8)),
    "STICK",
    "griptune-2026-03-02-101500.db",
    "/home/rosa/.local/share/griptune/songs",
    "/home/rosa/Documents/Griptune P1 2026-03-02.pdf",
    "the disk is full",
    "Rosa",
)

_NOON = datetime(2026, 3, 2, 12).astimezone()


def helper_screens(scale: Scale) -> Iterator[tuple[str, Screen]]:
    """Every screen with its name."""
    yield "helper", HelpScreen(scale, helper_view(tr("All is well."), False))
    yield "helper-backup-failed", HelpScreen(scale, helper_view(tr("The keyboard plays."), True))
    yield "helper-people", PickScreen(scale, people_view(_people()))
    yield "helper-code", NameScreen(scale, code_view("P5", False))
    yield "helper-code-refused", NameScreen(scale, code_view("P5", True))
    yield "helper-nickname", NameScreen(scale, nickname_view(["Blue Heron"]))
    typed = NameScreen(scale, nickname_view([]))
    for letter in "Rosa":
        typed.typed(letter)
    yield "helper-nickname-typed", typed
    person = PersonView(
        "Blue Heron", "P1", animal_name("heron"), "left", True, in_clinic_words("M", True)
    )
    yield "helper-person", PersonScreen(scale, person)
    grips = GripsScreen(scale, GripsView("Blue Heron", frozenset({Grip.INDEX, Grip.MIDDLE})))
    yield "helper-grips", grips
    plan = PlanSettingsView("Blue Heron", tr(PRESET_NAMES["maintenance"]), 25, 3, 1.5, 4)
    yield "helper-plan", PlanSettingsScreen(scale, plan)
    one = GripsScreen(scale, GripsView("Blue Heron", frozenset({Grip.INDEX})))
    one.focus = 1
    yield "helper-grips-one", one
    yield "helper-grips-changed", MessageScreen(scale, changed_meanwhile())
    yield "helper-pick", PickScreen(scale, PickView(tr("Whose grips?"), _people()))
    numbers = NumbersView("Blue Heron", _numbers())
    yield "helper-numbers", NumbersScreen(scale, numbers)
    turned = NumbersScreen(scale, numbers)
    for choice in turned.choices:
        if choice.action == "more":
            turned.choose(choice)
    yield "helper-numbers-timing", turned
    nothing = NumbersView("Blue Heron", _numbers(nothing=True))
    yield "helper-numbers-none", NumbersScreen(scale, nothing)
    last = _NOON - timedelta(days=2)
    yield "helper-safety", PickScreen(scale, safety_view(last, _NOON, ["STICK"]))
    yield "helper-safety-failed", PickScreen(scale, safety_view(None, _NOON, [], failed=True))
    yield "helper-backed-up", MessageScreen(scale, backed_up("griptune-2026-03-02-101500.db"))
    report = "/home/rosa/Documents/Griptune P1 2026-03-02.pdf"
    yield "helper-report", MessageScreen(scale, written(report))
    yield "helper-report-failed", MessageScreen(scale, not_written("the disk is full"))
    yield "helper-folder", MessageScreen(scale, shown())
    where = "/home/rosa/.local/share/griptune/songs"
    yield "helper-folder-where", MessageScreen(scale, not_shown(where))


def _people() -> tuple[PickRow, ...]:
    people = (
        ("Blue Heron", "heron"),
        ("Night Owl", "owl"),
        ("Red Fox", "fox"),
        ("Quiet Otter", "otter"),
        ("River Swan", "swan"),
        ("Old Badger", "badger"),
    )
    return tuple(
        PickRow(f"pick:P{i}", name, f"P{i}", "person", animal)
        for i, (name, animal) in enumerate(people, start=1)
    )


def _numbers(nothing: bool = False) -> tuple[GripNumbers, ...]:
    rng = np.random.default_rng(7)
    found = []
    for grip, asked, hits in zip(
        GRIPS, (412, 388, 251, 96, 0), (371, 330, 188, 60, 0), strict=True
    ):
        if nothing:
            asked, hits = 0, 0
        low, high = wilson(hits, asked)
        off = np.round(rng.normal(-20_000 + 15_000 * grip, 45_000, hits)).astype(np.int64)
        found.append(GripNumbers(grip, asked, hits, float(low), float(high), timing(off)))
    return tuple(found)
