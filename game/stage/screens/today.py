"""Today: a plain start. One large key plays; the rest is one choice away."""

from dataclasses import dataclass

from game.stage import cover, emblems
from game.stage.page import Box, Page
from game.stage.screens.base import Screen, strings_behind
from game.stage.screens.choose import SongCard
from game.stage.theme import BODY, HEADING, LABEL, LAMP, SOFT_TEXT, TITLE
from game.stage.widgets import Key, corner_key, heading


@dataclass(frozen=True)
class TodayView:
    """Who plays, the song that Play begins (None: choose one), and the week's pinches."""

    nickname: str = ""
    song: SongCard | None = None
    week_pinches: int | None = None
    week_days: str = ""
    notice: str = ""
    picture: str = ""


class TodayScreen(Screen):
    """Actions: ``play`` (the song shown), ``songs``, ``board``, ``who``, ``quit``."""

    back = "who"

    def __init__(self, size: tuple[int, int], view: TodayView):
        super().__init__(size)
        self.view = view
        play = "Play" if view.song else "Choose a song"
        action = "play" if view.song else "songs"
        self.choices = [
            Key(action, Box(112, 660, 1104, 132), play, "play", primary=True, size=HEADING),
            Key("songs", Box(64, 896, 576, 120), "Songs", "note", size=LABEL),
            Key("board", Box(672, 896, 576, 120), "Team", "people", size=LABEL),
            Key("who", Box(1280, 896, 576, 120), "Someone else", "person", size=LABEL),
            corner_key("quit", "Quit", "door"),
        ]

    def draw_page(self, page: Page) -> None:
        """The song to come on the left, the week on the right."""
        view = self.view
        strings_behind(page)
        if view.nickname:
            page.centre(
                emblems.emblem(emblems.emblem_for(view.nickname, view.picture), page.scale.px(112)),
                120,
                96,
            )
            heading(page, f"Hello, {view.nickname}", 200, 1340)
        else:
            heading(page, "Hello")
        page.panel(Box(64, 192, 1200, 640))
        page.panel(Box(1304, 192, 552, 640))
        song = view.song
        if song is not None:
            picture = cover.cover(
                song.pitches,
                page.scale.px(1152),
                page.scale.px(268),
                cover.tint_of(song.title),
                page.scale.px(24),
            )
            page.centre(picture, 664, 192 + 24 + 134)
            page.write(song.title, Box(112, 500, 1104, 84), HEADING, bold=True)
            page.write(song.detail, Box(112, 580, 1104, 56), BODY, SOFT_TEXT)
        else:
            page.write("Ready to play?", Box(112, 300, 1104, 120), TITLE, bold=True)
            page.write("Pick any song you like.", Box(112, 420, 1104, 70), LABEL, SOFT_TEXT)
        side = Box(1352, 216, 456, 600)
        page.write("This week", Box(side.x, side.y, side.w, 80), BODY, SOFT_TEXT)
        if view.week_pinches:
            number = f"{view.week_pinches:,}".replace(",", " ")
            page.write(number, Box(side.x, 300, side.w, 120), TITLE, LAMP, bold=True)
            words = "pinch" if view.week_pinches == 1 else "pinches"
            page.write(words, Box(side.x, 408, side.w, 64), LABEL, bold=True)
            if view.week_days:
                page.write(view.week_days, Box(side.x, 480, side.w, 110), BODY, SOFT_TEXT, lines=2)
        else:
            page.write(
                "Your first pinches are waiting.",
                Box(side.x, 300, side.w, 230),
                LABEL,
                bold=True,
                lines=3,
                valign="top",
            )
        if view.notice:
            page.icon("attention", side.x + 24, 660, 48, SOFT_TEXT)
            page.write(
                view.notice,
                Box(side.x + 68, 632, side.w - 68, 180),
                BODY,
                SOFT_TEXT,
                lines=3,
                valign="top",
            )
