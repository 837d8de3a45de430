"""Choose a song: a few rows to a page, the keys that lead to others, and beside them the focused
song's cover, what it asks for, and Play.

There are at most five choices: up to three songs, *More songs*, and the key that leads to the
other lists (and to marking a favourite). Fewer songs fit where everything is larger.
"""

from dataclasses import dataclass

from game.stage import cover, fonts
from game.stage.commands import ERASE, Pointer
from game.stage.page import Box, Page
from game.stage.screens.base import Canvas, Screen
from game.stage.theme import (
    BODY,
    GOOD,
    HEADING,
    LABEL,
    SOFT_TEXT,
    SPACE_2,
    TEXT,
)
from game.stage.widgets import Choice, Key, Row, below_heading, corner_key, heading
from game.words import tr

#: So many songs are on a page, together with two keys: five choices.
MOST_ROWS = 3
#: Fewer, before a row gets lower than this.
_LOWEST_ROW = 116.0
_KEYS_HIGH, _LOWEST_KEYS = 112.0, 96.0

#: Letters this much larger leave less room between things.
_LARGE_FROM = 1.3
#: The focused song is shown beside the list from this width on.
_PANEL_FROM = 1500.0
_PANEL_SHARE = 0.4755

#: A search of more letters than this is no title.
_MOST_LETTERS = 40


@dataclass(frozen=True)
class SongCard:
    """A song in a list. ``pitches`` the first melody notes; ``reason`` why it was refused; ``by``
    who made it; ``favourite`` whether this person marked it."""

    key: str
    title: str
    detail: str = ""
    pitches: tuple[int, ...] = ()
    ok: bool = True
    reason: str = ""
    best: str = ""
    hint: str = ""
    by: str = ""
    favourite: bool = False


@dataclass(frozen=True)
class ChooseView:
    """All songs in the order of the list; ``previewing`` while the focused one is heard.

    ``heading`` says which list it is; ``search`` is what was typed, and the songs are those that
    it found. ``empty`` are two sentences: why a list has no songs, and what to do about it.
    """

    songs: tuple[SongCard, ...] = ()
    previewing: bool = False
    heading: str = ""
    search: str = ""
    empty: tuple[str, str] = ("", "")


class ChooseScreen(Screen):
    """Actions: ``play:KEY``, ``lists``, ``favourite:KEY``, ``search:WORDS``, ``back``. Choosing a
    row plays it: Play is the row's own action.

    ``focused_song`` is what a preview should sound; a refused file is shown with its reason, and
    choosing it does nothing, or is ``refused:KEY`` where it cannot be shown. Letters that are typed
    search.
    """

    back = "back"

    def __init__(self, canvas: Canvas, view: ChooseView, first: str = ""):
        super().__init__(canvas)
        self.view = view
        self._page = 0
        self._lay_out()
        for i, song in enumerate(view.songs):
            if song.key == first:
                self._page, self.focus = divmod(i, self._per_page)
        self._fill()
        self._last_song = self.focused_song

    def _lay_out(self) -> None:
        scale = self.scale
        area = below_heading(scale)
        large = scale.zoom >= _LARGE_FROM
        gap = self._gap = 16.0 if large else 24.0
        keys_high = _LOWEST_KEYS if large else _KEYS_HIGH
        self._panel: Box | None = None
        self._list = area
        if scale.wide >= _PANEL_FROM:
            wide = area.w * _PANEL_SHARE
            self._panel = Box(area.right - wide, area.y, wide, area.h)
            self._list = Box(area.x, area.y, area.w - wide - 64 / scale.zoom, area.h)
        above = area.h - keys_high
        self._per_page = max(1, min(MOST_ROWS, int(above // (_LOWEST_ROW + gap))))
        self._row_high = above / self._per_page - gap
        place = self._list
        self._keys = Box(place.x, place.bottom - keys_high, place.w, keys_high)

    @property
    def shown(self) -> tuple[SongCard, ...]:
        """The songs of this page."""
        start = self._page * self._per_page
        return self.view.songs[start : start + self._per_page]

    @property
    def focused_song(self) -> SongCard | None:
        """The song of the focused row; None on the other choices."""
        return self.shown[self.focus] if self.focus < len(self.shown) else None

    def show(self, view: ChooseView) -> None:
        """Shows a changed list (a file was dropped, a letter typed); the focus stays on its song.

        A search, or another list, begins at its top.
        """
        if view == self.view:
            return
        other = (view.search, view.heading) != (self.view.search, self.view.heading)
        song = self.focused_song
        self.view = view
        keys = [s.key for s in view.songs]
        if other:
            self._page = self.focus = 0
        elif song is not None and song.key in keys:
            self._page, self.focus = divmod(keys.index(song.key), self._per_page)
        elif self._page * self._per_page >= len(keys):
            self._page = 0
        self._fill()
        self.focus = min(self.focus, len(self.choices) - 1)
        last = self._last_song.key if self._last_song is not None else ""
        again = next((s for s in view.songs if s.key == last), None)
        self._last_song = self.focused_song or again
        self.stale = True

    def _fill(self) -> None:
        self.choices = []
        side = self.scale.px(self._row_high - 2 * SPACE_2)
        for i, song in enumerate(self.shown):
            picture = None
            if song.ok:
                tint = cover.tint_of(song.title)
                picture = cover.cover(song.pitches, side, side, tint, self.scale.px(16))
            self.choices.append(
                Row(
                    f"play:{song.key}",
                    self._row(i),
                    self._name(song),
                    _below(song),
                    picture,
                    icon="onward" if song.ok else "",
                    focused_icon="play",
                    left_icon="attention",
                    usable=song.ok,
                )
            )
        lists = self._keys
        if len(self.view.songs) > self._per_page:
            half = (lists.w - self._gap) / 2
            more = Box(lists.x, lists.y, half, lists.h)
            self.choices.append(Key("more", more, tr("More songs"), "more"))
            lists = Box(lists.right - half, lists.y, half, lists.h)
        self.choices.append(Key("lists", lists, tr("Other lists"), "lists"))
        self.choices.append(corner_key(self.scale, "back", tr("Back"), "back"))

    def _row(self, i: int) -> Box:
        area = self._list
        return Box(area.x, area.y + i * (self._row_high + self._gap), area.w, self._row_high)

    def _name(self, song: SongCard) -> str:
        """A name that can be drawn: the title, else the file's name, else a number."""
        number = self.view.songs.index(song) + 1
        by_file = fonts.drawable(song.key, tr("Song {n}", n=number))
        return fonts.drawable(song.title, by_file)

    # ------------------------------------------------------------------ what a person does

    def choose(self, choice: Choice) -> str | None:
        """*More songs* turns the page; a refused file stays where it is."""
        if choice.action == "more":
            pages = -(-len(self.view.songs) // self._per_page)
            self._page = (self._page + 1) % pages
            self.focus = 0
            self._fill()
            self._last_song = self.focused_song
            self.stale = True
            return None
        if isinstance(choice, Row) and not choice.usable:
            # Where there is no room for the panel, the reason is told on a page of its own.
            key = choice.action.partition(":")[2]
            return f"refused:{key}" if self._panel is None else None
        return choice.action

    def focus_moved(self) -> None:
        """The panel keeps the last song while another choice is focused."""
        self._last_song = self.focused_song or self._last_song

    @property
    def typing(self) -> bool:
        """While there is something to erase."""
        return bool(self.view.search)

    def typed(self, letter: str) -> str | None:
        """Searches as one types."""
        search = self.view.search
        longer = search[:-1] if letter == ERASE else (search + letter)[:_MOST_LETTERS]
        return f"search:{longer}"

    def go_back(self) -> str | None:
        """Escape ends a search before it leaves."""
        return "search:" if self.view.search else self.back

    def _point(self, pointer: Pointer) -> str | None:
        x, y = self.scale.design(pointer.x, pointer.y)
        song = self._last_song
        if pointer.pressed and song is not None and song.ok and self._panel is not None:
            for key in self._panel_keys(self._panel, song):
                if key.box.contains(x, y):
                    return key.action
        return super()._point(pointer)

    # ------------------------------------------------------------------ what is seen

    def draw_page(self, page: Page) -> None:
        """The panel of the focused song."""
        view = self.view
        words = tr("Search: {words}", words=view.search) if view.search else view.heading
        heading(page, words or tr("Choose a song"))
        if not view.songs:
            self._draw_empty(page)
            return
        song, panel = self._last_song, self._panel
        if panel is None:
            return
        page.panel(panel)
        if song is None:
            return
        if song.ok:
            self._draw_focused(page, song, panel)
        else:
            self._draw_refused(page, song, panel)

    def _draw_empty(self, page: Page) -> None:
        what, to_do = self.view.empty
        if not what:
            what, to_do = tr("No songs yet."), tr("Drop a MIDI file on this window.")
        area = below_heading(page.scale)
        none = Box(area.x, area.y + area.h * 0.05, area.w, 110)
        page.write(what, none, HEADING, bold=True, lines=1)
        page.write(
            to_do, Box(area.x, none.bottom, area.w, 120), LABEL, SOFT_TEXT, lines=2, valign="top"
        )

    def _panel_keys(self, panel: Box, song: SongCard) -> tuple[Key, ...]:
        """What can be clicked or touched beside the song; with a grip, its row plays it, the other
        lists mark it, and Today leads to practice."""
        edge = 48 / self.scale.zoom
        inner = panel.inset(edge, 0)
        gap = 24.0
        half = (inner.w - gap) / 2
        y = panel.bottom - _LOWEST_KEYS - edge * 0.6
        play = Box(inner.x, y - gap - 112, inner.w, 112)
        practise = Box(inner.x, y, half, _LOWEST_KEYS)
        mark = Box(inner.right - half, y, half, _LOWEST_KEYS)
        return (
            Key(f"play:{song.key}", play, tr("Play"), "play", primary=True, size=HEADING),
            Key(f"practice:{song.key}", practise, tr("Practice"), "practice"),
            Key(f"favourite:{song.key}", mark, tr("Favourite"), "heart", lit=song.favourite),
        )

    def _draw_focused(self, page: Page, song: SongCard, panel: Box) -> None:
        keys = self._panel_keys(panel, song)
        edge = 24 / page.scale.zoom
        left, wide = panel.x + 48, panel.w - 96
        name = self._name(song)
        two = not page.fits(name, Box(0, 0, wide, 88), HEADING, bold=True)
        lines = [song.detail, song.by, song.hint, song.best]
        lines = [words for words in lines if words]
        title_high = 148.0 if two else 88.0
        text_high = title_high + 58 * len(lines) + 16
        cover_high = min(320.0, keys[0].box.y - panel.y - 2 * edge - text_high)
        if cover_high < 120:  # a very long title: the cover makes room
            lines = lines[:3]
            cover_high = min(320.0, keys[0].box.y - panel.y - 2 * edge - title_high - 58 * 3 - 16)
        picture = cover.cover(
            song.pitches,
            page.scale.px(panel.w - 2 * edge),
            page.scale.px(cover_high),
            cover.tint_of(song.title),
            page.scale.px(24),
        )
        page.centre(picture, panel.middle[0], panel.y + edge + cover_high / 2)
        y = panel.y + edge + cover_high + 12
        page.write(name, Box(left, y, wide, title_high), HEADING, bold=True, lines=2)
        y += title_high
        for i, words in enumerate(lines):
            if i == 0 and self.view.previewing:
                page.icon("sound", left + 24, y + 29, 50, GOOD)
                page.write(tr("You hear it now"), Box(left + 68, y, wide - 68, 56), BODY)
            else:
                page.write(words, Box(left, y, wide, 56), BODY, SOFT_TEXT if i else TEXT)
            y += 58
        for key in keys:
            key.draw(page, False)

    def _draw_refused(self, page: Page, song: SongCard, panel: Box) -> None:
        left, wide = panel.x + 48, panel.w - 96
        page.icon("attention", left + 44, panel.y + 92, 88, SOFT_TEXT)
        page.write(
            self._name(song), Box(left, panel.y + 148, wide, 176), HEADING, bold=True, lines=2
        )
        page.write(
            song.reason,
            Box(left, panel.y + 344, wide, 330),
            BODY,
            TEXT,
            lines=6,
            valign="top",
        )
        page.write(
            tr("The other songs still play."),
            Box(left, panel.bottom - 120, wide, 60),
            BODY,
            SOFT_TEXT,
        )


def _below(song: SongCard) -> str:
    """The line below a title in its row."""
    if not song.ok:
        return tr("Cannot be played")
    return tr("A favourite") if song.favourite else song.detail
