"""Reasons for a look, in words."""

from collections.abc import Callable

from game.clinic.plan_words import grip_word
from game.clinic.triage import Reason, Why
from game.words import Words


def reason_words(reason: Reason, words: Words) -> str:
    """One line for the therapist."""
    return _WORDS[reason.why](reason, words)


def _pain(reason: Reason, words: Words) -> str:
    if reason.values["sharp"]:
        return words.tr("Sharp pain this week, at worst {pain} of 10", **_just(reason, "pain"))
    return words.tr("Pain up to {pain} of 10 this week", **_just(reason, "pain"))


def _resting(reason: Reason, words: Words) -> str:
    grips = ", ".join(grip_word(g, words) for g in reason.values["grips"])
    return words.tr("A grip rests because it did not succeed: {grips}", grips=grips)


def _just(reason: Reason, name: str) -> dict[str, int]:
    return {name: reason.values[name]}


_WORDS: dict[Why, Callable[[Reason, Words], str]] = {
    Why.NEW_SIGNS: lambda r, w: w.tr(
        "New numbness, swelling or a wound on {day}", day=r.values["day"].isoformat()
    ),
    Why.PAIN: _pain,
    Why.SORE: lambda r, w: w.tr("Sore for {hours} hours after playing", hours=r.values["hours"]),
    Why.FALLING: lambda r, w: w.tr(
        "The level fell by {percent}% over the last plays", percent=r.values["percent"]
    ),
    Why.RESTING: _resting,
    Why.MISSED: lambda r, w: w.tr(
        "Came on {kept} of {planned} planned days in two weeks",
        kept=r.values["kept"],
        planned=r.values["planned"],
    ),
    Why.AWAY: lambda r, w: w.plural(
        "Has not played for {n} day", "Has not played for {n} days", r.values["days"]
    ),
    Why.GLOVE: lambda r, w: w.plural(
        "The glove was at fault in {n} play this week",
        "The glove was at fault in {n} plays this week",
        r.values["plays"],
    ),
    Why.TWO_PLANS: lambda r, w: w.tr("Two people changed the plan at once: see which one holds"),
    Why.REVIEW: lambda r, w: w.tr(
        "The plan was to be looked at again on {day}", day=r.values["day"].isoformat()
    ),
    Why.NO_PLAN: lambda r, w: w.tr("Nothing is prescribed yet"),
}
