"""The settings with sample values: part of :mod:`game.stage.samples`."""

from collections.abc import Iterator
from typing import Any

from game.stage.notices import HELD
from game.stage.preferences import PAGES, page_named
from game.stage.rooms.settings import reset_view, subjects_view
from game.stage.screens import PauseScreen, PauseView, Screen
from game.stage.screens.help import HelpScreen
from game.stage.screens.settings import QuestionScreen, SettingsScreen, SettingsView
from game.stage.theme import Scale
from game.words import tr

_VALUES: dict[str, Any] = {
    "sound.music": 0.8,
    "sound.notes": 1.0,
    "sound.preview": True,
    "sound.speak": False,
    "sound.voice": 0.4,
    "display.language": "",
    "display.scale": 150,
    "stage.full_screen": True,
    "stage.coach": True,
    "stage.high_contrast": False,
    "stage.reduced_motion": True,
    "stage.palette": "blue-yellow",
    "stage.place": "centre",
    "stage.anchor_bar": False,
    "stage.scroll": "towards",
    "stage.look_ahead_s": 3.0,
    "stage.early_late": False,
    "stage.error_bar": True,
    "stage.visual_beat": False,
    "input.menu.mode": "hold",
    "input.menu.hold_s": 0.8,
    "input.menu.move": "index",
    "input.menu.choose": "middle",
    "input.menu.scan_s": 3.0,
    "input.menu.pause_s": 3.0,
}


def settings_screens(scale: Scale) -> Iterator[tuple[str, Screen]]:
    """Every screen with its name; where a list has a second page, that as well."""
    yield "settings", HelpScreen(scale, subjects_view())
    for page in PAGES:
        view = SettingsView(page, _VALUES.__getitem__, reset=page.name == "words")
        screen = SettingsScreen(scale, view)
        screen.focus = 1
        yield f"settings-{page.name}", screen
        more = SettingsScreen(scale, view)
        for choice in more.choices:
            if choice.action == "more":
                more.choose(choice)
                yield f"settings-{page.name}-more", more
                break
    for mode in ("two", "scan"):
        values = {**_VALUES, "input.menu.mode": mode, "input.menu.pause_s": 0.0}
        view = SettingsView(page_named("menus"), values.__getitem__)
        yield f"settings-menus-{mode}", SettingsScreen(scale, view)
    trouble = tr("That was not kept.")
    values = {**_VALUES, "display.language": "es"}
    refused = SettingsView(page_named("words"), values.__getitem__, trouble, reset=True)
    yield "settings-refused", SettingsScreen(scale, refused)
    yield "settings-reset", QuestionScreen(scale, reset_view())
    yield "pause-held", PauseScreen(scale, PauseView(reason=HELD), None)
