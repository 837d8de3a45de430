"""The report in words and tables: plain strings that both renderers set beside their pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from game.core.grips import ACROSS_THE_HAND
from game.records.report.change import Change
from game.records.report.figures import (
    ENOUGH_TARGETS,
    Counted,
    Figures,
    GripRow,
    Timing,
)
from game.records.report.plan_words import plan_in_words
from game.records.report.trends import FLAGGED_BELOW, LevelDay
from game.therapy.assessment.change import Verdict

#: So many rows a table has at most: the report stays two pages. The rest is in the export.
MOST_WEEKS, MOST_FELT, MOST_CHANGES, MOST_TESTS, MOST_DEVICES = 9, 8, 3, 3, 2
MOST_GOALS, MOST_NOTES = 2, 1

#: A text somebody wrote is cut after so many letters, a name or a unit after so few.
MOST_LETTERS, MOST_LETTERS_OF_A_NAME = 104, 16

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

NOTHING = "–"

_VERDICTS: dict[Verdict | None, str] = {
    None: "too early to say",
    Verdict.NOT_YET: "too early to say",
    Verdict.NO_CHANGE_SHOWN: "no, within error",
    Verdict.BETTER: "yes, better",
    Verdict.WORSE: "yes, worse",
}

NOT_A_DIAGNOSIS = "Not a diagnosis."
WHAT_IT_IS = (
    "These are counts and times from a game, not a clinical test. Griptune is not a medical device "
    "and promises no benefit; what this means for the person is for their clinician to say."
)


@dataclass(frozen=True)
class Table:
    """A table: its head, its rows, and how each column is set (``l`` or ``r``).

    ``total`` says that the last row sums up the others.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    set_as: str
    note: str = ""
    total: bool = False


def day_words(day: date, *, year: bool = False) -> str:
    """``7 Mar`` or ``7 Mar 2025``: the same everywhere, whatever the computer's language."""
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words


def number(value: float | None, digits: int = 0, *, sign: bool = False) -> str:
    """``value`` with so many decimals and a real minus; a dash for None."""
    if value is None:
        return NOTHING
    text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "−")


def percent(share: float | None) -> str:
    """``share`` (0 to 1) in whole per cent; a dash for None."""
    return NOTHING if share is None else f"{share * 100:.0f} %"


def title(figures: Figures) -> str:
    """Who the report is about."""
    name = f" “{figures.nickname}”" if figures.nickname else ""
    return f"{figures.code}{name}"


def period(figures: Figures) -> str:
    """From when to when."""
    first, last = figures.first, figures.last
    return f"{day_words(first, year=first.year != last.year)} to {day_words(last, year=True)}"


def summary(figures: Figures) -> tuple[tuple[str, str], ...]:
    """The few figures that stand large at the top: a figure and what it is."""
    overall = figures.overall
    days = sum(1 for day in figures.days if day.plays)
    last = figures.levels[-1].rate if figures.levels else None
    return (
        (f"{figures.counted:,}".replace(",", " "), "counted grips"),
        (number(figures.minutes), "minutes of play"),
        (f"{days}", "day with play" if days == 1 else "days with play"),
        (percent(overall.share), f"of {overall.asked:,} targets hit".replace(",", " ")),
        (number(last, 2), "targets/s, last level"),
    )


def plan_line(figures: Figures) -> str:
    """What is prescribed, in one line."""
    if figures.plan is None:
        return "Nothing is prescribed; defaults of 5 days a week and 25 minutes a day apply."
    author = cut(figures.plan.author, MOST_LETTERS_OF_A_NAME)
    return f"Plan (version {figures.plan.version}, {author}): {plan_in_words(figures.plan)}"


def weeks(figures: Figures) -> Table:
    """Plan against done, a row a week; what is too long ago is summed up in the first."""
    shown = figures.weeks[-MOST_WEEKS:]
    earlier = figures.weeks[: -len(shown)] if shown else ()
    rows = []
    if earlier:
        rows.append(
            (
                f"{len(earlier)} before",
                str(sum(w.done_days for w in earlier)),
                number(sum(w.done_minutes for w in earlier)),
                str(sum(w.counted for w in earlier)),
            )
        )
    for week in shown:
        days = str(week.done_days)
        minutes = number(week.done_minutes)
        if week.planned_days is not None and week.planned_minutes is not None:
            days += f" of {week.planned_days}"
            minutes += f" of {week.planned_minutes}"
        part = "" if week.days_in_period == 7 else "*"
        rows.append((day_words(week.monday) + part, days, minutes, str(week.counted)))
    partly = any(w.days_in_period < 7 for w in shown)
    return Table(
        ("Week of", "Days", "Minutes", "Counted"),
        tuple(rows),
        "lrrr",
        "* only part of this week lies in the period." if partly else "",
    )


def pinches(figures: Figures) -> Table:
    """Counted grips and all pinches per grip."""
    rows = [(row.grip.label, str(row.counted), str(row.repetitions)) for row in figures.grips]
    rows.append(("all", str(figures.counted), str(figures.repetitions)))
    return Table(
        ("Grip", "Counted", "All pinches"),
        tuple(rows),
        "lrr",
        "Counted: hits, and pinches of the right grip at the wrong time.",
        total=True,
    )


def success(figures: Figures) -> Table:
    """Success with its interval, and the kinds of misses."""
    rows = []
    for row in figures.grips:
        missed = row.missed
        rows.append(
            (
                row.grip.label,
                str(row.asked),
                str(row.hits),
                percent(row.share) if row.enough else _too_few(row),
                _interval(row.low, row.high) if row.asked else NOTHING,
                str(missed.omission),
                str(missed.early),
                str(missed.late),
                str(missed.wrong_grip),
            )
        )
    overall = figures.overall
    missed = overall.missed
    rows.append(
        (
            "all",
            str(overall.asked),
            str(overall.hits),
            percent(overall.share),
            _interval(overall.low, overall.high) if overall.asked else NOTHING,
            str(missed.omission),
            str(missed.early),
            str(missed.late),
            str(missed.wrong_grip),
        )
    )
    few = any(0 < row.asked < ENOUGH_TARGETS for row in figures.grips)
    note = f"Wilson 95 % interval. Beside the hits: {overall.wrong} wrong grips, "
    note += f"{overall.extra} extra pinches."
    if few:
        note += f" In brackets: under {ENOUGH_TARGETS} targets, too few to judge."
    return Table(
        (
            "Grip",
            "Asked",
            "Hit",
            "Success",
            "95 %",
            "No pinch",
            "Early",
            "Late",
            "Other grip",
        ),
        tuple(rows),
        "lrrrrrrrr",
        note,
        total=True,
    )


def level(figures: Figures) -> Table:
    """The level at the beginning and at the end, with error bands."""
    if not figures.levels:
        nothing = (("First", *[NOTHING] * 3), ("Latest", *[NOTHING] * 3))
        note = "No play in this period adapted to the hand."
        return Table(("Level, targets/s", "Day", "Level", "Error band"), nothing, "lrrr", note)
    first, last = figures.levels[0], figures.levels[-1]
    return Table(
        ("Level, targets/s", "Day", "Level", "Error band"),
        (
            ("First", day_words(first.day), number(first.rate, 2), _band(first)),
            (
                f"Latest (× {number(last.rate / first.rate, 2)})",
                day_words(last.day),
                number(last.rate, 2),
                _band(last),
            ),
        ),
        "lrrr",
        f"Played with: {figures.level_input}. Band: where chance puts a day 19 times of 20.",
    )


def fatigue(figures: Figures) -> Table:
    """Fatigue within a sitting."""
    found = figures.fatigue
    return Table(
        ("Per 10 min", "Median", "Sittings", "Flagged"),
        (
            (
                "Level",
                _per_ten(found.median, 2, "oct"),
                str(len(found.sittings)),
                str(found.flagged),
            ),
            (
                "Dwell",
                _per_ten(found.dwell_median, 0, "ms"),
                str(sum(s.dwell_slope is not None for s in found.sittings)),
                "",
            ),
        ),
        "lrrr",
        f"Flagged: the level fell faster than {number(FLAGGED_BELOW, 1)} octaves per 10 min.",
    )


def timing(figures: Figures) -> Table:
    """Bias and spread per grip."""
    rows = [(row.grip.label, *_timing(row.timing)) for row in figures.grips]
    rows.append(("all", *_timing(figures.overall.timing)))
    note = f"In ms, minus is early; from {_plays(figures.overall.timed_plays)}."
    if figures.coarse_plays:
        note += f" {_plays(figures.coarse_plays)} with coarse input left out."
    note += " Spread: 1.4826·MAD. Nearest: the same of the nearest pinch, hit or not."
    note += " Healthy tapping is 20 to 80 ms early: bias is no error, spread is the skill."
    return Table(
        ("Grip", "Hits", "Median", "Mean", "SD", "Spread", "Nearest", "±50", "±100"),
        tuple(rows),
        "lrrrrrrrr",
        note,
        total=True,
    )


def selectivity(figures: Figures) -> Table:
    """How often the grip asked was the grip made."""
    rows = []
    order = [g.label for g in ACROSS_THE_HAND]
    for i, (label, counts, own) in enumerate(
        zip(order, figures.selectivity.counts, figures.selectivity.own, strict=True)
    ):
        whole = sum(counts)
        beside = sum(counts[j] for j in (i - 1, i + 1) if 0 <= j < len(counts))
        rows.append(
            (
                label,
                str(whole),
                percent(own),
                percent(beside / whole if whole else None),
                percent((whole - beside - counts[i]) / whole if whole else None),
            )
        )
    return Table(
        ("Asked", "Pinches", "Own", "Beside", "Others"),
        tuple(rows),
        "lrrrr",
        f"{figures.selectivity.chords} pinches closed together with a hit are left out.",
    )


def felt(figures: Figures) -> Table:
    """Pain and fatigue before and after, the latest sittings."""
    rows = [
        (
            day_words(row.day),
            f"{number(row.pain_before)} → {number(row.pain_after)}",
            f"{number(row.fatigue_before)} → {number(row.fatigue_after)}",
            ", ".join(
                word for word, told in (("sharp", row.sharp), ("new signs", row.new_signs)) if told
            ),
        )
        for row in figures.felt[-MOST_FELT:]
    ]
    more = len(figures.felt) - len(rows)
    note = f"The latest {len(rows)} of {len(figures.felt)}." if more > 0 else ""
    return Table(("Day", "Pain", "Tired", "Told"), tuple(rows), "lrrl", note)


def tests(figures: Figures) -> Table:
    """Assessments of ours."""
    rows = []
    for change in figures.assessments[:MOST_TESTS]:
        rows.append((*_change(change), _VERDICTS[change.verdict]))
    return Table(
        ("Assessment", "Hand", "Times", "First", "Latest", "Change", "Beyond error?"),
        tuple(rows),
        "llrrrrl",
        "Beyond error: more than 1.96·√2·SEM of the first two." + _more(figures.assessments)
        if rows
        else "",
    )


def outcomes(figures: Figures) -> Table:
    """Tests that staff typed in."""
    rows = [(*_change(change), change.known or NOTHING) for change in figures.outcomes[:MOST_TESTS]]
    return Table(
        ("Outcome test", "Hand", "Times", "First", "Latest", "Change", "Known MCID"),
        tuple(rows),
        "llrrrrl",
        "As typed in by staff; Griptune estimates none of them." + _more(figures.outcomes)
        if rows
        else "",
    )


def changes(figures: Figures) -> Table:
    """The therapist's changes."""
    shown = figures.plan_changes[-MOST_CHANGES:]
    rows = [
        (day_words(c.day), cut(c.author, MOST_LETTERS_OF_A_NAME), cut("; ".join(c.what)))
        for c in shown
    ]
    more = len(figures.plan_changes) - len(shown)
    return Table(
        ("Day", "By", "Changed"),
        tuple(rows),
        "lll",
        f"And {more} earlier." if more else "",
    )


def used(figures: Figures) -> Table:
    """Device and software versions, windows, and what else was done."""
    rows = [
        ("Devices", _list(figures.devices)),
        (
            "Software, window",
            f"{_list(figures.versions)}; this report: {figures.software}; {_list(figures.windows)}",
        ),
    ]
    if figures.other_modes:
        rows.append(("Other ways", _list(figures.other_modes)))
    if figures.activities:
        rows.append(("Off the road", _list(figures.activities)))
    left_out = []
    if figures.other_plays:
        left_out.append(f"{_plays(figures.other_plays)} with the other hand not in here")
    if figures.interrupted:
        left_out.append(
            f"{figures.interrupted} plays were cut short and are counted as far as played"
        )
    if left_out:
        rows.append(("Left out", "; ".join(left_out)))
    if figures.flags:
        rows.append(("Flags of sessions", _list(figures.flags)))
    return Table(("Used", "in so many plays"), tuple(rows), "ll")


def words(figures: Figures) -> tuple[str, ...]:
    """Goals in the patient's words, and staff's notes, the latest last."""
    said = [
        f"Goal: {cut(words)}"
        + ("" if reached is None else " (reached)" if reached else " (closed)")
        for words, reached in figures.goals[-MOST_GOALS:]
    ]
    said += [
        cut(f"{day_words(day)}, {author}: {' '.join(text.split())}")
        for day, author, text in figures.notes[-MOST_NOTES:]
    ]
    return tuple(said)


def cut(text: str, most: int = MOST_LETTERS) -> str:
    """``text``, or its beginning if it is too long for two pages: the export has all of it."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _timing(found: Timing) -> tuple[str, ...]:
    return (
        str(found.hits),
        number(found.median, sign=True),
        number(found.mean, sign=True),
        number(found.sd),
        number(found.spread),
        number(found.unclipped),
        percent(found.within_50),
        percent(found.within_100),
    )


def _change(change: Change) -> tuple[str, ...]:
    digits = 2 if change.unit in ("/s", "CV") else 1
    unit = f" {cut(change.unit, 8)}" if change.unit else ""
    return (
        cut(change.name, MOST_LETTERS_OF_A_NAME + 4),
        change.hand,
        str(change.times),
        f"{_short(change.first, digits)}{unit} ({day_words(change.first_day)})",
        f"{_short(change.last, digits)}{unit} ({day_words(change.last_day)})",
        number(change.difference, digits, sign=True) if change.times > 1 else NOTHING,
    )


def _more(found: Sequence[Change]) -> str:
    left = len(found) - MOST_TESTS
    return f" {left} more are in the export." if left > 0 else ""


def _short(value: float, digits: int) -> str:
    return number(value) if value == int(value) else number(value, digits)


def _too_few(row: GripRow) -> str:
    return f"({percent(row.share)})" if row.asked else NOTHING


def _interval(low: float, high: float) -> str:
    return f"{low * 100:.0f}–{high * 100:.0f}"


def _band(day: LevelDay) -> str:
    if day.low is None or day.high is None:
        return NOTHING
    return f"{number(day.low, 2)} to {number(day.high, 2)}"


def _plays(count: int) -> str:
    return "1 play" if count == 1 else f"{count} plays"


def _per_ten(value: float | None, digits: int, unit: str) -> str:
    return NOTHING if value is None else f"{number(value, digits, sign=True)} {unit}"


def _list(counted: Sequence[Counted]) -> str:
    shown = [f"{cut(c.words, 64)} ({c.plays})" for c in counted[:MOST_DEVICES]]
    more = len(counted) - len(shown)
    if more > 0:
        shown.append(f"{more} more")
    return "; ".join(shown) or NOTHING
