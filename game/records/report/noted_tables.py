"""Tables of what people said, typed in and changed: pain, tests, the plan, devices, notes."""

from collections.abc import Callable, Sequence

from game.core.say import Language, mark
from game.records.report.change import Change
from game.records.report.figures import Counted, Done, Figures
from game.records.report.naming import (
    activity_name,
    flag_name,
    hand_name,
    input_name,
    task_name,
    test_name,
    unit_name,
)
from game.records.report.plan_words import plan_difference
from game.records.report.table import Table, head
from game.records.report.wording import (
    MOST_LETTERS_OF_A_NAME,
    NOTHING,
    cut,
    day_words,
    number,
)
from game.therapy.assessment.change import Verdict

#: So many rows a table has at most: the report stays two pages. The rest is in the export.
MOST_FELT, MOST_CHANGES, MOST_TESTS, MOST_DEVICES = 8, 3, 3, 2
MOST_GOALS, MOST_NOTES = 2, 1

_RESULTS = (mark("Hand"), mark("Times"), mark("First"), mark("Latest"), mark("Difference"))

_VERDICTS: dict[Verdict | None, str] = {
    None: mark("too early to say"),
    Verdict.NOT_YET: mark("too early to say"),
    Verdict.NO_CHANGE_SHOWN: mark("no, within error"),
    Verdict.BETTER: mark("yes, better"),
    Verdict.WORSE: mark("yes, worse"),
}


def felt(words: Language, figures: Figures) -> Table:
    """Pain and fatigue before and after, the latest sittings."""
    rows = []
    for row in figures.felt[-MOST_FELT:]:
        told = ((words.tr("sharp"), row.sharp), (words.tr("new signs"), row.new_signs))
        rows.append(
            (
                day_words(words, row.day),
                f"{number(words, row.pain_before)} → {number(words, row.pain_after)}",
                f"{number(words, row.fatigue_before)} → {number(words, row.fatigue_after)}",
                ", ".join(word for word, was_told in told if was_told),
            )
        )
    note = ""
    if len(figures.felt) > len(rows):
        note = words.tr("The latest {shown} of {all}.", shown=len(rows), all=len(figures.felt))
    names = head(words, mark("Day"), mark("Pain"), mark("Tiredness"), mark("Told"))
    return Table(names, tuple(rows), "lrrl", note)


def tests(words: Language, figures: Figures) -> Table:
    """Assessments of ours."""
    return _tests(
        words,
        figures.assessments,
        (mark("Assessment"), mark("Beyond error?")),
        lambda change: words.tr(_VERDICTS[change.verdict]),
        words.tr("Beyond error: more than 1.96·√2·SEM of the first two."),
    )


def outcomes(words: Language, figures: Figures) -> Table:
    """Tests that staff typed in."""
    return _tests(
        words,
        figures.outcomes,
        (mark("Outcome test"), mark("Known MCID")),
        lambda change: _known(words, change),
        words.tr("As typed in by staff; Griptune estimates none of them."),
    )


def changes(words: Language, figures: Figures) -> Table:
    """The therapist's changes."""
    shown = figures.plan_changes[-MOST_CHANGES:]
    rows = [
        (
            day_words(words, c.day),
            cut(c.author, MOST_LETTERS_OF_A_NAME),
            cut("; ".join(plan_difference(words, c.before, c.after))),
        )
        for c in shown
    ]
    more = len(figures.plan_changes) - len(shown)
    return Table(
        head(words, mark("Day"), mark("Changed by"), mark("Changed")),
        tuple(rows),
        "lll",
        words.tr("And {more} earlier.", more=more) if more else "",
    )


def used(words: Language, figures: Figures) -> Table:
    """Device and software versions, windows, and what else was done."""
    software = words.tr("this report: {version}", version=figures.software)
    versions, windows = _list(words, figures.versions), _list(words, figures.windows)
    rows = [
        (words.tr("Devices"), _list(words, figures.devices)),
        (words.tr("Software, window"), f"{versions}; {software}; {windows}"),
    ]
    if figures.other_modes:
        modes = [Counted(activity_name(words, c.words), c.plays) for c in figures.other_modes]
        rows.append((words.tr("Other ways"), _list(words, modes)))
    if figures.activities:
        done = [Counted(_activity(words, one), one.times) for one in figures.activities]
        rows.append((words.tr("Off the road"), _list(words, done)))
    left_out = []
    if figures.other_plays:
        left_out.append(
            words.plural(
                "{n} play with the other hand not in here",
                "{n} plays with the other hand not in here",
                figures.other_plays,
            )
        )
    if figures.interrupted:
        left_out.append(
            words.plural(
                "{n} play was cut short and is counted as far as played",
                "{n} plays were cut short and are counted as far as played",
                figures.interrupted,
            )
        )
    if left_out:
        rows.append((words.tr("Left out"), "; ".join(left_out)))
    if figures.flags:
        flags = [Counted(flag_name(words, c.words), c.plays) for c in figures.flags]
        rows.append((words.tr("Flags of sessions"), _list(words, flags)))
    return Table(head(words, mark("Used"), mark("in so many plays")), tuple(rows), "ll")


def said(words: Language, figures: Figures) -> tuple[str, ...]:
    """Goals in the patient's words, and staff's notes, the latest last."""
    lines = []
    for goal, reached in figures.goals[-MOST_GOALS:]:
        told = words.tr("Goal: {words}", words=cut(goal))
        if reached is not None:
            told += f" ({words.tr('reached') if reached else words.tr('closed')})"
        lines.append(told)
    lines += [
        cut(f"{day_words(words, day)}, {author}: {' '.join(text.split())}")
        for day, author, text in figures.notes[-MOST_NOTES:]
    ]
    return tuple(lines)


def _tests(
    words: Language,
    changes: Sequence[Change],
    names: tuple[str, str],
    verdict: Callable[[Change], str],
    note: str,
) -> Table:
    """A row for each of ``changes``; ``names`` are what the first column and the last are called,
    in which the test stands and the ``verdict``."""
    rows = [(*_change(words, change), verdict(change)) for change in changes[:MOST_TESTS]]
    first, last = names
    return Table(
        head(words, first, *_RESULTS, last),
        tuple(rows),
        "llrrrrl",
        note + _more(words, changes) if rows else "",
    )


def _change(words: Language, change: Change) -> tuple[str, ...]:
    digits = 2 if change.unit in ("/s", "CV") else 1
    unit = f" {cut(unit_name(words, change.unit), 8)}" if change.unit else ""
    name = test_name(words, change.name)
    if change.input_kind not in ("", "glove"):
        name = f"{name} ({input_name(words, change.input_kind)})"

    def result(value: float, day: str) -> str:
        shown = number(words, value, 0 if value == int(value) else digits)
        return f"{shown}{unit} ({day})"

    return (
        cut(name, MOST_LETTERS_OF_A_NAME + 4),
        hand_name(words, change.hand),
        words.number(change.times),
        result(change.first, day_words(words, change.first_day)),
        result(change.last, day_words(words, change.last_day)),
        number(words, change.difference, digits, sign=True) if change.times > 1 else NOTHING,
    )


def _known(words: Language, change: Change) -> str:
    if change.known is None:
        return NOTHING
    *bounds, unit = change.known
    low, high = (number(words, value, most=1) for value in bounds)
    return f"{words.tr('{first} to {last}', first=low, last=high)} {unit_name(words, unit)}"


def _more(words: Language, found: Sequence[Change]) -> str:
    left = len(found) - MOST_TESTS
    return " " + words.tr("{n} more are in the export.", n=left) if left > 0 else ""


def _activity(words: Language, done: Done) -> str:
    kind = activity_name(words, done.kind)
    named = f"{kind}: {task_name(words, done.name)}" if done.name else kind
    return words.tr("{what} ({minutes} min)", what=named, minutes=round(done.minutes))


def _list(words: Language, counted: Sequence[Counted]) -> str:
    shown = [f"{cut(c.words, 64)} ({words.number(c.plays)})" for c in counted[:MOST_DEVICES]]
    more = len(counted) - len(shown)
    if more > 0:
        shown.append(words.tr("{n} more", n=more))
    return "; ".join(shown) or NOTHING
