"""What is told after a song or after practising: effort first, and what of it is good.

Data in, view data out. The rules are those of :mod:`game.therapy.feedback`; here are their words.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from game.core.grips import GRIPS, Grip
from game.core.say import mark
from game.play.outcome import PlayOutcome
from game.records.boards import Week
from game.records.input_timing import is_coarse
from game.records.plays import PlaySummary
from game.stage.grip_words import grip_label, grip_within
from game.stage.screens import Mark, ResultView
from game.therapy.feedback import (
    Details,
    Good,
    GoodThing,
    NextStep,
    Pace,
    PlayFacts,
    good_thing,
    next_step,
    pace,
)
from game.therapy.to_music import OfferReason
from game.words import decimal, plural, tr

_NEXT_STEP = {
    OfferReason.MORE: (mark("A little more next time"), mark("This went well")),
    OfferReason.LESS: (mark("A calmer song next"), mark("More time for each pinch")),
    OfferReason.SAME: (mark("Keep this pace"), mark("It suits your hand")),
    OfferReason.EASY_WIN: (mark("An easy song next"), mark("With the grips that go best")),
    OfferReason.HELD: (mark("Keep this pace"), mark("Steady is good")),
    OfferReason.HIGHEST: (mark("Keep this pace"), mark("It is the fastest prescribed")),
    OfferReason.LOWEST: (mark("Keep this pace"), mark("It is the gentlest there is")),
}

_PACE = {
    Pace.UP: mark("Faster than usual"),
    Pace.A_LITTLE_UP: mark("A little up"),
    Pace.STEADY: "",
}

#: A play of the song itself: only those are compared and are records.
_PLAY = "play"


def result_view(
    parts: Sequence[PlayOutcome], earlier: Sequence[PlaySummary], today: date
) -> ResultView:
    """What is told after a song that was played in ``parts``: one, unless its rest was slowed down.

    ``earlier`` are the person's plays before it, the latest first.
    """
    first, last = parts[0], parts[-1]
    before = [play for play in earlier if play.mode == _PLAY]
    comparable = [
        play for play in before if play.hand == first.hand and play.input_kind == first.input_kind
    ]
    history = [facts_of_summary(play) for play in comparable]
    now = facts(first, whole=len(parts) == 1 and not first.interrupted)
    good, good_words = words_of_good(good_thing(now, history, details(first)))
    step, step_words = words_of_step(next_step(first.offer.reason, now, history))
    levels = [play.level for play in comparable if play.level is not None]
    whole = len(parts) == 1
    return ResultView(
        pinches=_pinches(parts),
        song=last.song_title,
        counts=_counts(parts),
        hand=last.hand,
        marks=_marks(first) if whole else (),
        score=first.score if whole else None,
        score_words=_score_words(first, before, today) if whole else "",
        pace="" if first.level is None else _a_second(first.level),
        pace_words="" if first.level is None else tr(_PACE[pace(first.level, levels)]),
        good=good,
        good_words=good_words,
        step=step,
        step_words=step_words,
    )


def practice_view(passes: Sequence[PlayOutcome], whole_passes: int) -> ResultView:
    """What is told after ``passes`` of a passage, of which so many were played to their end.

    No score: practice is no record.
    """
    last = passes[-1]
    hits = sum(int(one.totals.hits.sum()) for one in passes)
    good = tr("You took your time"), tr("That is how songs grow")
    if whole_passes:
        times = plural("{n} time through", "{n} times through", whole_passes)
        good = times, plural("{n} pinch met", "{n} pinches met", hits)
    return ResultView(
        pinches=_pinches(passes),
        song=last.song_title,
        counts=_counts(passes),
        hand=last.hand,
        good=good[0],
        good_words=good[1],
        step=tr("Play the whole song"),
        step_words=tr("Or practise another part"),
        practised=True,
    )


def success_of(outcome: PlayOutcome) -> float:
    """Hits / asked of a pass; 0 where nothing was asked."""
    hit = outcome.judgements.targets["hit"]
    return float(np.mean(hit)) if len(hit) else 0.0


def _pinches(parts: Sequence[PlayOutcome]) -> int:
    return sum(int(part.totals.counted.sum()) for part in parts)


def _counts(parts: Sequence[PlayOutcome]) -> dict[Grip, int]:
    return {grip: sum(int(part.totals.counted[grip]) for part in parts) for grip in GRIPS}


def _marks(outcome: PlayOutcome) -> tuple[Mark, ...]:
    length_us = max(1, outcome.duration_us)
    hit = outcome.judgements.targets["hit"]
    return tuple(
        Mark(min(1.0, int(t["time_us"]) / length_us), Grip(int(t["grip"])), bool(h))
        for t, h in zip(outcome.targets, hit, strict=True)
    )


def _a_second(level: float) -> str:
    return tr("{rate} a second", rate=decimal(2.0**level))


def _score_words(outcome: PlayOutcome, earlier: Sequence[PlaySummary], today: date) -> str:
    week = Week.of(today)
    scores = [p.score for p in earlier if p.song_key == outcome.song_key and p.local_date in week]
    if not scores:
        return tr("Score {score}, your first this week", score=outcome.score)
    best = max(scores)
    if outcome.score > best:
        return tr("Score {score}, your best this week", score=outcome.score)
    return tr("Score {score}, this week's best {best}", score=outcome.score, best=best)


# ---------------------------------------------------------------- facts for the rules


def facts(outcome: PlayOutcome, *, whole: bool) -> PlayFacts:
    """A play that has just ended as the rules see it."""
    figures, window = outcome.totals, outcome.window
    coarse = is_coarse(outcome.input_kind, outcome.input_description)
    sd_us = figures.timing.sd_us
    return PlayFacts(
        song=outcome.song_key,
        asked=tuple(int(n) for n in figures.asked),
        hits=tuple(int(n) for n in figures.hits),
        counted=int(figures.counted.sum()),
        seconds=outcome.duration_us / 1e6,
        sd_ms=None if coarse or np.isnan(sd_us) else sd_us / 1000,
        level=outcome.level,
        whole=whole,
        window_us=(window.early_us, window.late_us),
    )


def facts_of_summary(play: PlaySummary) -> PlayFacts:
    """A play that was kept as the rules see it."""
    coarse = is_coarse(play.input_kind, play.input_description)
    return PlayFacts(
        song=play.song_key,
        asked=tuple(grip.presented for grip in play.grips),
        hits=tuple(grip.hits for grip in play.grips),
        counted=play.counted,
        seconds=play.duration_us / 1e6,
        sd_ms=None if coarse else play.asynchrony_sd_ms,
        level=play.level,
        whole=not play.interrupted,
        window_us=(play.window.early_us, play.window.late_us),
    )


def details(outcome: PlayOutcome) -> Details:
    """What only the play itself tells."""
    timing = outcome.totals.timing
    within = 0 if not timing.hits else round(timing.within_100_ms * timing.hits)
    return Details(
        run=longest_run(outcome.judgements.targets["hit"]),
        within_100_ms=within,
        presses=int(outcome.totals.repetitions.sum()),
    )


def longest_run(hit: np.ndarray) -> int:
    """The most hits in a row."""
    run = best = 0
    for one in hit:
        run = run + 1 if one else 0
        best = max(best, run)
    return best


# ---------------------------------------------------------------- their words


def words_of_good(thing: GoodThing) -> tuple[str, str]:
    """One good thing in words: what, and the figures behind it. No percentages."""
    n = thing.now
    if thing.grip is not None and thing.kind is Good.GRIP_BETTER:
        return (
            tr("{grip} did better", grip=grip_label(thing.grip)),
            tr(
                "{hits} of {asked}, before {hits_before} of {asked_before}",
                hits=n,
                asked=thing.asked,
                hits_before=thing.before,
                asked_before=thing.asked_before,
            ),
        )
    if thing.grip is not None:
        return (
            tr("Every {grip} pinch met", grip=grip_within(thing.grip)),
            tr("{hits} of {asked}", hits=n, asked=thing.asked),
        )
    return {
        Good.STEADIER: lambda: (tr("Steadier in time"), tr("Closer together than last time")),
        Good.MORE_PINCHES: lambda: (
            tr("More pinches than last time"),
            tr("{now}, before {before}", now=n, before=thing.before),
        ),
        Good.IN_A_ROW: lambda: (tr("{n} in a row", n=n), tr("without a miss between")),
        Good.IN_TIME: lambda: (
            tr("In time with the music"),
            plural(
                "{n} pinch within a tenth of a second",
                "{n} pinches within a tenth of a second",
                n,
            ),
        ),
        Good.WHOLE_SONG: lambda: (
            tr("You played the whole song"),
            plural("{n} pinch met", "{n} pinches met", n),
        ),
        Good.MET: lambda: (
            plural("{n} pinch met", "{n} pinches met", n),
            tr("Every pinch counts"),
        ),
        Good.AT_WORK: lambda: (tr("Your hand was at work"), tr("Every pinch counts")),
        Good.THERE: lambda: (tr("You took your place"), tr("The next song waits")),
    }[thing.kind]()


def words_of_step(step: NextStep) -> tuple[str, str]:
    """One next step in words: what, and a line about it."""
    if step.look_after is not None:
        grip = grip_label(step.look_after)
        return tr("Give {grip} a little time", grip=grip), tr("Practise a part slowly")
    what, about = _NEXT_STEP[step.offer]
    return tr(what), tr(about)
