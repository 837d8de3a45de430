"""Today: a plain start. One large key plays; the rest is one choice away."""

from dataclasses import dataclass

from game.stage import cover, emblems
from game.stage.page import Box, Page
from game.stage.rows import row_of_keys
from game.stage.screens.base import Canvas, Screen, strings_behind
from game.stage.screens.choose import SongCard
from game.stage.theme import BODY, HEADING, LABEL, LAMP, SOFT_TEXT, SPACE_2, SPACE_3, TEXT, TITLE
from game.stage.widgets import Key, below_heading, beside_corner, corner_key, heading
from game.words import number, plural, tr

#: The week stands beside the song from this width on; below it there is one column.
_TWO_COLUMNS_FROM = 1500.0

_WEEK_WIDTH = 552.0

#: A cover lower than this says nothing.
_LOWEST_COVER = 120.0


@dataclass(frozen=True)
class TodayView:
    """Who plays, the song that Play begins (None: choose one), and the week's pinches.

    ``week_goal`` are the pinches meant to be made in the week (None: no goal), ``week_days`` says
    on how many days somebody played. ``station``: patients take turns here.
    """

    nickname: str = ""
    song: SongCard | None = None
    week_pinches: int | None = None
    week_days: str = ""
    notice: str = ""
    picture: str = ""
    week_goal: int | None = None
    glove_fails: bool = False
    station: bool = False


class TodayScreen(Screen):
    """Actions: ``play`` (the song shown), ``songs``, ``practice``, ``board``, ``who``, ``help``,
    ``quit``.

    While the glove fails, ``glove`` stands in the place of ``board``.
    """

    back = "who"

    def __init__(self, canvas: Canvas, view: TodayView):
        super().__init__(canvas)
        self.view = view
        scale = self.scale
        area = below_heading(scale)
        gap = 32.0 / scale.zoom
        keys_high = 120.0 if scale.high >= 900 else 104.0
        keys = Box(area.x, area.bottom - keys_high, area.w, keys_high)
        panels = Box(
            area.x, area.y, area.w, keys.y - (2 if scale.high >= 900 else 1.25) * gap - area.y
        )
        self._two_columns = scale.wide >= _TWO_COLUMNS_FROM
        week = _WEEK_WIDTH + 1.25 * gap if self._two_columns else 0.0
        self._song = Box(panels.x, panels.y, panels.w - week, panels.h)
        self._week = Box(panels.right - _WEEK_WIDTH, panels.y, _WEEK_WIDTH, panels.h)
        play_high = 132.0 if scale.high >= 900 else 104.0
        edge = 48.0 / scale.zoom
        play = self._song.inset(edge, edge * 0.8 if scale.high >= 900 else 14.0)
        play = Box(play.x, play.bottom - play_high, play.w, play_high)
        self._above_play = Box(play.x, self._song.y, play.w, play.y - self._song.y - 8)
        practice = ("practice", tr("Practice"), "practice")
        below = [
            ("songs", tr("Songs"), "note"),
            # Five choices are enough: what is wrong with the glove comes before the board.
            ("glove", tr("Glove help"), "plug")
            if view.glove_fails
            else ("board", tr("Team"), "people"),
            ("who", tr("Next patient") if view.station else tr("Someone else"), "person"),
        ]
        self.choices = []
        if self._two_columns:
            below.insert(1, practice)
        else:  # four in a row would be too narrow: practice stands beside Play
            wide = (play.w - gap) * 0.4
            action, name, icon = practice
            beside = Box(play.right - wide, play.y, wide, play.h)
            self.choices.append(Key(action, beside, name, icon, size=LABEL))
            play = Box(play.x, play.y, play.w - gap - wide, play.h)
        action, words = ("play", tr("Play")) if view.song else ("songs", tr("Choose a song"))
        self.choices.insert(0, Key(action, play, words, "play", primary=True, size=HEADING))
        self.choices += row_of_keys(scale, keys, below, gap)
        self.choices.append(Key("help", beside_corner(scale), tr("Help"), "attention"))
        self.choices.append(corner_key(scale, "quit", tr("Quit"), "door"))

    def draw_page(self, page: Page) -> None:
        """The song to come on the left, the week on the right."""
        strings_behind(page)
        self._greet(page)
        page.panel(self._song)
        self._draw_song(page)
        if self._two_columns:
            page.panel(self._week)
            self._draw_week(page)

    def _greet(self, page: Page) -> None:
        view = self.view
        if not view.nickname:
            heading(page, tr("Hello"), keys=2)
            return
        if not self._two_columns:  # name and picture side by side would be too narrow
            heading(page, tr("Hello, {name}", name=view.nickname), keys=2)
            return
        side = 112.0
        picture = emblems.emblem_for(view.nickname, view.picture)
        left = page.scale.margin
        page.centre(emblems.emblem(picture, page.scale.px(side)), left + side / 2, left * 0.75 + 48)
        heading(page, tr("Hello, {name}", name=view.nickname), side + SPACE_3, keys=2)

    def _draw_song(self, page: Page) -> None:
        view, scale, box = self.view, page.scale, self._above_play
        song = view.song
        lines = [] if self._two_columns else self._week_in_a_line()
        if song is None:
            self._invite(page, box, lines)
            return
        detail = [song.detail, *lines]
        text_high = 84.0 + 56.0 * len(detail) + 24
        edge = 24.0 / scale.zoom
        cover_high = box.h - text_high - edge - SPACE_2
        y = box.y
        if cover_high >= _LOWEST_COVER:
            cover_high = min(cover_high, 268.0)
            wide = self._song.w - 2 * edge
            tint = cover.tint_of(song.title)
            size = scale.px(wide), scale.px(cover_high)
            picture = cover.cover(song.pitches, *size, tint, scale.px(24))
            page.centre(picture, self._song.middle[0], box.y + edge + cover_high / 2)
            y += edge + cover_high + SPACE_2
        elif text_high > box.h:
            detail = detail[-1:]
        room = box.bottom - y
        wanted = [50.0 if page.fits(w, Box(0, 0, box.w, 50)) else 104.0 for w in detail]
        if room < 60 + sum(wanted):  # the song is heard soon enough; what is told is not
            rows = [(words, room / len(detail), BODY, SOFT_TEXT) for words in detail]
        else:
            title = min(84.0, room - sum(wanted))
            rows = [(song.title, title, HEADING, TEXT)]
            rows += [(w, h, BODY, SOFT_TEXT) for w, h in zip(detail, wanted, strict=True)]
        for words, high, letters, colour in rows:
            row = Box(box.x, y, box.w, high)
            page.write(words, row, letters, colour, bold=letters == HEADING, lines=2)
            y += high

    def _invite(self, page: Page, box: Box, lines: list[str]) -> None:
        """No song is suggested: choose any; ``lines`` are more important where room is short."""
        if box.h < 220 and lines:
            page.write(lines[0], box, LABEL, SOFT_TEXT, lines=2)
            return
        below = [tr("Pick any song you like."), *lines]
        part = box.h / (1 + len(below))
        title = Box(box.x, box.y, box.w, part)
        page.write(tr("Ready to play?"), title, TITLE, bold=True, lines=2)
        for i, words in enumerate(below, start=1):
            row = Box(box.x, box.y + i * part, box.w, part)
            page.write(words, row, LABEL, SOFT_TEXT, lines=2)

    def _week_in_a_line(self) -> list[str]:
        """A notice, or else the week, where there is no second column for them."""
        view = self.view
        if view.notice:
            return [view.notice]
        if not view.week_pinches:
            return []
        return [plural("This week: {n} pinch", "This week: {n} pinches", view.week_pinches)]

    def _goal_words(self) -> str:
        """How the goal stands; more than it is neither asked for nor praised."""
        goal, done = self.view.week_goal, self.view.week_pinches or 0
        if goal is None:
            return ""
        if done >= goal:
            return tr("Your goal is reached.")
        return tr("Your goal: {n}", n=goal)

    def _draw_week(self, page: Page) -> None:
        view = self.view
        side = self._week.inset(48 / page.scale.zoom, 24)
        page.write(tr("This week"), Box(side.x, side.y, side.w, 80), BODY, SOFT_TEXT)
        notice_high = 212.0 if view.notice else 0.0
        y = side.y + 84
        if view.week_pinches:
            words = number(view.week_pinches)
            page.write(words, Box(side.x, y, side.w, 120), TITLE, LAMP, bold=True)
            words = plural("pinch", "pinches", view.week_pinches)
            page.write(words, Box(side.x, y + 104, side.w, 72), LABEL, bold=True)
            y += 184
            lines = [self._goal_words(), view.week_days]
            for line in lines:
                high = 56.0 if page.fits(line, Box(0, 0, side.w, 56)) else 106.0
                if line and y + high <= side.bottom - notice_high:
                    page.write(line, Box(side.x, y, side.w, high), BODY, SOFT_TEXT, lines=2)
                    y += high + 2
        else:
            page.write(
                tr("Your first pinches are waiting."),
                Box(side.x, y, side.w, side.bottom - notice_high - y),
                LABEL,
                bold=True,
                lines=4,
                valign="top",
            )
        if view.notice:
            top = side.bottom - notice_high
            page.icon("attention", side.x + 24, top + 28, 48, SOFT_TEXT)
            page.write(
                view.notice,
                Box(side.x + 68, top, side.w - 68, notice_high),
                BODY,
                SOFT_TEXT,
                lines=4,
                valign="top",
            )
