"""What stands above and below a report's tables: whose it is, its few large figures, the plan."""

from game.core.say import Language, mark
from game.records.report.figures import Figures
from game.records.report.naming import which_hand
from game.records.report.plan_words import plan_in_words
from game.records.report.wording import (
    MOST_LETTERS_OF_A_NAME,
    cut,
    day_words,
    number,
    percent,
)

#: At the foot of every page.
NOT_A_DIAGNOSIS = mark("Not a diagnosis.")
WHAT_IT_IS = mark(
    "These are counts and times from a game, not a clinical test. Griptune is not a medical device "
    "and promises no benefit; what this means for the person is for their clinician to say."
)


def title(figures: Figures) -> str:
    """Who the report is about."""
    name = f" “{figures.nickname}”" if figures.nickname else ""
    return f"{figures.code}{name}"


def period(words: Language, figures: Figures) -> str:
    """From when to when."""
    first, last = figures.first, figures.last
    return words.tr(
        "{first} to {last}",
        first=day_words(words, first, year=first.year != last.year),
        last=day_words(words, last, year=True),
    )


def about(words: Language, figures: Figures, page: int) -> str:
    """Which hand, which period, when it was made, and which page this is."""
    made = words.tr("made on {day}", day=day_words(words, figures.made, year=True))
    pages = words.tr("page {page} of 2", page=page)
    return " · ".join((which_hand(words, figures.hand), period(words, figures), made, pages))


def summary(words: Language, figures: Figures) -> tuple[tuple[str, str], ...]:
    """The few figures that stand large at the top: a figure and what it is."""
    overall = figures.overall
    days = sum(1 for day in figures.days if day.plays)
    last = figures.levels[-1].rate if figures.levels else None
    return (
        (words.number(figures.counted), words.tr("counted grips")),
        (number(words, figures.minutes), words.tr("minutes of play")),
        (f"{days}", words.plural("day with play", "days with play", days)),
        (
            percent(words, overall.share),
            words.tr("of {asked} targets hit", asked=overall.asked),
        ),
        (number(words, last, 2), words.tr("targets/s, last level")),
    )


def plan_line(words: Language, figures: Figures) -> str:
    """What is prescribed, in one line."""
    if figures.plan is None:
        return words.tr(
            "Nothing is prescribed; defaults of 5 days a week and 25 minutes a day apply."
        )
    return words.tr(
        "Plan (version {version}, {author}): {plan}",
        version=figures.plan.version,
        author=cut(figures.plan.author, MOST_LETTERS_OF_A_NAME),
        plan=plan_in_words(words, figures.plan),
    )
