"""Every screen with sample data: for review, documentation and tests.

The tunes are old and free; the people do not exist.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pygame

from firmware_bridge.diagnosis import Code, finding
from game.core.data import TARGET
from game.core.grips import ACROSS_THE_HAND, Grip, lanes
from game.core.say import mark
from game.music.library.lists import Order
from game.play.plan import WAS_HIT, WAS_MISSED
from game.records.boards import BoardKind
from game.stage import palettes as lane_colours
from game.stage.cards import (
    board_tabs,
    board_unit,
    breakable,
    heading_of,
    mood_word,
    song_list,
    why_empty,
)
from game.stage.errors import StageError
from game.stage.glove_words import said
from game.stage.grip_words import grip_label
from game.stage.help_samples import help_screens
from game.stage.helper_samples import NAMES as HELPER_NAMES
from game.stage.helper_samples import helper_screens
from game.stage.keys import letters
from game.stage.lyrics import LyricLine
from game.stage.notices import UNPLUGGED
from game.stage.preferences import OWN_NAMES
from game.stage.screens import (
    BetweenScreen,
    BetweenView,
    BoardRow,
    BoardScreen,
    BoardView,
    ChooseScreen,
    ChooseView,
    ListsScreen,
    ListsView,
    LoadingScreen,
    LoadingView,
    Mark,
    MarkedSong,
    MarksScreen,
    MessageKey,
    MessageScreen,
    MessageView,
    PauseScreen,
    PauseView,
    Person,
    PlayScreen,
    PracticeScreen,
    PracticeView,
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
from game.stage.screens.base import Canvas
from game.stage.session_samples import NAMES as SESSION_NAMES
from game.stage.session_samples import session_screens
from game.stage.settings_samples import settings_screens
from game.stage.theme import Scale
from game.stage.turns_samples import NAMES as TURNS_NAMES
from game.stage.turns_samples import turns_screens
from game.stage.view import Effect, HighwayView, Options
from game.words import LANGUAGES, decimal, language, number, plural, tr, use

HIGH_CONTRAST = "high-contrast"

SIZES: tuple[tuple[int, int], ...] = ((1280, 720), (1920, 1080))

#: Percent: how large letters and keys are.
SCALES: tuple[int, ...] = (100, 200)

#: How the colours may be; only the play screen differs.
#: Those of the lanes, and high contrast, which is drawn for plays alone.
PALETTES: tuple[str, ...] = (*lane_colours.PALETTES, HIGH_CONTRAST)

_LONG_FILE = "Holiday tape 1987 side B (copy) (2) final.mid"
_LONG_TITLE = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

#: What is told about a file stays English: it is for whoever made the file.
REFUSED = "This file ends in the middle of a track. Save it again from the program it came from."

#: Names of songs, people and passages: they are not in any catalogue.
NAMES: tuple[str, ...] = (
    *HELPER_NAMES,
    *TURNS_NAMES,
    *SESSION_NAMES,
    "Griptune",
    *OWN_NAMES.values(),
    "Shenandoah",
    "Greensleeves",
    "Au clair de la lune",
    "Ode to Joy",
    "Skye Boat Song",
    "Ludwig van Beethoven (1770-1827)",
    _LONG_FILE,
    breakable(_LONG_TITLE),
    "Beet",
    REFUSED,
    "Blue Heron",
    "Night Owl",
    "Red Fox",
    "Quiet Otter",
    "River Swan",
    "Old Badger",
    "Team Lighthouse",
    "Verse 1",
    "Verse 2",
    "Verse 3",
    "Chorus",
    *["Away,", "I'm", "bound", "away", "across", "the", "wide", "Missouri"],
)

_SHENANDOAH = (62, 67, 67, 67, 69, 71, 72, 76, 74, 79, 78, 76, 74, 76, 74)
_GREENSLEEVES = (69, 72, 74, 76, 77, 76, 74, 71, 67, 69, 71, 72, 69, 69, 68)
_ODE_TO_JOY = (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 64, 62, 62)
_CLAIR = (72, 72, 72, 74, 76, 74, 72, 76, 74, 74, 72, 72, 72, 72, 74)
_SKYE = (55, 57, 55, 60, 60, 62, 59, 62, 67, 67, 64, 62, 64, 57, 57)


def songs() -> tuple[SongCard, ...]:
    """A small library with one file that cannot be played and one with a very long name."""
    hint = plural("At your level: {n} pinch", "At your level: {n} pinches", 96)
    best = tr("Your best this week: {score}", score=8_940)

    def detail(mood: str, minutes: int) -> str:
        length = plural("{n} minute", "{n} minutes", minutes)
        return tr("{mood}, {length}", mood=mood_word(mood), length=length)

    return (
        SongCard(
            "shenandoah",
            "Shenandoah",
            detail("calm", 3),
            _SHENANDOAH,
            best=best,
            hint=hint,
            favourite=True,
        ),
        SongCard("greensleeves", "Greensleeves", detail("steady", 2), _GREENSLEEVES, hint=hint),
        SongCard("au-clair", "Au clair de la lune", detail("calm", 1), _CLAIR, hint=hint),
        SongCard("broken", _LONG_FILE, ok=False, reason=REFUSED),
        SongCard(
            "ode-to-joy",
            "Ode to Joy",
            detail("lively", 2),
            _ODE_TO_JOY,
            best=best,
            hint=hint,
            by="Ludwig van Beethoven (1770-1827)",
        ),
        SongCard("skye", "Skye Boat Song", detail("rocking", 3), _SKYE, hint=hint),
        SongCard("long", breakable(_LONG_TITLE), detail("steady", 4), _ODE_TO_JOY, hint=hint),
        SongCard("月亮", "月亮代表我的心", detail("calm", 4), _CLAIR, hint=hint),
    )


def _lists() -> tuple[SongList, ...]:
    """The lists besides the one that is there to begin with."""
    about = {
        Order.FAVOURITES: plural("{n} song", "{n} songs", 1),
        Order.RECENT: tr("None so far"),
        Order.TITLE: plural("{n} song", "{n} songs", 1_038),
        Order.RATE: plural("{n} song", "{n} songs", 1_038),
    }
    return tuple(song_list(order, words) for order, words in about.items())


def play_view(hand: str = "right") -> HighwayView:
    """A busy moment in the second verse: a hit, a near press, a wrong grip, a miss, a tail."""
    view = HighwayView()
    beat = 600_000
    view.song_us = 72_105_000
    view.look_ahead_us = 3_200_000
    view.length_us = 171_000_000
    view.beats_us = np.arange(0, view.length_us, beat, dtype=np.int64)
    view.bars_us = view.beats_us[::4]
    walk = (1, 2, 3, 4, 2, 0, 1, 3, 2, 4, 3, 2)
    rows = []
    for i, time_us in enumerate(view.beats_us[4:].tolist()):
        if 121 <= i <= 122:
            continue
        grip = ACROSS_THE_HAND[(walk[i % len(walk)] + 2) % 5]
        rows.append((time_us, grip, 1_000_000 if i % 6 == 1 else 400_000, 64, 1, 0))
    view.targets = np.array(rows, TARGET)
    view.states = np.where(view.targets["time_us"] <= view.song_us, WAS_HIT, 0).astype(np.uint8)
    done = int(np.count_nonzero(view.states))
    view.states[done - 2] = WAS_MISSED
    last = Grip(int(view.targets["grip"][done - 1]))
    missed = Grip(int(view.targets["grip"][done - 2]))
    others = [grip for grip in lanes(hand) if grip not in (last, missed)]
    view.effects = (
        Effect("miss", view.song_us - 60_000, missed),
        Effect("near", view.song_us - 60_000, others[0]),
        Effect("wrong", view.song_us - 90_000, others[1], others[2]),
        Effect("hit", view.song_us - 55_000, last),
    )
    view.contacts = 1 << last
    view.contact_held_us = 60_000
    view.asked, view.asked_index = last, done - 1
    view.following = Grip(int(view.targets["grip"][done]))
    view.count = 97
    view.title = "Shenandoah"
    view.sections = (
        (0, "Verse 1"),
        (36_000_000, "Chorus"),
        (58_000_000, "Verse 2"),
        (96_000_000, "Chorus"),
        (120_000_000, "Verse 3"),
        (150_000_000, "Chorus"),
    )
    view.lyrics = (
        LyricLine(
            71_600_000,
            76_000_000,
            ("Away,", "I'm", "bound", "away"),
            (71_900_000, 73_200_000, 73_800_000, 74_400_000),
        ),
        LyricLine(
            76_000_000,
            80_000_000,
            ("across", "the", "wide", "Missouri"),
            (76_000_000, 76_600_000, 77_000_000, 78_000_000),
        ),
    )
    return view


def pickup_view(hand: str = "right") -> HighwayView:
    """After a long rest: three dots lead to the next target; nothing is felt."""
    view = play_view(hand)
    due = view.song_us + 2_450_000
    view.targets = view.targets[view.targets["time_us"] >= view.song_us + 2_400_000].copy()
    view.targets["time_us"][0] = due
    view.states = np.zeros(len(view.targets), np.uint8)
    view.effects = ()
    view.contacts = 0
    view.asked, view.asked_index = Grip(int(view.targets["grip"][0])), 0
    view.following = Grip(int(view.targets["grip"][1]))
    view.feels = mark("Keys feel {what}")
    view.notice = tr("No glove found. The keyboard plays.")
    return view


def result_view(hand: str = "right") -> ResultView:
    """A good play of 248 targets, the same every time."""
    rng = np.random.default_rng(7)
    counts = dict(zip(ACROSS_THE_HAND, (38, 52, 47, 41, 34), strict=True))
    marks = [
        Mark(at, grip, bool(rng.random() < counts[grip] / (counts[grip] + 7)))
        for grip in ACROSS_THE_HAND
        for at in np.sort(rng.random(counts[grip] + 7)).tolist()
    ]
    return ResultView(
        pinches=212,
        song="Shenandoah",
        counts=counts,
        hand=hand,
        marks=tuple(marks),
        score=8_940,
        score_words=tr("Score {score}, your best this week", score=8_940),
        pace=tr("{rate} a second", rate=decimal(0.8)),
        pace_words=tr("A little up"),
        good=tr("{grip} did better", grip=grip_label(Grip.RING)),
        good_words=tr(
            "{hits} of {asked}, before {hits_before} of {asked_before}",
            hits=41,
            asked=48,
            hits_before=31,
            asked_before=47,
        ),
        step=tr("A little more next time"),
        step_words=tr("This went well"),
    )


def _practised(view: ResultView) -> ResultView:
    """What is told after four passes of a passage."""
    return replace(
        view,
        marks=(),
        score=None,
        score_words="",
        pace="",
        good=plural("{n} time through", "{n} times through", 4),
        good_words=plural("{n} pinch met", "{n} pinches met", 187),
        step=tr("Play the whole song"),
        step_words=tr("Or practise another part"),
        practised=True,
    )


def board_view(kind: BoardKind = BoardKind.EFFORT) -> BoardView:
    """A clinic of ten; "me" is seventh."""
    points = (66, 58, 58, 50, 49, 44) if kind is BoardKind.BEAT_MYSELF else (None,) * 6

    def row(index: int, place: int, nickname: str, share: float, me: bool = False) -> BoardRow:
        value = points[index]
        if value is None:
            return BoardRow(place, nickname, "", share, me)
        return BoardRow(place, nickname, number(value), (value - 20) / 60, me)

    return BoardView(
        team="Team Lighthouse",
        lamps_lit=7,
        lamps=10,
        team_words=plural("{n} more by Sunday", "{n} more by Sunday", 3),
        board=tr("Beat myself") if kind is BoardKind.BEAT_MYSELF else tr("Effort"),
        unit=board_unit(kind),
        top=(
            row(0, 1, "Quiet Otter", 1.0),
            row(1, 2, "Red Fox", 0.92),
            row(2, 2, "River Swan", 0.92),
        ),
        near=(
            row(3, 6, "Night Owl", 0.71),
            row(4, 7, "Blue Heron", 0.68, me=True),
            row(5, 8, "Old Badger", 0.59),
        ),
        tabs=board_tabs(kind),
        hidden=False,
    )


def _song_board() -> BoardView:
    """The song of the week, which too few have played; "me" is hidden."""
    kind = BoardKind.SONG_OF_THE_WEEK
    return replace(
        board_view(),
        board=tr("Song of the week"),
        unit=board_unit(kind, "Shenandoah"),
        top=(),
        near=(),
        sentence=tr(
            "This board opens when three people have played the song this week and three songs "
            "before."
        ),
        tabs=board_tabs(kind),
        hidden=True,
    )


def screens(canvas: Canvas, palette: str = "standard") -> Iterator[tuple[str, Screen]]:
    """Every screen with its name, ready to draw, in the language in use."""
    scale = canvas if isinstance(canvas, Scale) else Scale(*canvas)
    size = scale.size
    people = (
        Person("P1", "Blue Heron"),
        Person("P2", "Night Owl"),
        Person("P3", "Red Fox"),
        Person("P4", "Quiet Otter"),
    )
    yield (
        "loading",
        LoadingScreen(scale, LoadingView(words=tr("Playing the music in"), progress=0.62)),
    )
    yield "who", WhoScreen(scale, WhoView(people))
    yield "who-first", WhoScreen(scale, WhoView())
    library = songs()
    days = plural("on {done} of {n} day", "on {done} of {n} days", 5, done=3)
    today = TodayView("Blue Heron", library[0], 1_204, days, week_goal=1_800)
    yield "today", TodayScreen(scale, today)
    notice = tr("No glove found. The keyboard plays.")
    yield "today-first", TodayScreen(scale, TodayView(notice=notice))
    whole = plural("on {n} day", "on {n} days", 6)
    done = TodayView("Blue Heron", library[0], 1_912, whole, week_goal=1_800)
    yield "today-done", TodayScreen(scale, done)
    yield "today-notice", TodayScreen(scale, replace(today, notice=notice))
    yield "choose", ChooseScreen(scale, ChooseView(library, previewing=True))
    yield "choose-more", ChooseScreen(scale, ChooseView(library), "ode-to-joy")
    yield "choose-refused", ChooseScreen(scale, ChooseView(library), "broken")
    yield "choose-names", ChooseScreen(scale, ChooseView(library), "long")
    yield "choose-few", ChooseScreen(scale, ChooseView(library[:2]))
    found = ChooseView((library[4],), search="Beet")
    yield "choose-search", ChooseScreen(scale, found)
    yield (
        "choose-empty",
        ChooseScreen(
            scale,
            ChooseView(heading=heading_of(Order.FAVOURITES), empty=why_empty(Order.FAVOURITES)),
        ),
    )
    yield "lists", ListsScreen(scale, ListsView(_lists(), True))
    titles = ("Shenandoah", "Greensleeves", "Au clair de la lune")
    marked = tuple(MarkedSong(title, title, title == "Shenandoah") for title in titles)
    yield "marks", MarksScreen(scale, marked)
    for name, hand, view, options in _plays():
        options = replace(options, high_contrast=palette == HIGH_CONTRAST)
        play = PlayScreen(scale, hand, options)
        play.view = view
        yield name, play
    pause = pygame.Surface(size, 0, 32)
    play = PlayScreen(scale, "right")
    play.view = play_view()
    play.draw(pause)
    yield "pause", PauseScreen(scale, PauseView("Shenandoah", 97), pause)
    why_not = PauseView(reason=mark("It is as slow as it can be."))
    yield "pause-slowest", PauseScreen(scale, why_not, pause)
    yield "pause-watching", PauseScreen(scale, PauseView("Shenandoah", 97, watched=True), pause)
    recording = mark("A recording keeps its tempo.")
    yield "pause-recorded", PauseScreen(scale, PauseView(reason=recording), pause)
    held = PauseScreen(scale, PauseView(reason=UNPLUGGED), pause)
    held.focus, held.holding = 1, 0.4
    yield "pause-glove", held
    yield from help_screens(scale, pause)
    yield from helper_screens(scale)
    yield from settings_screens(scale)
    yield from session_screens(scale, result_view())
    boards = (board_view(), board_view(BoardKind.BEAT_MYSELF))
    yield from turns_screens(scale, boards, result_view())
    practice = PracticeView(
        "Shenandoah", "Verse 2", tr("Part {n} of {count}", n=3, count=6), 0.75, wait=True
    )
    yield "practice", PracticeScreen(scale, practice)
    whole_song = PracticeView(
        "Greensleeves",
        tr("Whole song"),
        plural("{n} part", "{n} parts", 4),
        fixed_speed=True,
        any_finger=True,
    )
    speed = PracticeScreen(scale, whole_song)
    speed.focus = 1
    yield "practice-recorded", speed
    yield "practice-again", BetweenScreen(scale, BetweenView(46, 2, goes_on=True))
    yield "practice-ready", BetweenScreen(scale, BetweenView(0, 1))
    yield "practice-faster", BetweenScreen(scale, BetweenView(92, 4, faster=0.9))
    lost, look = said(finding(Code.LOST))
    yield "result", ResultScreen(scale, result_view())
    yield "result-left", ResultScreen(scale, result_view("left"))
    played = ResultScreen(scale, result_view())
    for choice in played.choices:
        if choice.action == "record":
            played.choose(choice)
    yield "result-record", played
    few = replace(result_view(), pinches=1_064, marks=(), pace="", score_words="")
    yield "result-plain", ResultScreen(scale, few)
    yield "result-practice", ResultScreen(scale, _practised(result_view()))
    yield "board", BoardScreen(scale, board_view())
    yield "board-points", BoardScreen(scale, board_view(BoardKind.BEAT_MYSELF))
    yield "board-few", BoardScreen(scale, _song_board())
    yield (
        "message-glove",
        MessageScreen(
            scale,
            MessageView(
                lost,
                look,
                tr("The keyboard plays too."),
                "hand",
                (
                    MessageKey("again", tr("Look again"), "again"),
                    MessageKey("ok", tr("Use the keyboard"), "keyboard"),
                ),
            ),
        ),
    )
    yield (
        "message",
        MessageScreen(
            scale,
            MessageView(
                tr("This song cannot be played"),
                REFUSED,
                tr("Please choose another one."),
                "note",
                (MessageKey("songs", tr("Songs"), "note"),),
            ),
        ),
    )


def _plays() -> Iterator[tuple[str, str, HighwayView, Options]]:
    yield "play", "right", play_view(), Options()
    yield "play-left", "left", play_view("left"), Options()
    yield "play-reduced-motion", "right", play_view(), Options(reduced_motion=True)
    yield "play-keyboard", "right", pickup_view(), Options(letters=letters("right"))
    resting = pickup_view()
    resting.asked, resting.asked_index, resting.following = None, -1, None
    yield "play-rest", "right", resting, Options(letters=letters("right"))
    counted = pickup_view("left")
    counted.count_in, counted.count = 3, 0
    yield "play-count-in", "left", counted, Options(letters=letters("left"))
    timed = play_view()
    timed.errors_us = (-120_000, 30_000, -40_000, 60_000, 90_000, -20_000, 10_000, -80_000)
    offs = {"hit": -80_000, "near": 230_000}
    timed.effects = tuple(replace(e, off_us=offs.get(e.kind, 0)) for e in timed.effects)
    told = Options(scroll="down", early_late=True, error_bar=True, visual_beat=True)
    yield "play-down", "right", timed, told
    risen = Options(scroll="up", letters=letters("left"), error_bar=True)
    yield "play-up", "left", play_view("left"), risen
    quiet = Options(scroll="up", reduced_motion=True, visual_beat=True, place="left")
    yield "play-up-reduced-motion", "right", pickup_view(), quiet
    moved = Options(place="right", anchor_bar=True)
    yield "play-moved", "right", play_view(), moved


def draw_all(
    folder: Path | str,
    sizes: Sequence[tuple[int, int]] = SIZES,
    *,
    languages: Sequence[str] = tuple(LANGUAGES),
    scales: Sequence[int] = SCALES,
    palettes: Sequence[str] = PALETTES,
) -> Iterator[Path]:
    """Draws every screen to ``folder``/LANGUAGE/NAME-WIDTHxHEIGHT.png; yields the files.

    Names go on with the scale in percent where it is not 100, and with the palette where it is
    not the standard one. Needs no window. Raises StageError when a picture cannot be written.
    """
    before, colours = language(), lane_colours.in_use().name
    try:
        for spoken, size, percents, palette in product(languages, sizes, scales, palettes):
            use(spoken)
            lane_colours.use("standard" if palette == HIGH_CONTRAST else palette)
            ending = f"-{size[0]}x{size[1]}"
            ending += f"-{percents}" if percents != 100 else ""
            ending += f"-{palette}" if palette != "standard" else ""
            surface = pygame.Surface(size, 0, 32)
            for name, screen in screens(Scale(*size, percents / 100), palette):
                if palette == HIGH_CONTRAST and not isinstance(screen, PlayScreen):
                    continue
                screen.draw(surface)
                yield _save(surface, Path(folder) / spoken / f"{name}{ending}.png")
    finally:
        use(before)
        lane_colours.use(colours)


def _save(surface: pygame.Surface, path: Path) -> Path:
    try:
        path.parent.mkdir(exist_ok=True)
        pygame.image.save(surface, str(path))
    except (OSError, pygame.error) as error:
        raise StageError(f"The picture {path} cannot be written: {error}.") from error
    return path
