"""Settings: the subjects, one page each, and the question before all is put back."""

from collections.abc import Callable
from typing import Any

from game.stage import palettes
from game.stage.evening import Evening
from game.stage.language import platform_languages
from game.stage.preferences import BY_PATH, PAGES, changes_for, page_named, paths
from game.stage.rooms.base import Room
from game.stage.screens.help import HelpRow, HelpScreen, HelpView
from game.stage.screens.message import MessageKey, MessageView
from game.stage.screens.settings import QuestionScreen, SettingsScreen, SettingsView
from game.stage.theme import Scale
from game.stage.voice import Voice, find_speech
from game.words import best_language, tr, use

#: The page that also offers to put everything back.
_WITH_RESET = "words"


class SettingsRoom(Room):
    """The subjects. ``leave_to`` enters the place one came from."""

    actions = frozenset({"subject", "leave"})

    def __init__(self, evening: Evening, leave_to: Callable[[], None]) -> None:
        self._evening = evening
        self._leave_to = leave_to
        self._focus = 0

    def screen(self, scale: Scale) -> HelpScreen:
        """Five subjects."""
        screen = HelpScreen(scale, subjects_view())
        screen.focus = self._focus
        return screen

    def act(self, name: str, what: str) -> None:
        """A subject, or back."""
        if name == "leave":
            self._leave_to()
            return
        self._focus = [page.name for page in PAGES].index(what)
        self._evening.go(SubjectRoom(self._evening, what, self))


def subjects_view() -> HelpView:
    """The subjects as rows."""
    rows = tuple(
        HelpRow(f"subject:{page.name}", tr(page.title), tr(page.about), page.icon) for page in PAGES
    )
    return HelpView(tr("Settings"), rows, "leave")


class SubjectRoom(Room):
    """One subject: a setting that is chosen takes its next value, at once and for good."""

    actions = frozenset({"set", "reset", "settings"})

    def __init__(self, evening: Evening, name: str, subjects: SettingsRoom) -> None:
        self._evening = evening
        self._page = page_named(name)
        self._subjects = subjects
        self._screen: SettingsScreen | None = None
        self._trouble = ""

    def screen(self, scale: Scale) -> SettingsScreen:
        """As everything is set now."""
        before, self._screen = self._screen, SettingsScreen(scale, self._view())
        if before is not None and before.focused is not None:
            self._screen.focus_on(before.focused.action)
        return self._screen

    def act(self, name: str, what: str) -> None:
        """Changes a setting, asks whether to put all back, or leaves."""
        evening = self._evening
        if name == "settings":
            evening.go(self._subjects)
        elif name == "reset":
            evening.go(ResetRoom(evening, self))
        else:
            path, _, share = what.partition("=")
            preference = BY_PATH[path]
            now = value_of(evening, path)
            value = preference.nearest(float(share)) if share else preference.next(now)
            self.change(changes_for(path, value, lambda other: value_of(evening, other)))

    def change(self, changes: dict[str, Any]) -> None:
        """Keeps ``changes``, lets them take effect, and shows everything anew."""
        self._trouble = ""
        if self._evening.services.desk.change_settings(changes):
            self._trouble = tr("That was not kept.")
        else:
            take_effect(self._evening, changes)
        self._evening.go(self)

    def _view(self) -> SettingsView:
        page, evening = self._page, self._evening
        return SettingsView(
            page, lambda path: value_of(evening, path), self._trouble, page.name == _WITH_RESET
        )


class ResetRoom(Room):
    """Whether all settings are to be put back as they were at first."""

    actions = frozenset({"keep", "put-back"})

    def __init__(self, evening: Evening, page: SubjectRoom) -> None:
        self._evening = evening
        self._page = page

    def screen(self, scale: Scale) -> QuestionScreen:
        """The question; the answer that changes nothing comes first."""
        return QuestionScreen(scale, reset_view())

    def act(self, name: str, what: str) -> None:
        """Puts all back or leaves everything as it is."""
        if name == "keep":
            self._evening.go(self._page)
        else:
            self._page.change(dict.fromkeys(paths()))


def reset_view() -> MessageView:
    """The question before all settings are put back."""
    return MessageView(
        tr("Put all settings back?"),
        tr("Sound, picture and menus become as they were at first."),
        tr("Your pinches and songs stay."),
        "again",
        (
            MessageKey("keep", tr("Leave them"), "check"),
            MessageKey("put-back", tr("Put them back"), "again"),
        ),
    )


def value_of(evening: Evening, path: str) -> Any:
    """The setting of this path as it is now."""
    return evening.services.desk.setting(path)


def take_effect(evening: Evening, changes: dict[str, Any]) -> None:
    """Makes the running game what the settings say, after these ``changes``."""
    services, desk = evening.services, evening.services.desk
    evening.options = desk.look()
    evening.menu_rules = desk.menu_rules()
    palettes.use(desk.setting("stage.palette"))
    services.audio.mixer.volumes(desk.setting("sound.music"), desk.setting("sound.notes"))
    services.previews = desk.setting("sound.preview")
    if "display.language" in changes:
        wanted = desk.setting("display.language")
        use(best_language([wanted] if wanted else platform_languages()))
    if "stage.full_screen" in changes:
        evening.show_full(desk.setting("stage.full_screen"))
    _give_voice(evening, desk.setting("sound.speak"), desk.setting("sound.voice"))


def _give_voice(evening: Evening, wanted: bool, volume: float) -> None:
    if not wanted and evening.voice is not None:
        evening.voice.close()
        evening.voice = None
    elif wanted and evening.voice is None:
        evening.voice = Voice(find_speech(), volume=volume)
    elif evening.voice is not None:
        evening.voice.volume = volume
