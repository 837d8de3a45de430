"""Every screen: readable, unclipped, and worked by moving and choosing."""

import os
from functools import cache

import numpy as np
import pygame
import pytest

from game.core.grips import GRIPS
from game.stage import samples
from game.stage.commands import ERASE, Command, Pointer, Typed
from game.stage.emblems import EMBLEMS, emblem, emblem_for
from game.stage.errors import StageError
from game.stage.page import Box
from game.stage.screens import (
    BetweenScreen,
    BetweenView,
    BoardScreen,
    BoardView,
    ChooseScreen,
    ChooseView,
    ListsScreen,
    ListsView,
    LoadingScreen,
    LoadingView,
    MarkedSong,
    MarksScreen,
    MessageKey,
    MessageScreen,
    MessageView,
    PauseScreen,
    PauseView,
    Person,
    PlayScreen,
    ResultScreen,
    ResultView,
    Screen,
    SongCard,
    SongList,
    TodayScreen,
    TodayView,
    WhoScreen,
    WhoView,
)
from game.stage.theme import BODY, HEADING, Scale
from game.stage.widgets import Key
from game.words import language
from tests.stage.scenes import luminances, pixels

SIZE = (1280, 720)
NEXT, PREVIOUS, CHOOSE, BACK = (
    Command.MOVE_NEXT,
    Command.MOVE_PREVIOUS,
    Command.CHOOSE,
    Command.BACK,
)

NAMES = [name for name, _ in samples.screens((320, 180))]

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

#: Language, percent and palettes that are drawn to files where it is no soak.
SOME = (
    ("en", 100, ("standard", "high-contrast")),
    ("de", 100, ("standard",)),
    ("es", 200, ("steps",)),
)


@cache
def _all() -> dict[str, tuple[Screen, pygame.Surface]]:
    """Every sample screen, drawn once at 1280×720."""
    drawn = {}
    for name, screen in samples.screens(SIZE):
        surface = pygame.Surface(SIZE, 0, 32)
        screen.draw(surface)
        drawn[name] = (screen, surface)
    return drawn


@cache
def _moved() -> dict[str, Screen]:
    """Every sample screen once more, to move about in."""
    return dict(samples.screens(SIZE))


# ---------------------------------------------------------------- the rules, on rendered pictures


@pytest.mark.parametrize("name", NAMES)
def test_text_is_large_enough(name: str) -> None:
    sizes = [text.size for text in _all()[name][0].written]
    assert min(sizes) >= BODY
    assert max(sizes) >= (BODY if name.startswith("play") else HEADING)


@pytest.mark.parametrize("name", NAMES)
def test_text_has_a_contrast_of_7_as_drawn(name: str) -> None:
    """In the pixels: the furthest from the ground (most of the box) is the ink of the letters."""
    screen, surface = _all()[name]
    light = luminances(pixels(surface))
    for text in screen.written:
        for line, area in zip(text.shown, text.area, strict=True):
            if area.w < 4:
                continue
            patch = light[area.left : area.right, area.top : area.bottom]
            grown = area.inflate(8, 8).clip(surface.get_rect())
            edge = light[grown.left : grown.right, grown.top : grown.bottom]
            ground = np.median(np.concatenate([edge[0], edge[-1], edge[:, 0], edge[:, -1]]))
            ink = max((patch.max(), patch.min()), key=lambda v: abs(v - ground))
            high, low = max(ink, ground), min(ink, ground)
            assert (high + 0.05) / (low + 0.05) >= 7, (line, text.colour)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_leaves_its_box_or_the_screen(name: str) -> None:
    screen, surface = _all()[name]
    for text in screen.written:
        for line, area in zip(text.shown, text.area, strict=True):
            assert surface.get_rect().contains(area), line
            assert text.box.inflate(2, 2).contains(area), line


@pytest.mark.parametrize("name", NAMES)
def test_texts_do_not_lie_on_each_other(name: str) -> None:
    areas = [a for text in _all()[name][0].written for a in text.area if a.w and a.h]
    if name == "play-count-in":  # the number of the counted bar stands over the road
        areas = areas[1:]
    for i, area in enumerate(areas):
        assert area.collidelist(areas[:i]) == -1


@pytest.mark.parametrize("name", NAMES)
def test_lines_have_at_most_eight_words(name: str) -> None:
    for text in _all()[name][0].written:
        for line in text.shown:
            assert len(line.split()) <= 8, line


@pytest.mark.parametrize("name", NAMES)
def test_choices_are_large_few_and_on_the_screen(name: str) -> None:
    screen, _ = _all()[name]
    whole = Box(0, 0, 1921, 1081)
    inner = [c for c in screen.choices if c.box.y > 150]
    # Pain is asked with six faces (0 to 10), tiredness with the same six numbers; a PIN has ten
    # digits, and they stand where everybody looks for them.
    most = 6 if name.startswith("check-in") else 10 if name.startswith("pin") else 5
    assert len(inner) <= most
    for i, choice in enumerate(screen.choices):
        assert choice.box.h >= 96
        assert choice.words
        assert whole.contains(choice.box.x, choice.box.y)
        assert whole.contains(choice.box.right, choice.box.bottom)
        for other in screen.choices[:i]:
            apart = (
                choice.box.x >= other.box.right
                or other.box.x >= choice.box.right
                or choice.box.y >= other.box.bottom
                or other.box.y >= choice.box.bottom
            )
            assert apart


def test_every_sample_is_drawn_to_a_file_in_every_language_scale_and_palette(tmp_path) -> None:
    """A soak draws all there is, as ``griptune screens DIR`` does."""
    size = (320, 180)
    if SOAK:
        made = list(samples.draw_all(tmp_path, (size,)))
    else:
        made = [
            path
            for spoken, percent, palettes in SOME
            for path in samples.draw_all(
                tmp_path, (size,), languages=(spoken,), scales=(percent,), palettes=palettes
            )
        ]
    names = {path.relative_to(tmp_path).as_posix() for path in made}
    assert {
        *(f"en/{name}-320x180.png" for name in NAMES),
        *(f"de/{name}-320x180.png" for name in NAMES),
        *(f"es/{name}-320x180-200-steps.png" for name in NAMES),
        "en/play-left-320x180-high-contrast.png",
    } <= names
    assert "en/who-320x180-high-contrast.png" not in names
    for path in made:
        assert pygame.image.load(str(path)).get_size() == size
    english, german = (
        pygame.image.load(str(tmp_path / spoken / "who-320x180.png")) for spoken in ("en", "de")
    )
    assert english.get_buffer().raw != german.get_buffer().raw


def test_drawing_leaves_the_language_as_it_was(tmp_path) -> None:
    next(iter(samples.draw_all(tmp_path, ((320, 180),), languages=("de",))))
    assert language() == "en"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path) -> None:
    (tmp_path / "en").write_text("in the way")
    with pytest.raises(StageError, match="cannot be written"):
        list(samples.draw_all(tmp_path, ((320, 180),)))


# ---------------------------------------------------------------- moving and choosing


#: On these nothing is chosen.
_NO_CHOICES = ("play", "loading", "attract")


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith(_NO_CHOICES)])
def test_focus_goes_round_and_is_seen(name: str) -> None:
    screen = _moved()[name]
    surface = pygame.Surface(SIZE, 0, 32)
    seen = set()
    start = screen.focus
    for _ in screen.choices:
        screen.draw(surface)
        assert not screen.stale
        seen.add(surface.get_buffer().raw)
        screen.handle(NEXT)
    assert len(seen) == len(screen.choices)
    assert screen.focus == start
    screen.handle(PREVIOUS)
    assert screen.focus == (start - 1) % len(screen.choices)


def test_holding_fills_the_ring() -> None:
    screen = TodayScreen(SIZE, TodayView())
    surface = pygame.Surface(SIZE, 0, 32)
    pictures = []
    for share in (None, 0.0, 0.25, 0.5, 0.75):
        screen.holding = share
        assert screen.stale
        screen.draw(surface)
        pictures.append(surface.get_buffer().raw)
    assert len(set(pictures)) == len(pictures)
    screen.holding = 0.75
    assert not screen.stale


def test_a_ring_fills_from_the_top_clockwise() -> None:
    screen = TodayScreen(SIZE, TodayView())
    surface = pygame.Surface(SIZE, 0, 32)
    screen.holding = 0.3
    screen.draw(surface)
    box = screen.choices[0].box
    scale = screen.scale
    y = scale.y(box.y) - 6
    right = luminances(pixels(surface))[scale.x(box.x + box.w * 0.8), y - 3 : y + 3].max()
    left = luminances(pixels(surface))[scale.x(box.x + box.w * 0.2), y - 3 : y + 3].max()
    assert right > 2 * left


def test_the_mouse_focuses_and_chooses() -> None:
    screen = TodayScreen(SIZE, TodayView())
    songs = screen.choices[1].box
    x, y = screen.scale.x(songs.middle[0]), screen.scale.y(songs.middle[1])
    assert screen.handle(Pointer(x, y)) is None
    assert screen.focus == 1
    assert screen.handle(Pointer(x, y, pressed=True)) == "songs"
    assert screen.handle(Pointer(5, 5, pressed=True)) is None


@pytest.mark.parametrize(
    ("screen", "actions", "back"),
    [
        (
            TodayScreen(SIZE, TodayView("Ann", SongCard("a", "A"))),
            ["play", "songs", "practice", "board", "who", "help", "quit"],
            "who",
        ),
        (
            TodayScreen(SIZE, TodayView()),
            ["songs", "songs", "practice", "board", "who", "help", "quit"],
            "who",
        ),
        (
            PauseScreen(SIZE, PauseView(), None),
            ["continue", "slower", "again", "practice", "end", "settings"],
            "continue",
        ),
        (
            PauseScreen(SIZE, PauseView(watched=True), None),
            ["continue", "again", "end"],
            "continue",
        ),
        (ResultScreen(SIZE, ResultView()), ["again", "practice", "songs", "stop"], "stop"),
        (BetweenScreen(SIZE, BetweenView()), ["again", "change", "end"], "end"),
        (
            BetweenScreen(SIZE, BetweenView(faster=0.9)),
            ["faster", "again", "change", "end"],
            "end",
        ),
        (BoardScreen(SIZE, BoardView()), ["back"], "back"),
        (
            BoardScreen(SIZE, samples.board_view()),
            ["board:effort", "board:beat-myself", "board:song-of-the-week", "hide", "back"],
            "back",
        ),
        (
            BoardScreen(Scale(*SIZE, 2), samples.board_view()),
            ["board:beat-myself", "back"],
            "back",
        ),
        (WhoScreen(SIZE, WhoView()), ["guest", "help", "quit"], "quit"),
        (
            MessageScreen(SIZE, MessageView("T", "S", keys=(MessageKey("a", "A"),) * 2)),
            ["a", "a"],
            "a",
        ),
    ],
)
def test_choosing_each_in_turn(screen: Screen, actions: list[str], back: str) -> None:
    chosen = []
    for _ in screen.choices:
        chosen.append(screen.handle(CHOOSE))
        screen.handle(NEXT)
    assert chosen == actions
    assert screen.handle(BACK) == back


def test_four_people_fit_and_more_turn_the_page() -> None:
    people = tuple(Person(f"P{i}", f"Name {i}") for i in range(6))
    four = WhoScreen(SIZE, WhoView(people[:4]))
    assert [c.action for c in four.choices][:4] == [f"person:P{i}" for i in range(4)]
    six = WhoScreen(SIZE, WhoView(people))
    seen = []
    for _ in range(2):
        seen += [c.action for c in six.choices if c.action.startswith("person")]
        six.focus = next(i for i, c in enumerate(six.choices) if c.action == "more")
        assert six.handle(CHOOSE) is None
    assert seen == [f"person:P{i}" for i in range(6)]
    assert six.choices[0].action == "person:P0"


# ---------------------------------------------------------------- the chooser


def _songs(count: int) -> tuple[SongCard, ...]:
    return tuple(SongCard(f"s{i}", f"Song {i}", "Calm", (60, 64, 67)) for i in range(count))


def test_a_song_is_played_by_choosing_its_row() -> None:
    screen = ChooseScreen(SIZE, ChooseView(_songs(5)))
    screen.handle(NEXT)
    assert screen.focused_song is not None
    assert screen.focused_song.key == "s1"
    assert screen.handle(CHOOSE) == "play:s1"


def test_the_large_play_key_plays_the_focused_song() -> None:
    screen = ChooseScreen(SIZE, ChooseView(_songs(3)))
    screen.handle(NEXT)
    click = Pointer(screen.scale.x(1430), screen.scale.y(810), pressed=True)
    assert screen.handle(click) == "play:s1"


@pytest.mark.parametrize("count", [1, 5, 6, 9, 38])
def test_every_song_is_reached_by_turning_pages(count: int) -> None:
    screen = ChooseScreen(SIZE, ChooseView(_songs(count)))
    found = []
    for _ in range(20):
        found += [c.action for c in screen.choices if c.action.startswith("play:")]
        more = [i for i, c in enumerate(screen.choices) if c.action == "more"]
        if not more:
            break
        screen.focus = more[0]
        assert screen.handle(CHOOSE) is None
        if screen.choices[0].action == "play:s0":
            break
    assert found == [f"play:s{i}" for i in range(count)]
    assert len(screen.choices) <= 6


@pytest.mark.parametrize("zoom", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 38])
def test_there_are_at_most_five_choices_besides_back(zoom: float, count: int) -> None:
    screen = ChooseScreen(Scale(*SIZE, zoom), ChooseView(_songs(count)))
    actions = [choice.action for choice in screen.choices]
    assert actions[-1] == "back"
    assert "lists" in actions
    assert len(actions) <= 6
    assert ("more" in actions) == (count > len([a for a in actions if a.startswith("play:")]))


def test_the_keys_beside_a_song_mark_and_practise_it() -> None:
    screen = ChooseScreen(SIZE, ChooseView(_songs(3)))
    click = Pointer(screen.scale.x(1700), screen.scale.y(930), pressed=True)
    assert screen.handle(click) == "favourite:s0"
    practise = Pointer(screen.scale.x(1200), click.y, pressed=True)
    assert screen.handle(practise) == "practice:s0"
    assert screen.handle(Pointer(click.x, click.y)) is None


def test_letters_search_and_escape_ends_the_search_first() -> None:
    screen = ChooseScreen(SIZE, ChooseView(_songs(9)), first="s7")
    assert not screen.typing
    assert screen.handle(Typed("o")) == "search:o"
    screen.show(ChooseView(_songs(4), search="o"))
    assert screen.typing
    assert screen.focused_song is not None
    assert screen.focused_song.key == "s0", "what was found is shown from its top"
    assert screen.handle(Typed(" ")) == "search:o "
    assert screen.handle(Typed(ERASE)) == "search:"
    assert screen.handle(BACK) == "search:"
    screen.show(ChooseView((), search="oz", empty=("No song is called that.", "Escape.")))
    screen.draw(pygame.Surface(SIZE, 0, 32))
    assert {"Search: oz", "No song is called that."} <= {t.words for t in screen.written}
    screen.show(ChooseView(_songs(9)))
    assert screen.handle(BACK) == "back"


def test_a_search_has_an_end() -> None:
    screen = ChooseScreen(SIZE, ChooseView(_songs(1), search="x" * 40))
    assert screen.handle(Typed("y")) == f"search:{'x' * 40}"


def test_screens_without_words_to_type_take_no_letters() -> None:
    for screen in (TodayScreen(SIZE, TodayView()), PlayScreen(SIZE, "right")):
        assert not screen.typing
        assert screen.handle(Typed("a")) is None


def test_where_there_is_no_room_for_the_reason_it_is_asked_for() -> None:
    refused = SongCard("bad", "bad.mid", ok=False, reason="It is broken.")
    assert ChooseScreen(SIZE, ChooseView((refused,))).handle(CHOOSE) is None
    assert ChooseScreen(Scale(*SIZE, 2.0), ChooseView((refused,))).handle(CHOOSE) == "refused:bad"


def test_long_titles_take_two_lines_in_a_row() -> None:
    title = "When the Saints Go Marching In, all verses"
    screen = ChooseScreen(SIZE, ChooseView((SongCard("a", title, "Lively, 2 minutes"),)))
    screen.draw(pygame.Surface(SIZE, 0, 32))
    written = [text for text in screen.written if text.words == title]
    assert len(written) == 2, "in the row and beside it"
    assert all(text.whole and len(text.shown) == 2 for text in written)


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
def test_marks_are_toggled_where_they_stand(zoom: float) -> None:
    songs = tuple(MarkedSong(key, key) for key in "abc")
    screen = MarksScreen(Scale(*SIZE, zoom), songs)
    screen.handle(NEXT)
    assert screen.handle(CHOOSE) == "favourite:b"
    screen.draw(pygame.Surface(SIZE, 0, 32))
    screen.show((songs[0], MarkedSong("b", "b", True), songs[2]))
    assert screen.stale
    assert screen.focus == 1
    assert [key.lit for key in screen.choices if isinstance(key, Key)] == [
        False,
        True,
        *[False] * 2,
    ]
    assert screen.handle(BACK) == "songs"


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
def test_the_other_lists_are_four_and_the_mark(zoom: float) -> None:
    lists = tuple(SongList(name, name.title(), "3 songs") for name in ("a", "b", "c", "d"))
    screen = ListsScreen(Scale(*SIZE, zoom), ListsView(lists, True))
    chosen = []
    for _ in screen.choices:
        chosen.append(screen.handle(CHOOSE))
        screen.handle(NEXT)
    assert chosen == ["list:a", "list:b", "list:c", "list:d", "mark", "songs"]
    assert screen.handle(BACK) == "songs"
    assert len(ListsScreen(SIZE, ListsView(lists)).choices) == 5


def test_a_refused_file_is_shown_with_its_reason_and_not_played() -> None:
    reason = "This file ends in the middle of a track."
    songs = (*_songs(1), SongCard("bad", "bad.mid", ok=False, reason=reason))
    screen = ChooseScreen(SIZE, ChooseView(songs), first="bad")
    assert screen.handle(CHOOSE) is None
    screen.draw(pygame.Surface(SIZE, 0, 32))
    assert any(text.words == reason and text.whole for text in screen.written)
    play = Pointer(screen.scale.x(1430), screen.scale.y(810), pressed=True)
    assert screen.handle(play) is None


def test_a_dropped_file_appears_and_the_focus_stays_on_its_song() -> None:
    screen = ChooseScreen(SIZE, ChooseView(_songs(4)))
    screen.handle(NEXT)
    screen.handle(NEXT)
    screen.stale = False
    screen.show(ChooseView((SongCard("new", "New"), *_songs(4))))
    assert screen.stale
    assert screen.focused_song is not None
    assert screen.focused_song.key == "s2"
    screen.show(ChooseView(_songs(1)))
    screen.draw(pygame.Surface(SIZE, 0, 32))
    assert screen.focus < len(screen.choices)


def test_an_empty_library_says_what_to_do() -> None:
    screen = ChooseScreen(SIZE, ChooseView())
    screen.draw(pygame.Surface(SIZE, 0, 32))
    assert any("Drop a MIDI file" in text.words for text in screen.written)
    assert [choice.action for choice in screen.choices] == ["lists", "back"]


LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz " * 4
STRANGE = "月亮代表我的心 \u202e\x07 🎹"


@pytest.mark.parametrize("name", [LONG, STRANGE, "", "a b " * 60])
def test_no_name_breaks_a_screen(name: str) -> None:
    song = SongCard(name, name, name, (60,), True, "", name, name)
    refused = SongCard(name + "!", name, ok=False, reason=name)
    surface = pygame.Surface(SIZE, 0, 32)
    for screen in (
        ChooseScreen(SIZE, ChooseView((song, refused))),
        ChooseScreen(SIZE, ChooseView((refused, song))),
        TodayScreen(SIZE, TodayView(name, song, 3, name, name)),
        WhoScreen(SIZE, WhoView((Person("P", name),) * 3)),
        PauseScreen(SIZE, PauseView(name, 3), None),
        PauseScreen(SIZE, PauseView(name, 3, name), None),
        MessageScreen(SIZE, MessageView(name, name, name, "hand")),
        LoadingScreen(SIZE, LoadingView(name, name, 0.2)),
        ResultScreen(SIZE, ResultView(99_999, name, good=name, good_words=name, step=name)),
        BoardScreen(SIZE, BoardView(team=name, team_words=name, sentence=name)),
    ):
        screen.draw(surface)
        for text in screen.written:
            assert text.size >= BODY
            for area in text.area:
                assert not area.w or text.box.inflate(2, 2).contains(area), type(screen)


def test_loading_moves_and_only_then_is_drawn_again() -> None:
    screen = LoadingScreen(SIZE, LoadingView(progress=0.2))
    surface = pygame.Surface(SIZE, 0, 32)
    screen.draw(surface)
    before = surface.get_buffer().raw
    screen.show(LoadingView(progress=0.2))
    assert not screen.stale
    screen.show(LoadingView(progress=0.6))
    assert screen.stale
    screen.draw(surface)
    assert surface.get_buffer().raw != before
    assert screen.handle(CHOOSE) is None
    assert screen.handle(NEXT) is None


def test_the_play_behind_pause_is_darkened() -> None:
    behind = pygame.Surface(SIZE, 0, 32)
    behind.fill((200, 100, 50))
    screen = PauseScreen(SIZE, PauseView(), behind)
    surface = pygame.Surface(SIZE, 0, 32)
    screen.draw(surface)
    dark = np.array(surface.get_at((5, 5))[:3]) / (200, 100, 50)
    assert dark == pytest.approx(0.3, abs=0.03)
    assert behind.get_at((5, 5))[:3] == (200, 100, 50)


def test_pause_is_a_key_and_escape() -> None:
    screen = PlayScreen(SIZE, "right")
    box = screen.highway.places.pause
    x, y = screen.scale.x(box.middle[0]), screen.scale.y(box.middle[1])
    assert screen.handle(BACK) == "pause"
    assert screen.handle(Pointer(x, y, pressed=True)) == "pause"
    assert screen.handle(Pointer(x, y)) is None
    assert screen.handle(Pointer(300, 500, pressed=True)) is None
    assert screen.handle(CHOOSE) is None


def test_counts_stand_in_the_order_of_the_hand() -> None:
    counts = {grip: 10 + grip for grip in GRIPS}
    for hand, order in (("right", "Key Index Middle Ring Little"), ("left", "Little Ring")):
        screen = ResultScreen(SIZE, ResultView(60, "A", counts, hand))
        screen.draw(pygame.Surface(SIZE, 0, 32))
        words = [
            t for t in screen.written if t.words in ["Key", "Index", "Middle", "Ring", "Little"]
        ]
        shown = [t.words for t in sorted(words, key=lambda t: t.box.x)]
        assert shown[: len(order.split())] == order.split()


def test_emblems_are_there_for_every_name() -> None:
    assert emblem_for("Blue Heron") == "heron"
    assert emblem_for("Anyone", "owl") == "owl"
    assert emblem_for("Anyone", "unheard of") == emblem_for("Anyone")
    for name in EMBLEMS:
        picture = emblem(name, 64)
        assert picture.get_size() == (64, 64)
        # More than the disc is drawn.
        assert len(np.unique(pixels(picture).reshape(-1, 3), axis=0)) > 10
