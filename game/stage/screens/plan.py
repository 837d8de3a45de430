"""Today of a patient: the plan as beads on a string, the days kept, the own goal."""

from dataclasses import dataclass

from game.stage import emblems, icons, paint
from game.stage.page import Box, Page
from game.stage.rows import row_of_keys
from game.stage.screens.base import Canvas, Screen, strings_behind
from game.stage.theme import (
    BODY,
    EDGE_LINE,
    FAINT_EDGE,
    HEADING,
    LABEL,
    LAMP,
    LAMP_INK,
    LAMP_TINT,
    MARK,
    RAISED,
    SOFT_TEXT,
    SPACE_3,
    TEXT,
)
from game.stage.widgets import Key, below_heading, beside_corner, corner_key, heading
from game.words import tr

#: The week stands beside the plan from this width on.
_TWO_COLUMNS_FROM = 1700.0

_WEEK_WIDTH = 488.0


@dataclass(frozen=True)
class Bead:
    """One part of the plan: its name, a line about it, and whether it is ``done``, ``now`` or
    ``ahead``."""

    words: str
    below: str
    icon: str
    state: str = "ahead"


@dataclass(frozen=True)
class DayMark:
    """A day of the week: its letter, and ``kept``, ``begun``, ``today`` or nothing."""

    letter: str
    state: str = ""
    today: bool = False


@dataclass(frozen=True)
class PlanView:
    """``title`` says how much today holds, ``start`` what the large key begins. ``kept`` is "3 of 5
    days". ``may_finish``: there is a session that can be ended from here."""

    nickname: str
    title: str
    start: str
    kept: str
    beads: tuple[Bead, ...] = ()
    days: tuple[DayMark, ...] = ()
    goal: str = ""
    goal_words: str = ""
    notice: str = ""
    picture: str = ""
    glove_fails: bool = False
    may_finish: bool = False


class PlanScreen(Screen):
    """Actions: ``start``, ``songs`` (or ``finish``), ``exercises``, ``board`` (or ``glove``),
    ``ways``, ``who``, ``quit``."""

    back = "who"

    def __init__(self, canvas: Canvas, view: PlanView):
        super().__init__(canvas)
        self.view = view
        scale = self.scale
        area = below_heading(scale)
        gap = 32.0 / scale.zoom
        high = 120.0 if scale.high >= 900 else 104.0
        keys = Box(area.x, area.bottom - high, area.w, high)
        panels = Box(area.x, area.y, area.w, keys.y - 1.25 * gap - area.y)
        self._two_columns = scale.wide >= _TWO_COLUMNS_FROM
        week = _WEEK_WIDTH + gap if self._two_columns else 0.0
        self._plan = Box(panels.x, panels.y, panels.w - week, panels.h)
        self._week = Box(panels.right - _WEEK_WIDTH, panels.y, _WEEK_WIDTH, panels.h)
        start_high = 132.0 if scale.high >= 900 else 104.0
        inner = self._plan.inset(48.0 / scale.zoom, 36.0 if scale.high >= 900 else 14.0)
        start = Box(inner.x, inner.bottom - start_high, inner.w, start_high)
        self._above = Box(inner.x, inner.y, inner.w, start.y - inner.y - 12)
        songs = ("songs", tr("Songs"), "note")
        if view.may_finish:
            songs = ("finish", tr("Finish"), "check")
        team = ("board", tr("Team"), "people")
        if view.glove_fails:
            team = ("glove", tr("Glove help"), "plug")
        below = [("exercises", tr("Exercises"), "hand"), team, ("ways", tr("More"), "more")]
        if self._two_columns:
            below.insert(0, songs)
            beside = []
        else:  # four in a row would be too narrow: one stands beside the large key
            wide = (start.w - gap) * 0.4
            action, words, icon = songs
            place = Box(start.right - wide, start.y, wide, start.h)
            beside = [Key(action, place, words, icon, size=LABEL)]
            start = Box(start.x, start.y, start.w - gap - wide, start.h)
        self.choices = [Key("start", start, view.start, "play", primary=True, size=HEADING)]
        self.choices += [*beside, *row_of_keys(scale, keys, below, gap)]
        who = Key("who", beside_corner(scale), tr("Not me"), "person")
        self.choices += [who, corner_key(scale, "quit", tr("Quit"), "door")]

    def draw_page(self, page: Page) -> None:
        """The plan on the left, days and goal on the right."""
        strings_behind(page)
        self._greet(page)
        page.panel(self._plan)
        self._draw_plan(page)
        if self._two_columns:
            page.panel(self._week)
            self._draw_week(page)

    def _greet(self, page: Page) -> None:
        view, left = self.view, page.scale.margin
        words = tr("Hello, {name}", name=view.nickname)
        if not self._two_columns:
            heading(page, words, keys=2)
            return
        side = 112.0
        picture = emblems.emblem_for(view.nickname, view.picture)
        page.centre(emblems.emblem(picture, page.scale.px(side)), left + side / 2, left * 0.75 + 48)
        heading(page, words, side + SPACE_3, keys=2)

    def _draw_plan(self, page: Page) -> None:
        view, box = self.view, self._above
        title = Box(box.x, box.y, box.w, min(92.0, box.h / 2))
        if box.h < 200 and view.notice:  # the notice needs the room
            title = Box(box.x, box.y, box.w, 0)
        else:
            page.write(view.title, title, HEADING, bold=True)
        rest = Box(box.x, title.bottom, box.w, box.bottom - title.bottom)
        if self._two_columns and self._fits(page, rest):
            self._draw_beads(page, rest)
            return
        self._draw_list(page, rest)

    def _draw_list(self, page: Page, box: Box) -> None:
        """Longer words, or larger letters: what is now and what follows, line by line. Where there
        is no second column the week comes first, or what is not as it should be."""
        view = self.view
        first = "" if self._two_columns else view.notice or view.kept
        y = box.y
        if first:
            high = 56.0 if page.fits(first, Box(0, 0, box.w, 56)) else 162.0
            high = min(high, box.h)
            page.write(first, Box(box.x, y, box.w, high), BODY, SOFT_TEXT, lines=3)
            y += high
        left = [bead for bead in view.beads if bead.state != "done"]
        if self._two_columns:
            left = list(view.beads)
        for bead in left[: int((box.bottom - y) / 58)]:
            now, done = bead.state == "now", bead.state == "done"
            colour = LAMP if now or done else SOFT_TEXT
            page.icon("check" if done else bead.icon, box.x + 24, y + 29, 40, colour)
            at = Box(box.x + 68, y, box.w - 68, 58)
            about = bead.below and tr("{what}: {about}", what=bead.words, about=bead.below)
            page.write(about or bead.words, at, BODY, TEXT if now else SOFT_TEXT, bold=now)
            y += 58

    def _fits(self, page: Page, box: Box) -> bool:
        wide = box.w / max(1, len(self.view.beads)) - 8
        at = Box(0, 0, wide, 56)
        words = [text for bead in self.view.beads for text in (bead.words, bead.below)]
        return box.h >= 260 and all(page.fits(text, at, bold=True) for text in words if text)

    def _draw_beads(self, page: Page, box: Box) -> None:
        """What is done is lamplight; what is now glows; the rest waits on the string."""
        beads = self.view.beads
        step = box.w / len(beads)
        y = box.y + box.h * 0.36
        middle = [box.x + (i + 0.5) * step for i in range(len(beads))]
        for i in range(len(beads) - 1):
            done = beads[i].state == "done"
            page.line(middle[i], y - 2, middle[i + 1], y + 2, LAMP if done else EDGE_LINE, 4)
        for x, bead in zip(middle, beads, strict=True):
            now, done = bead.state == "now", bead.state == "done"
            if now:
                page.centre(paint.glow(page.scale.px(96), LAMP, 0.28), x, y)
            side = page.scale.px(110.0 if now else 94.0)
            fill = LAMP if done else LAMP_TINT if now else RAISED
            edge = LAMP if done or now else EDGE_LINE
            page.centre(paint.rounded(side, side, side // 2, fill, edge, page.scale.px(3)), x, y)
            ink = LAMP_INK if done else LAMP if now else SOFT_TEXT
            picture = icons.icon("check" if done else bead.icon, page.scale.px(48), ink)
            page.centre(picture, x, y)
            at = Box(x - step / 2 + 4, y + 68, step - 8, 56)
            page.write(bead.words, at, BODY, TEXT, bold=now, align="centre")
            at = Box(at.x, at.bottom - 4, at.w, 54)
            page.write(bead.below, at, BODY, LAMP if now else SOFT_TEXT, align="centre")

    def _draw_week(self, page: Page) -> None:
        view = self.view
        side = self._week.inset(36, 28)
        page.write(view.kept, Box(side.x, side.y, side.w, 92), HEADING, bold=True)
        y = side.y + 136
        step = side.w / 7
        for i, day in enumerate(view.days):
            x = side.x + (i + 0.5) * step
            px = page.scale.px(46)
            kept = day.state == "kept"
            fill, edge = (LAMP, LAMP) if kept else (None, LAMP if day.today else MARK)
            page.centre(paint.rounded(px, px, px // 2, fill, edge, page.scale.px(3)), x, y)
            if kept:
                page.icon("check", x, y, 34, LAMP_INK)
            elif day.state == "begun" or day.today:
                dot = page.scale.px(18)
                colour = LAMP if day.today else MARK
                page.centre(paint.rounded(dot, dot, dot // 2, colour), x, y)
            at = Box(x - step / 2, y + 34, step, 56)
            page.write(
                day.letter,
                at,
                BODY,
                TEXT if day.today else SOFT_TEXT,
                bold=day.today,
                align="centre",
            )
        y += 112
        page.line(side.x, y, side.right, y + 2, FAINT_EDGE, 2)
        rest = Box(side.x, y + 8, side.w, side.bottom - y - 8)
        if view.notice:
            page.icon("attention", rest.x + 24, rest.y + 40, 48, SOFT_TEXT)
            at = Box(rest.x + 68, rest.y + 8, rest.w - 68, rest.h - 8)
            page.write(view.notice, at, BODY, SOFT_TEXT, lines=4, valign="top")
            return
        at = Box(rest.x, rest.y, rest.w, 64)
        page.write(view.goal_words, at, BODY, SOFT_TEXT)
        at = Box(rest.x, at.bottom, rest.w, rest.bottom - at.bottom)
        page.write(view.goal, at, LABEL, bold=True, lines=2, valign="top")
