"""What the screens tell, made from songs, plays and boards. Pure: data in, view data out."""

import re
from collections.abc import Sequence
from datetime import date

from game.core.say import mark
from game.music.library import Entry
from game.music.library.lists import Listener, Order
from game.records.boards import Board, BoardKind, BoardSource, Week, WeekGoal
from game.records.patients import Patient
from game.records.plays import PlaySummary
from game.stage.fonts import SOFT_HYPHEN
from game.stage.screens import BoardRow, BoardTab, BoardView, SongCard, SongList, TodayView
from game.therapy.to_music import tier_for
from game.words import number, plural, tr

_LAMPS = 10

#: The boards that are looked at one at a time, beside the team: their names and icons.
_BOARDS = {
    BoardKind.EFFORT: (mark("Effort"), "people"),
    BoardKind.BEAT_MYSELF: (mark("Beat myself"), "step"),
    BoardKind.SONG_OF_THE_WEEK: (mark("Song of the week"), "note"),
}

#: Words of more letters than this do not fit a row of the chooser …
_LONG_WORD = re.compile(r"\w{20,}")
#: … and may be broken after so many letters, leaving no single one behind.
_PIECE = re.compile(r"\w{4}(?!\w$)|\w+")

#: The moods that a song's ``.toml`` may name; any other word is shown as it is.
_MOODS = {
    "calm": mark("Calm"),
    "steady": mark("Steady"),
    "lively": mark("Lively"),
    "rocking": mark("Rocking"),
}


def song_card(entry: Entry, who: Listener) -> SongCard:
    """A row of the chooser: length and mood, who made it, what it asks for at this person's level,
    and their best of this week."""
    if not entry.ok:
        return SongCard(entry.key, breakable(entry.title), ok=False, reason=entry.reason)
    minutes = max(1, round(entry.seconds / 60))
    length = plural("{n} minute", "{n} minutes", minutes)
    mood = mood_word(entry.mood)
    hint = ""
    if who.level is not None and entry.rates:
        rate = entry.rates[tier_for(who.level, entry.rates) - 1]
        asked = round(rate * entry.seconds)
        hint = plural("At your level: {n} pinch", "At your level: {n} pinches", asked)
    played = who.played.get(entry.key)
    best = None if played is None else played.best
    return SongCard(
        key=entry.key,
        title=breakable(entry.title),
        detail=tr("{mood}, {length}", mood=mood, length=length) if mood else length,
        pitches=entry.pitches,
        best="" if best is None else tr("Your best this week: {score}", score=best),
        hint=hint,
        by=entry.composer,
        favourite=entry.key in who.favourites,
    )


def breakable(title: str) -> str:
    """``title`` with places where a very long word may go on in the next line.

    Nobody knows the language of a title, so they are not where a book would break the word; but
    what does not fit would not be seen at all.
    """
    return _LONG_WORD.sub(lambda word: SOFT_HYPHEN.join(_PIECE.findall(word.group())), title)


def song_list(order: Order, about: str) -> SongList:
    """A list of the chooser as it is offered, with a line about it."""
    words, icon = {
        Order.FAVOURITES: (tr("Favourites"), "heart"),
        Order.RECENT: (tr("Played lately"), "again"),
        Order.TITLE: (tr("From A to Z"), "lists"),
        Order.RATE: (tr("From slow to fast"), "step"),
    }.get(order, (tr("For you"), "person"))
    return SongList(order.value, words, about, icon)


def heading_of(order: Order) -> str:
    """What stands above a list of the chooser."""
    return {
        Order.FAVOURITES: tr("Your favourites"),
        Order.RECENT: tr("Songs you played lately"),
        Order.TITLE: tr("Songs from A to Z"),
        Order.RATE: tr("Songs from slow to fast"),
    }.get(order, tr("Choose a song"))


def why_empty(order: Order, searched: str = "") -> tuple[str, str]:
    """Why a list has no song, and what to do about it."""
    if searched:
        return tr("No song is called that."), tr("Escape shows all songs again.")
    if order is Order.FAVOURITES:
        return tr("No favourites yet."), tr("Mark songs you like in another list.")
    if order is Order.RECENT:
        return tr("No songs played yet."), tr("Choose one from another list.")
    return tr("No songs yet."), tr("Drop a MIDI file on this window.")


def today_view(
    patient: Patient | None,
    song: SongCard | None,
    plays: Sequence[PlaySummary],
    today: date,
    notice: str,
    goal: WeekGoal | None = None,
) -> TodayView:
    """The plain start: the song to come, and the week's effort beside its ``goal``."""
    week = Week.of(today)
    own = [play for play in plays if play.local_date in week]
    days = len({play.local_date for play in own})
    return TodayView(
        nickname="" if patient is None else patient.shown_name,
        picture="" if patient is None else patient.picture,
        song=song,
        week_pinches=sum(play.counted for play in own) or None,
        week_days=_week_days(days, goal),
        week_goal=None if goal is None else goal.pinches,
        notice=notice,
    )


def _week_days(days: int, goal: WeekGoal | None) -> str:
    """On how many days somebody played; of how many, where days are planned."""
    if not days:
        return ""
    if goal is None or days > goal.days:
        return plural("on {n} day", "on {n} days", days)
    return plural("on {done} of {n} day", "on {done} of {n} days", goal.days, done=days)


def board_view(team: Board, people: Board, me: Patient | None = None) -> BoardView:
    """The team's lamps, and the board of ``people`` beside them, as ``me`` sees it."""
    lit = 0 if team.team_fill is None else round(team.team_fill * _LAMPS)
    rows = [
        (
            row.after_gap,
            BoardRow(
                row.rank,
                row.name,
                "" if row.points is None else number(row.points),
                row.fill,
                row.me,
                row.picture,
            ),
        )
        for row in people.rows
    ]
    gap = next((i for i, (after_gap, _) in enumerate(rows) if after_gap), len(rows))
    left = _LAMPS - lit
    words = plural("{n} more by Sunday", "{n} more by Sunday", left)
    if not left:
        words = tr("Every lamp is lit")
    return BoardView(
        team=tr("Our team"),
        lamps_lit=lit,
        lamps=_LAMPS,
        team_words=tr(team.sentence) or words,
        board=tr(_BOARDS[people.kind][0]),
        unit=board_unit(people.kind, people.song_title),
        top=tuple(row for _, row in rows[:gap]),
        near=tuple(row for _, row in rows[gap:]),
        sentence=tr(people.sentence),
        tabs=board_tabs(people.kind),
        station_only=BoardSource.STATION in (team.source, people.source),
        hidden=None if me is None or not me.on_board else me.board_hidden,
    )


def board_unit(kind: BoardKind, song_title: str | None = None) -> str:
    """What the bars of a board mean."""
    if kind is BoardKind.SONG_OF_THE_WEEK and song_title:
        return breakable(song_title)
    if kind is BoardKind.EFFORT:
        return tr("Own goal reached")
    return tr("{n} is as usual", n=number(50))


def board_tabs(shown: BoardKind) -> tuple[BoardTab, ...]:
    """The boards that can be looked at, ``shown`` lit."""
    return tuple(
        BoardTab(f"board:{kind}", tr(words), icon, kind is shown)
        for kind, (words, icon) in _BOARDS.items()
    )


def mood_word(mood: str) -> str:
    """A song's mood as it is shown, or nothing where its ``.toml`` names none."""
    return tr(_MOODS[mood.lower()]) if mood.lower() in _MOODS else mood.capitalize()
