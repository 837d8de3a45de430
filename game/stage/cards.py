"""What the screens tell, made from songs, plays and boards. Pure: data in, view data out."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from game.core.grips import GRIPS, Grip
from game.music.library import Entry
from game.play.outcome import PlayOutcome
from game.records.boards import Board, Week
from game.records.patients import Patient
from game.records.plays import PlaySummary
from game.stage.screens import BoardRow, BoardView, Mark, ResultView, SongCard, TodayView
from game.therapy.to_music import OfferReason

#: Grips are compared, and praised, only from so many targets on.
_ENOUGH_TARGETS = 5

_LAMPS = 10

_NEXT_STEP = {
    OfferReason.MORE: ("A little more next time", "This went well"),
    OfferReason.LESS: ("A calmer song next", "More time for each pinch"),
    OfferReason.SAME: ("Keep this pace", "It suits your hand"),
    OfferReason.EASY_WIN: ("An easy song next", "With the grips that go best"),
    OfferReason.HELD: ("Keep this pace", "Steady is good"),
    OfferReason.HIGHEST: ("Keep this pace", "It is the fastest prescribed"),
    OfferReason.LOWEST: ("Keep this pace", "It is the gentlest there is"),
}


def song_card(entry: Entry, plays: Sequence[PlaySummary], today: date) -> SongCard:
    """A row of the chooser: length and mood, and the person's best of this week."""
    if not entry.ok:
        return SongCard(entry.key, entry.title, ok=False, reason=entry.problem)
    week = Week.of(today)
    scores = [p.score for p in plays if p.song_key == entry.key and p.local_date in week]
    minutes = max(1, round(entry.seconds / 60))
    length = f"{minutes} minute{'s' if minutes != 1 else ''}"
    mood = entry.mood.capitalize()
    return SongCard(
        key=entry.key,
        title=entry.title,
        detail=f"{mood}, {length}" if mood else length,
        pitches=entry.pitches,
        best=f"Your best this week: {grouped(max(scores))}" if scores else "",
    )


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
        week_days=f"on {days} day{'s' if days != 1 else ''}" if days else "",
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
        step=step,
        step_words=step_words,
    )


def _score_words(outcome: PlayOutcome, earlier: Sequence[PlaySummary], today: date) -> str:
    week = Week.of(today)
    scores = [p.score for p in earlier if p.song_key == outcome.song_key and p.local_date in week]
    if not scores:
        return "Your first this week"
    best = max(scores)
    return "Your best this week" if outcome.score > best else f"Best this week: {grouped(best)}"


def good_thing(
    outcome: PlayOutcome, earlier: Sequence[PlaySummary], today: date
) -> tuple[str, str]:
    """One true good thing, the strongest that holds: (what, and the figures behind it)."""
    figures = outcome.totals
    asked, hits = figures.asked, figures.hits
    hit = outcome.judgements.targets["hit"]
    for grip in GRIPS:
        if asked[grip] >= _ENOUGH_TARGETS and hits[grip] == asked[grip]:
            return f"Every {_word(grip)} pinch met", f"{hits[grip]} of {asked[grip]}"
    improved = _most_improved(outcome, earlier)
    if improved is not None:
        grip, now, before = improved
        return f"{_word(grip).capitalize()} did better", f"{now:.0%}, {before:.0%} the last time"
    run = longest_run(hit)
    if run >= _ENOUGH_TARGETS:
        return f"{run} in a row", "without a miss between"
    if figures.timing.hits >= _ENOUGH_TARGETS and figures.timing.within_100_ms >= 0.5:
        share = figures.timing.within_100_ms
        return "In time with the music", f"{share:.0%} within a tenth of a second"
    if hits.sum():
        grip = Grip(int(np.argmax(hits)))
        count = int(hits[grip])
        return f"{_word(grip).capitalize()} led the way", f"{count} pinch{_es(count)} met"
    if figures.repetitions.sum():
        return "Your hand was at work", "Every pinch counts"
    return "You took your place", "The next song waits"


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
    words = "Every lamp is lit" if not left else f"{left} more by Sunday"
    return BoardView(
        team="Our team",
        lamps_lit=lit,
        lamps=_LAMPS,
        team_words=team.sentence or words,
        board="Effort",
        unit="Own goal reached",
        top=tuple(row for _, row in rows[:gap]),
        near=near,
        sentence=effort.sentence,
    )


def grouped(number: int) -> str:
    """``8940`` as ``8 940``, whatever the system's locale."""
    return f"{number:,}".replace(",", " ")


def _word(grip: Grip) -> str:
    return grip.label


def _es(count: int) -> str:
    return "" if count == 1 else "es"
