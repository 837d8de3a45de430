"""Settings: each is worked by one grip, takes effect at once, and is there at the next start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.cli.keeping import Keeper
from game.cli.settings import Settings, read_settings
from game.stage import palettes
from game.stage.commands import Command, Pointer
from game.stage.menu_grip import MenuRules
from game.stage.preferences import BY_PATH, PAGES, changes_for, page_named
from game.stage.rooms.settings import SettingsRoom, SubjectRoom
from game.stage.rooms.today import TodayRoom
from game.stage.screens.settings import QuestionScreen, SettingsScreen, SettingsView
from game.stage.setting_widgets import Slider
from game.stage.theme import Scale
from game.words import language, use
from tests.stage.hand_worked import Stage

SIZE = (1280, 720)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    before = language()
    with Keeper.open(tmp_path) as keeper:
        yield Stage(keeper, None)
    use(before)
    palettes.use("standard")


def open_page(stage: Stage, name: str) -> None:
    stage.act("settings")
    stage.choose(f"subject:{name}")


def default(path: str) -> object:
    value: object = Settings()
    for name in path.split("."):
        value = getattr(value, name)
    return value


# ---------------------------------------------------------------- the settings as data


@pytest.mark.parametrize("path", BY_PATH)
def test_every_value_is_allowed_and_choosing_comes_round(path: str, tmp_path: Path) -> None:
    preference = BY_PATH[path]
    with Keeper.open(tmp_path) as keeper:
        now, seen = keeper.setting(path), []
        assert now == default(path)
        for _ in preference.values:
            now = preference.next(now)
            seen.append(now)
            assert keeper.change_settings(changes_for(path, now, keeper.setting)) == ""
            assert keeper.setting(path) == now
    assert sorted(map(str, seen)) == sorted(map(str, preference.values))
    assert default(path) in preference.values, "the default is among them"


@given(st.sampled_from([p for p in BY_PATH.values() if p.kind == "amount"]), st.floats(-1, 1_000))
def test_from_any_amount_the_next_is_more_or_the_least(preference, now) -> None:
    after = preference.next(now)
    assert after > now or after == preference.values[0]


@given(st.sampled_from([p for p in BY_PATH.values() if p.kind == "amount"]), st.floats(0, 1))
def test_a_touch_on_a_slider_gives_the_nearest_amount(preference, share) -> None:
    off = [abs(preference.share(value) - share) for value in preference.values]
    assert abs(preference.share(preference.nearest(share)) - share) == min(off)


def test_the_two_grips_of_the_menus_stay_two() -> None:
    now = {"input.menu.move": "index", "input.menu.choose": "middle"}
    changes = changes_for("input.menu.move", "middle", now.__getitem__)
    assert changes == {"input.menu.move": "middle", "input.menu.choose": "index"}
    assert changes_for("input.menu.move", "ring", now.__getitem__) == {"input.menu.move": "ring"}


@pytest.mark.parametrize("mode", ["hold", "two", "scan"])
def test_only_what_the_way_of_working_needs_is_shown(mode: str) -> None:
    values = {"input.menu.mode": mode}
    shown = {p.path.rpartition(".")[2] for p in page_named("menus").shown(values.__getitem__)}
    assert (
        shown - {"mode", "pause_s"}
        == {
            "hold": {"hold_s"},
            "two": {"move", "choose"},
            "scan": {"scan_s"},
        }[mode]
    )


# ---------------------------------------------------------------- the screen


@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_is_reached_by_moving_and_choosing_more(page, zoom) -> None:
    view = SettingsView(page, default, reset=True)
    screen = SettingsScreen(Scale(*SIZE, zoom), view)
    seen = set()
    for _ in range(3):
        for choice in list(screen.choices):
            seen.add(choice.action)
        more = [choice for choice in screen.choices if choice.action == "more"]
        if more:
            assert screen.choose(more[0]) is None
    wanted = {f"set:{p.path}" for p in page.shown(default)}
    assert wanted | {"reset", "settings"} <= seen
    assert screen.handle(Command.BACK) == "settings"


def test_a_touch_on_the_track_sets_and_one_on_the_name_goes_on() -> None:
    screen = SettingsScreen(SIZE, SettingsView(page_named("sound"), default))
    slider = screen.choices[0]
    assert isinstance(slider, Slider)
    assert slider.track is not None
    y = screen.scale.y(slider.box.middle[1])
    middle = Pointer(screen.scale.x(slider.track.middle[0]), y, pressed=True)
    action = screen.handle(middle)
    assert action is not None
    path, _, share = action.partition("=")
    assert path == "set:sound.music"
    assert float(share) == pytest.approx(0.5, abs=0.01)
    name = Pointer(screen.scale.x(slider.box.x + 60), y, pressed=True)
    assert screen.handle(name) == "set:sound.music"


# ---------------------------------------------------------------- in the game


def test_a_change_takes_effect_at_once_and_is_there_at_the_next_start(stage, tmp_path) -> None:
    (tmp_path / "settings.toml").write_text("# ours\n[sound]\nmusic = 0.6 # softer\n")
    open_page(stage, "picture")
    stage.choose("set:stage.high_contrast")
    stage.choose("set:stage.palette")
    assert stage.evening.options.high_contrast
    assert palettes.in_use().name == "blue-yellow"
    assert stage.screen.focused.action == "set:stage.palette", "the focus stays where it was"
    kept = read_settings(tmp_path)
    assert kept.stage.high_contrast
    assert kept.stage.palette == "blue-yellow"
    text = (tmp_path / "settings.toml").read_text()
    assert "# ours" in text
    assert "# softer" in text


def test_the_language_changes_the_words_of_the_very_screen(stage) -> None:
    open_page(stage, "words")
    for wanted in ("en", "es", "de"):
        stage.choose("set:display.language")
        assert language() == wanted
        assert stage.evening.services.desk.setting("display.language") == wanted
    assert stage.screen.choices[0].words == "Sprache"


def test_menus_are_worked_anew_at_once(stage) -> None:
    open_page(stage, "menus")
    stage.choose("set:input.menu.mode")
    assert stage.evening.menu_rules == MenuRules("two")
    stage.choose("set:input.menu.mode")
    stage.choose("set:input.menu.scan_s")
    assert stage.evening.menu_rules == MenuRules("scan", scan_us=3_500_000)


def test_the_voice_comes_and_goes(stage, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")  # no speech program: the voice says so and is silent
    open_page(stage, "sound")
    stage.choose("set:sound.speak")
    voice = stage.evening.voice
    assert voice is not None
    assert voice.trouble
    stage.choose("set:sound.voice")
    assert voice.volume == pytest.approx(0.0)
    stage.choose("set:sound.speak")
    assert stage.evening.voice is None


def test_what_cannot_be_kept_is_said_and_not_done(stage, tmp_path) -> None:
    (tmp_path / "settings.toml").write_text("[stage\n")
    open_page(stage, "picture")
    stage.choose("set:stage.high_contrast")
    assert not stage.evening.options.high_contrast
    assert isinstance(stage.screen, SettingsScreen)
    assert stage.screen.view.trouble


def test_all_is_put_back_only_after_a_question_whose_first_answer_is_no(stage, tmp_path) -> None:
    open_page(stage, "picture")
    stage.choose("set:stage.high_contrast")
    stage.act("settings")
    stage.choose("subject:words")
    stage.choose("reset")
    assert isinstance(stage.screen, QuestionScreen)
    assert stage.screen.focused.action == "keep"
    assert stage.screen.handle(Command.BACK) == "keep"
    stage.act("keep")
    assert stage.evening.options.high_contrast
    stage.choose("reset")
    stage.choose("put-back")
    assert not stage.evening.options.high_contrast
    assert read_settings(tmp_path) == Settings()
    assert isinstance(stage.room, SubjectRoom)


def test_from_a_pause_one_comes_back_to_the_pause(stage) -> None:
    stage.act("play")
    stage.until(lambda: stage.flow.playing)
    stage.flow.pause()
    stage.choose("settings")
    assert isinstance(stage.room, SettingsRoom)
    stage.choose("subject:sound")
    stage.choose("set:sound.music")
    stage.choose("settings")
    stage.choose("leave")
    assert stage.visited[-1] == "PauseRoom"
    stage.choose("continue")
    stage.until(lambda: stage.flow.playing)
    stage.flow.end(interrupted=True)


def test_from_today_one_gets_there_and_back(stage) -> None:
    stage.choose("help")
    stage.choose("settings")
    stage.choose("leave")
    assert stage.visited[-1] == "HelpRoom"
    stage.choose("today")
    assert isinstance(stage.room, TodayRoom)
