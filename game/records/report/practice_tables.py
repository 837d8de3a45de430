"""Tables of what was practised and measured: dose, success, level, fatigue, timing, selectivity."""

from game.core.grips import ACROSS_THE_HAND
from game.core.say import Language, mark
from game.records.plays import Missed
from game.records.report.figures import ENOUGH_TARGETS, Figures, GripRow, Timing
from game.records.report.naming import grip_name, input_name
from game.records.report.table import Table, head
from game.records.report.trends import FLAGGED_BELOW, LevelDay
from game.records.report.wording import NOTHING, day_words, number, percent

#: So many weeks have a row of their own: the report stays two pages.
MOST_WEEKS = 9


def weeks(words: Language, figures: Figures) -> Table:
    """Plan against done, a row a week; what is too long ago is summed up in the first."""
    shown = figures.weeks[-MOST_WEEKS:]
    earlier = figures.weeks[: -len(shown)] if shown else ()
    rows = []
    if earlier:
        rows.append(
            (
                words.tr("{weeks} before", weeks=len(earlier)),
                words.number(sum(w.done_days for w in earlier)),
                number(words, sum(w.done_minutes for w in earlier)),
                words.number(sum(w.counted for w in earlier)),
            )
        )
    for week in shown:
        days, minutes = str(week.done_days), number(words, week.done_minutes)
        if week.planned_days is not None and week.planned_minutes is not None:
            days = words.tr("{done} of {planned}", done=days, planned=week.planned_days)
            minutes = words.tr("{done} of {planned}", done=minutes, planned=week.planned_minutes)
        part = "" if week.days_in_period == 7 else "*"
        monday = day_words(words, week.monday) + part
        rows.append((monday, days, minutes, words.number(week.counted)))
    partly = any(w.days_in_period < 7 for w in shown)
    return Table(
        head(words, mark("Week of"), mark("Days"), mark("Minutes"), mark("Counted")),
        tuple(rows),
        "lrrr",
        words.tr("* only part of this week lies in the period.") if partly else "",
    )


def pinches(words: Language, figures: Figures) -> Table:
    """Counted grips and all pinches per grip."""
    rows = [
        (grip_name(words, row.grip), words.number(row.counted), words.number(row.repetitions))
        for row in figures.grips
    ]
    every = words.number(figures.counted), words.number(figures.repetitions)
    rows.append((words.tr("all"), *every))
    return Table(
        head(words, mark("Grip"), mark("Counted"), mark("All pinches")),
        tuple(rows),
        "lrr",
        words.tr("Counted: hits, and pinches of the right grip at the wrong time."),
        total=True,
    )


def success(words: Language, figures: Figures) -> Table:
    """Success with its interval, and the kinds of misses."""
    rows = [
        (
            grip_name(words, row.grip),
            words.number(row.asked),
            words.number(row.hits),
            percent(words, row.share) if row.enough else _too_few(words, row),
            _interval(row.low, row.high) if row.asked else NOTHING,
            *_missed(words, row.missed),
        )
        for row in figures.grips
    ]
    overall = figures.overall
    rows.append(
        (
            words.tr("all"),
            words.number(overall.asked),
            words.number(overall.hits),
            percent(words, overall.share),
            _interval(overall.low, overall.high) if overall.asked else NOTHING,
            *_missed(words, overall.missed),
        )
    )
    notes = [
        words.tr(
            "Wilson 95 % interval. Beside the hits: {wrong} wrong grips, {extra} extra pinches.",
            wrong=overall.wrong,
            extra=overall.extra,
        )
    ]
    if any(0 < row.asked < ENOUGH_TARGETS for row in figures.grips):
        notes.append(
            words.tr(
                "In brackets: under {targets} targets, too few to judge.", targets=ENOUGH_TARGETS
            )
        )
    return Table(
        (
            *head(words, mark("Grip"), mark("Asked"), mark("Hit"), mark("Success")),
            "95 %",
            *head(words, mark("No pinch"), mark("Too early"), mark("Too late"), mark("Other grip")),
        ),
        tuple(rows),
        "lrrrrrrrr",
        " ".join(notes),
        total=True,
    )


def level(words: Language, figures: Figures) -> Table:
    """The level at the beginning and at the end, with error bands."""
    columns = mark("Level, targets/s"), mark("Day"), mark("Level"), mark("Error band")
    names = head(words, *columns)
    if not figures.levels:
        nothing = (NOTHING,) * 3
        rows = (words.tr("First"), *nothing), (words.tr("Latest"), *nothing)
        note = words.tr("No play in this period adapted to the hand.")
        return Table(names, rows, "lrrr", note)
    first, last = figures.levels[0], figures.levels[-1]
    latest = words.tr("Latest (× {times})", times=number(words, last.rate / first.rate, 2))
    return Table(
        names,
        tuple(
            (name, day_words(words, day.day), number(words, day.rate, 2), _band(words, day))
            for name, day in ((words.tr("First"), first), (latest, last))
        ),
        "lrrr",
        words.tr(
            "Played with: {input}. Band: where chance puts a day 19 times of 20.",
            input=input_name(words, figures.level_input or NOTHING),
        ),
    )


def fatigue(words: Language, figures: Figures) -> Table:
    """Fatigue within a sitting."""
    found = figures.fatigue
    dwelt = sum(s.dwell_slope is not None for s in found.sittings)
    octaves, ms = words.tr("{slope} oct"), "{slope} ms"
    return Table(
        head(words, mark("Per 10 min"), mark("Median"), mark("Sittings"), mark("Flagged")),
        (
            (
                words.tr("Level"),
                _per_ten(words, found.median, 2, octaves),
                words.number(len(found.sittings)),
                words.number(found.flagged),
            ),
            (
                words.tr("Dwell"),
                _per_ten(words, found.dwell_median, 0, ms),
                words.number(dwelt),
                "",
            ),
        ),
        "lrrr",
        words.tr(
            "Flagged: the level fell faster than {slope} octaves per 10 min.",
            slope=number(words, FLAGGED_BELOW, 1),
        ),
    )


def timing(words: Language, figures: Figures) -> Table:
    """Bias and spread per grip."""
    rows = [(grip_name(words, row.grip), *_timing(words, row.timing)) for row in figures.grips]
    rows.append((words.tr("all"), *_timing(words, figures.overall.timing)))
    notes = [
        words.plural(
            "In ms, minus is early; from {n} play.",
            "In ms, minus is early; from {n} plays.",
            figures.overall.timed_plays,
        )
    ]
    if figures.coarse_plays:
        notes.append(
            words.plural(
                "{n} play with coarse input left out.",
                "{n} plays with coarse input left out.",
                figures.coarse_plays,
            )
        )
    notes.append(
        words.tr("Spread: 1.4826·MAD. Nearest: the same of the nearest pinch, hit or not.")
    )
    notes.append(
        words.tr("Healthy tapping is 20 to 80 ms early: bias is no error, spread is the skill.")
    )
    statistics = mark("Median"), mark("Mean"), mark("SD"), mark("Spread"), mark("Nearest")
    return Table(
        (*head(words, mark("Grip"), mark("Hits"), *statistics), "±50", "±100"),
        tuple(rows),
        "lrrrrrrrr",
        " ".join(notes),
        total=True,
    )


def selectivity(words: Language, figures: Figures) -> Table:
    """How often the grip asked was the grip made."""
    rows = []
    for i, (grip, counts, own) in enumerate(
        zip(ACROSS_THE_HAND, figures.selectivity.counts, figures.selectivity.own, strict=True)
    ):
        whole = sum(counts)
        beside = sum(counts[j] for j in (i - 1, i + 1) if 0 <= j < len(counts))
        rows.append(
            (
                grip_name(words, grip),
                words.number(whole),
                percent(words, own),
                percent(words, beside / whole if whole else None),
                percent(words, (whole - beside - counts[i]) / whole if whole else None),
            )
        )
    return Table(
        head(words, mark("Asked"), mark("Pinches"), mark("Own"), mark("Beside"), mark("Others")),
        tuple(rows),
        "lrrrr",
        words.plural(
            "{n} pinch closed together with a hit is left out.",
            "{n} pinches closed together with a hit are left out.",
            figures.selectivity.chords,
        ),
    )


def _missed(words: Language, missed: Missed) -> tuple[str, ...]:
    kinds = (missed.omission, missed.early, missed.late, missed.wrong_grip)
    return tuple(map(words.number, kinds))


def _timing(words: Language, found: Timing) -> tuple[str, ...]:
    return (
        words.number(found.hits),
        number(words, found.median, sign=True),
        number(words, found.mean, sign=True),
        number(words, found.sd),
        number(words, found.spread),
        number(words, found.unclipped),
        percent(words, found.within_50),
        percent(words, found.within_100),
    )


def _too_few(words: Language, row: GripRow) -> str:
    return f"({percent(words, row.share)})" if row.asked else NOTHING


def _interval(low: float, high: float) -> str:
    return f"{low * 100:.0f}–{high * 100:.0f}"


def _band(words: Language, day: LevelDay) -> str:
    if day.low is None or day.high is None:
        return NOTHING
    return words.tr(
        "{first} to {last}", first=number(words, day.low, 2), last=number(words, day.high, 2)
    )


def _per_ten(words: Language, value: float | None, digits: int, template: str) -> str:
    if value is None:
        return NOTHING
    return template.format(slope=number(words, value, digits, sign=True))
