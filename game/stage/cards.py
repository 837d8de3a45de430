"""What the screens tell, made from songs, plays and boards. Pure: data in, view data out."""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np

from game.core.grips import GRIPS, Grip
from game.core.say import mark
from game.music.library import Entry
from game.music.library.lists import Listener, Order
from game.play.outcome import PlayOutcome
from game.records.boards import Board, Week
from game.records.patients import Patient
from game.records.plays import PlaySummary
from game.stage.fonts import SOFT_HYPHEN
from game.stage.grip_words import grip_label, grip_within
from game.stage.screens import BoardRow, BoardView, Mark, ResultView, SongCard, SongList, TodayView
from game.therapy.to_music import OfferReason, tier_for
from game.words import percent, plural, tr

#: Grips are compared, and praised, only from so many targets on.
_ENOUGH_TARGETS = 5

_LAMPS = 10

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

_NEXT_STEP = {
    OfferReason.MORE: (mark("A little more next time"), mark("This went well")),
    OfferReason.LESS: (mark("A calmer song next"), mark("More time for each pinch")),
    OfferReason.SAME: (mark("Keep this pace"), mark("It suits your hand")),
    OfferReason.EASY_WIN: (mark("An easy song next"), mark("With the grips that go best")),
    OfferReason.HELD: (mark("Keep this pace"), mark("Steady is good")),
    OfferReason.HIGHEST: (mark("Keep this pace"), mark("It is the fastest prescribed")),
    OfferReason.LOWEST: (mark("Keep this pace"), mark("It is the gentlest there is")),
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
) -> TodayView:
    """The plain start: the song to come and the week's effort."""
    week = Week.of(today)
    own = [play for play in plays if play.local_date in week]
    days = len({play.local_date for play in own})
    return TodayView(
        nickname="" if patient is None else patient.shown_name,
        picture="" if patient is None else patient.picture,
        song=song,
        week_pinches=sum(play.counted for play in own) or None,
        week_days=plural("on {n} day", "on {n} days", days) if days else "",
        notice=notice,
    )


def result_view(outcome: PlayOutcome, earlier: Sequence[PlaySummary], today: date) -> ResultView:
    """What is told after a song; ``earlier`` are the person's plays before it."""
    figures = outcome.totals
    length_us = max(1, outcome.duration_us)
    hit = outcome.judgements.targets["hit"]
    marks = tuple(
        Mark(min(1.0, int(t["time_us"]) / length_us), Grip(int(t["grip"])), bool(h))
        for t, h in zip(outcome.targets, hit, strict=True)
    )
    good, good_words = good_thing(outcome, earlier, today)
    step, step_words = _NEXT_STEP[outcome.offer.reason]
    return ResultView(
        pinches=int(figures.counted.sum()),
        song=outcome.song_title,
        counts={grip: int(figures.counted[grip]) for grip in GRIPS},
        hand=outcome.hand,
        marks=marks,
        score=outcome.score,
        score_words=_score_words(outcome, earlier, today),
        good=good,
        good_words=good_words,
        step=tr(step),
        step_words=tr(step_words),
    )


def _score_words(outcome: PlayOutcome, earlier: Sequence[PlaySummary], today: date) -> str:
    week = Week.of(today)
    scores = [p.score for p in earlier if p.song_key == outcome.song_key and p.local_date in week]
    if not scores:
        return tr("Your first this week")
    best = max(scores)
    if outcome.score > best:
        return tr("Your best this week")
    return tr("Best this week: {score}", score=best)


def good_thing(
    outcome: PlayOutcome, earlier: Sequence[PlaySummary], today: date
) -> tuple[str, str]:
    """One true good thing, the strongest that holds: (what, and the figures behind it)."""
    figures = outcome.totals
    asked, hits = figures.asked, figures.hits
    hit = outcome.judgements.targets["hit"]
    for grip in GRIPS:
        if asked[grip] >= _ENOUGH_TARGETS and hits[grip] == asked[grip]:
            return (
                tr("Every {grip} pinch met", grip=grip_within(grip)),
                tr("{hits} of {asked}", hits=int(hits[grip]), asked=int(asked[grip])),
            )
    improved = _most_improved(outcome, earlier)
    if improved is not None:
        grip, now, before = improved
        return (
            tr("{grip} did better", grip=grip_label(grip)),
            tr("{now}, {before} the last time", now=percent(now), before=percent(before)),
        )
    run = longest_run(hit)
    if run >= _ENOUGH_TARGETS:
        return tr("{n} in a row", n=run), tr("without a miss between")
    if figures.timing.hits >= _ENOUGH_TARGETS and figures.timing.within_100_ms >= 0.5:
        share = figures.timing.within_100_ms
        return (
            tr("In time with the music"),
            tr("{share} within a tenth of a second", share=percent(share)),
        )
    if hits.sum():
        grip = Grip(int(np.argmax(hits)))
        count = int(hits[grip])
        return (
            tr("{grip} led the way", grip=grip_label(grip)),
            plural("{n} pinch met", "{n} pinches met", count),
        )
    if figures.repetitions.sum():
        return tr("Your hand was at work"), tr("Every pinch counts")
    return tr("You took your place"), tr("The next song waits")


def _most_improved(
    outcome: PlayOutcome, earlier: Sequence[PlaySummary]
) -> tuple[Grip, float, float] | None:
    """The grip whose success rose most since the last play of the same hand and input."""
    last = next(
        (p for p in earlier if p.hand == outcome.hand and p.input_kind == outcome.input_kind), None
    )
    if last is None:
        return None
    best: tuple[Grip, float, float] | None = None
    figures = outcome.totals
    for grip in GRIPS:
        then = last.of_grip(grip)
        if figures.asked[grip] < _ENOUGH_TARGETS or then.presented < _ENOUGH_TARGETS:
            continue
        now, before = figures.hits[grip] / figures.asked[grip], then.hits / then.presented
        if now - before >= 0.1 and (best is None or now - before > best[1] - best[2]):
            best = (grip, float(now), before)
    return best


def longest_run(hit: np.ndarray) -> int:
    """The most hits in a row."""
    run = best = 0
    for one in hit:
        run = run + 1 if one else 0
        best = max(best, run)
    return best


def board_view(team: Board, effort: Board) -> BoardView:
    """The team's lamps, and the effort board beside them."""
    lit = 0 if team.team_fill is None else round(team.team_fill * _LAMPS)
    rows = [
        (row.after_gap, BoardRow(row.rank, row.name, "", row.fill, row.me, row.picture))
        for row in effort.rows
    ]
    gap = next((i for i, (after_gap, _) in enumerate(rows) if after_gap), len(rows))
    near = tuple(row for _, row in rows[gap:])
    left = _LAMPS - lit
    words = plural("{n} more by Sunday", "{n} more by Sunday", left)
    if not left:
        words = tr("Every lamp is lit")
    return BoardView(
        team=tr("Our team"),
        lamps_lit=lit,
        lamps=_LAMPS,
        team_words=tr(team.sentence) or words,
        board=tr("Effort"),
        unit=tr("Own goal reached"),
        top=tuple(row for _, row in rows[:gap]),
        near=near,
        sentence=tr(effort.sentence),
    )


def mood_word(mood: str) -> str:
    """A song's mood as it is shown, or nothing where its ``.toml`` names none."""
    return tr(_MOODS[mood.lower()]) if mood.lower() in _MOODS else mood.capitalize()
