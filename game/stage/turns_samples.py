"""The screens of patients who take turns, with sample data: part of :mod:`game.stage.samples`."""

from collections.abc import Iterator
from dataclasses import replace

from game.records.boards import BoardSource
from game.records.turns import Turn
from game.stage.evening import TeamFill
from game.stage.rooms.turns import pin_view, turn_words
from game.stage.screens import BoardView, Person, ResultScreen, ResultView, Screen, WhoView
from game.stage.screens.person import InClinicScreen, InClinicView
from game.stage.screens.turns import (
    AttractScreen,
    PinScreen,
    PinView,
    ReadyScreen,
    ReadyView,
    TurnsScreen,
)
from game.stage.team_move import with_team
from game.stage.theme import Scale
from game.words import tr

#: What is typed on these screens: it is in no catalogue.
NAMES: tuple[str, ...] = ("M", "L")


def turns_screens(
    scale: Scale, boards: tuple[BoardView, ...], result: ResultView
) -> Iterator[tuple[str, Screen]]:
    """Every screen with its name."""
    due, done = turn_words(Turn.DUE), turn_words(Turn.DONE)
    people = (
        Person("P1", "Blue Heron", note=due),
        Person("P2", "Night Owl", note=due),
        Person("P3", "Red Fox", note=due),
        Person("P4", "Quiet Otter"),
        Person("P5", "River Swan", note=done),
        Person("P6", "Old Badger", note=done),
    )
    yield "turns", TurnsScreen(scale, WhoView(people))
    yield "turns-typed", TurnsScreen(scale, WhoView(people), "r")
    yield "turns-nobody", TurnsScreen(scale, WhoView(people), "xy")
    yield "pin", PinScreen(scale, pin_view("Blue Heron"), "04")
    yield "pin-wrong", PinScreen(scale, replace(pin_view("Blue Heron"), wrong=True))
    yield "pin-new", PinScreen(scale, PinView(tr("New PIN"), back="kept"))
    ready = ReadyView("P1", "Blue Heron", "heron", "left", "M")
    yield "ready", ReadyScreen(scale, ready)
    yield "ready-guest", ReadyScreen(scale, ReadyView())
    for name, view in zip(("attract", "attract-points"), boards, strict=True):
        rows = tuple(replace(row, me=False) for row in view.top)
        still = replace(view, top=rows, near=(), tabs=(), hidden=None)
        yield name, AttractScreen(scale, still)
    yield "attract-station", AttractScreen(scale, replace(still, station_only=True))
    moved = with_team(replace(result, station=True), TeamFill(0.64), TeamFill(0.71))
    yield "result-station", ResultScreen(scale, moved)
    alone = BoardSource.STATION
    moved = with_team(replace(result, station=True), TeamFill(0.64, alone), TeamFill(0.66, alone))
    yield "result-station-alone", ResultScreen(scale, moved)
    yield "helper-in-clinic", InClinicScreen(scale, InClinicView("P1", "M", True))
