"""Choose a song: five rows to a page; the focused song's cover, level and Play beside them."""

from dataclasses import dataclass

from game.stage import cover, fonts
from game.stage.commands import Pointer
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
from game.stage.widgets import Choice, Key, Row, corner_key, heading
from game.words import plural, tr

ROWS = 5
_PANEL = Box(1004, 188, 852, 816)
_PLAY = Box(1052, 852, 756, 120)


@dataclass(frozen=True)
class SongCard:
    """A song in a list. ``pitches`` the first melody notes; ``reason`` why it was refused."""

    key: str
    title: str
    detail: str = ""
    pitches: tuple[int, ...] = ()
    ok: bool = True
    reason: str = ""
    best: str = ""
    hint: str = ""


@dataclass(frozen=True)
class ChooseView:
    """All songs in the order of the list; ``previewing`` while the focused one is heard."""

    songs: tuple[SongCard, ...] = ()
    previewing: bool = False


class ChooseScreen(Screen):
    """Actions: ``play:KEY`` and ``back``. Choosing a row plays it: Play is the row's own action.

    ``focused_song`` is what a preview should sound; a refused file is shown with its reason and
    choosing it does nothing.
    """

    back = "back"

    def __init__(self, canvas: Canvas, view: ChooseView, first: str = ""):
        super().__init__(canvas)
        self.view = view
        self._page = 0
        per_page = self._per_page
        for i, song in enumerate(view.songs):
            if song.key == first:
                self._page = i // per_page
                self.focus = i % per_page
        self._fill()
        self._last_song = self.focused_song

    @property
    def _per_page(self) -> int:
        return ROWS if len(self.view.songs) <= ROWS else ROWS - 1

    @property
    def _shown(self) -> tuple[SongCard, ...]:
        start = self._page * self._per_page
        return self.view.songs[start : start + self._per_page]

    @property
    def focused_song(self) -> SongCard | None:
        """The song of the focused row; None on the other choices."""
        return self._shown[self.focus] if self.focus < len(self._shown) else None

    def show(self, view: ChooseView) -> None:
        """Shows a changed library (a file was dropped); the focus stays on its song."""
        song = self.focused_song
        self.view = view
        keys = [s.key for s in view.songs]
        if song is not None and song.key in keys:
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
        side = self.scale.px(108)
        for i, song in enumerate(self._shown):
            picture = None
            if song.ok:
                tint = cover.tint_of(song.title)
                picture = cover.cover(song.pitches, side, side, tint, self.scale.px(16))
            self.choices.append(
                Row(
                    f"play:{song.key}",
                    _row(i),
                    self._name(song),
                    song.detail if song.ok else tr("Cannot be played"),
                    picture,
                    icon="onward" if song.ok else "",
                    focused_icon="play",
                    left_icon="attention",
                    usable=song.ok,
                )
            )
        if len(self.view.songs) > self._per_page:
            count = len(self.view.songs)
            self.choices.append(
                Row(
                    "more",
                    _row(len(self.choices)),
                    tr("More songs"),
                    plural("{n} song in all", "{n} songs in all", count),
                    left_icon="more",
                )
            )
        self.choices.append(corner_key(self.scale, "back", tr("Back"), "back"))

    def _name(self, song: SongCard) -> str:
        """A name that can be drawn: the title, else the file's name, else a number."""
        number = self.view.songs.index(song) + 1
        by_file = fonts.drawable(song.key, tr("Song {n}", n=number))
        return fonts.drawable(song.title, by_file)

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
            return None
        return choice.action

    def focus_moved(self) -> None:
        """The panel keeps the last song while Back or More is focused."""
        self._last_song = self.focused_song or self._last_song

    def _point(self, pointer: Pointer) -> str | None:
        x, y = self.scale.design(pointer.x, pointer.y)
        song = self._last_song
        if pointer.pressed and song is not None and song.ok and _PLAY.contains(x, y):
            return f"play:{song.key}"
        return super()._point(pointer)

    def draw_page(self, page: Page) -> None:
        """The panel of the focused song."""
        heading(page, tr("Choose a song"))
        if not self.view.songs:
            page.write(tr("No songs yet."), Box(64, 300, 1792, 90), HEADING, bold=True)
            words = tr("Drop a MIDI file on this window.")
            page.write(words, Box(64, 390, 1792, 70), LABEL, SOFT_TEXT)
            return
        song = self._last_song
        page.panel(_PANEL)
        if song is None:
            return
        if not song.ok:
            self._draw_refused(page, song)
            return
        picture = cover.cover(
            song.pitches,
            page.scale.px(804),
            page.scale.px(320),
            cover.tint_of(song.title),
            page.scale.px(24),
        )
        page.centre(picture, _PANEL.middle[0], _PANEL.y + 24 + 160)
        left, wide = _PANEL.x + 48, _PANEL.w - 96
        page.write(self._name(song), Box(left, 546, wide, 88), HEADING, bold=True)
        y = 640.0
        if self.view.previewing:
            page.icon("sound", left + 24, y + 30, 50, GOOD)
            page.write(tr("You hear it now"), Box(left + 68, y, wide - 68, 60), BODY)
        else:
            page.write(song.detail, Box(left, y, wide, 60), BODY)
        for words in (song.hint, song.best):
            if words:
                y += 62
                page.write(words, Box(left, y, wide, 60), BODY, SOFT_TEXT)
        Key("play", _PLAY, tr("Play"), "play", primary=True, size=HEADING).draw(page, False)

    def _draw_refused(self, page: Page, song: SongCard) -> None:
        left, wide = _PANEL.x + 48, _PANEL.w - 96
        page.icon("attention", left + 44, _PANEL.y + 92, 88, SOFT_TEXT)
        page.write(
            self._name(song), Box(left, _PANEL.y + 148, wide, 176), HEADING, bold=True, lines=2
        )
        page.write(
            song.reason,
            Box(left, _PANEL.y + 344, wide, 330),
            BODY,
            TEXT,
            lines=6,
            valign="top",
        )
        page.write(
            tr("The other songs still play."),
            Box(left, _PANEL.bottom - 120, wide, 60),
            BODY,
            SOFT_TEXT,
        )


def _row(i: int) -> Box:
    height = 140
    return Box(64, 188 + i * (height + 24 + SPACE_2 / 4), 876, height)
