"""The six-line note of a session, for the therapist's own records: on the screen at the end, and
printed by ``griptune note``.

Figures only, nothing is judged and nothing is promised. Each line is a :class:`~game.core.say.Say`:
an English sentence that the stage can put into the language in use.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from game.core.grips import GRIPS, Grip
from game.core.say import Say, mark
from game.core.statistics import wilson
from game.therapy.check_in import CheckIn
from game.therapy.feedback import ENOUGH_TARGETS
from game.therapy.session_state import Session, Who, Why

MINUTE_US = 60_000_000


class GripOfPlay(Protocol):
    """One grip of a play (``game.records.plays.GripFigures`` is one)."""

    @property
    def presented(self) -> int:
        """Targets asked."""

    @property
    def hits(self) -> int:
        """Targets hit."""

    @property
    def counted(self) -> int:
        """Hits and near presses."""

    @property
    def repetitions(self) -> int:
        """Presses of any kind."""


class PlayOfNote(Protocol):
    """A play as the note needs it (``game.records.plays.PlaySummary`` is one)."""

    @property
    def mode(self) -> str:
        """``play``, ``warm-up``, ``practice``, ``assisted``, ``mirror``, ``mental`` …"""

    @property
    def grips(self) -> Sequence[GripOfPlay]:
        """Five, in code order."""

    @property
    def duration_us(self) -> int:
        """Song time played."""

    @property
    def asynchrony_median_ms(self) -> float | None:
        """Median of the hits, negative early."""

    @property
    def asynchrony_sd_ms(self) -> float | None:
        """Spread of the hits."""

    @property
    def level(self) -> float | None:
        """Median of x over the second half, octaves."""

    @property
    def x_after(self) -> float | None:
        """X at the end, octaves."""

    @property
    def hand(self) -> str:
        """Left or right."""


#: How the note says why a session ended, or what the therapist should know.
WHY: dict[Why, str] = {
    Why.DOSE: mark("the plan of the day was done"),
    Why.CAP: mark("the cap of the day was reached"),
    Why.PAIN: mark("pain"),
    Why.NEW_SIGNS: mark("new signs"),
    Why.SHARP_PAIN: mark("sharp pain"),
    Why.TIRED: mark("tired"),
    Why.WISH: mark("the patient's wish"),
    Why.INTERRUPTED: mark("interrupted"),
    Why.SORE: mark("sore for more than a day"),
    Why.SKIN: mark("the skin under the glove"),
    Why.EMERGENCY: mark("signs of an emergency"),
}

#: Ways of practising that are not the scored song, as the note says them.
WAY_NAMES: dict[str, str] = {
    "warm-up": mark("warm-up"),
    "practice": mark("practice"),
    "assisted": mark("assisted"),
    "mirror": mark("mirror"),
    "mental": mark("mental practice"),
}

#: The grips within a sentence.
GRIP_NAMES: dict[Grip, str] = {
    Grip.INDEX: mark("index"),
    Grip.MIDDLE: mark("middle"),
    Grip.RING: mark("ring"),
    Grip.LITTLE: mark("little"),
    Grip.KEY: mark("key"),
}

#: The hands.
HAND_NAMES: dict[str, str] = {
    "left": mark("left hand"),
    "right": mark("right hand"),
    "": mark("no hand"),
}


def session_note(
    *,
    day: date,
    plays: Sequence[PlayOfNote],
    session: Session | None = None,
    resting: Sequence[Grip] = (),
    sets_done: int = 0,
    sets_planned: int = 0,
) -> tuple[Say, Say, Say, Say, Say, Say]:
    """The six lines: when and how much, pinches, hits, pace, how it felt, what to look at.

    ``plays`` are those of one sitting and hand in the order they were played; ``session`` is None
    where they were played without one. ``resting`` are the grips that rest now, ``sets_*`` those of
    the tasks off the screen. Only scored songs count in the lines on hits and pace.
    """
    scored = [play for play in plays if play.mode == "play"]
    return (
        _how_much(day, plays, session),
        _pinches(plays),
        _hits(scored),
        _pace(scored),
        _felt(session),
        _look_at(session, scored, resting, sets_done, sets_planned),
    )


def _how_much(day: date, plays: Sequence[PlayOfNote], session: Session | None) -> Say:
    about = {
        "day": day.isoformat(),
        "minutes": round(sum(play.duration_us for play in plays) / MINUTE_US),
        "songs": len(plays),
        "hand": Say(HAND_NAMES[plays[0].hand if plays else ""]),
    }
    if session is None:
        return Say("{day}: {minutes} min, songs: {songs}, {hand}.", **about)
    about["planned"] = round(session.caps.dose_us / MINUTE_US)
    about["blocks"] = session.blocks
    if session.who is Who.THERAPIST:
        return Say(
            "{day}: {minutes} of {planned} min, songs: {songs}, blocks: {blocks}, {hand}, "
            "therapist present.",
            **about,
        )
    return Say(
        "{day}: {minutes} of {planned} min, songs: {songs}, blocks: {blocks}, {hand}.", **about
    )


def _pinches(plays: Sequence[PlayOfNote]) -> Say:
    counted = sum(grip.counted for play in plays for grip in play.grips)
    every = sum(grip.repetitions for play in plays for grip in play.grips)
    other: dict[str, int] = {}
    for play in plays:
        if play.mode in WAY_NAMES:
            other[play.mode] = other.get(play.mode, 0) + play.duration_us
    if not other:
        return Say("Pinches: {counted} counted, {every} in all.", counted=counted, every=every)
    ways = [
        Say("{way} {minutes} min", way=Say(WAY_NAMES[mode]), minutes=max(1, round(us / MINUTE_US)))
        for mode, us in other.items()
    ]
    return Say(
        "Pinches: {counted} counted, {every} in all. Not scored: {ways}.",
        counted=counted,
        every=every,
        ways=_listed(ways),
    )


def _listed(things: Sequence[Say]) -> Say:
    """One after the other, each still to be translated."""
    first, *rest = things
    return Say("{first}, {rest}", first=first, rest=_listed(rest)) if rest else first


def _hits(scored: Sequence[PlayOfNote]) -> Say:
    asked = sum(grip.presented for play in scored for grip in play.grips)
    hits = sum(grip.hits for play in scored for grip in play.grips)
    if not asked:
        return Say("Hits: no scored song.")
    low, high = wilson(hits, asked)
    weights = [(p.asynchrony_median_ms, sum(g.hits for g in p.grips)) for p in scored]
    timed = [(median, n) for median, n in weights if median is not None and n]
    spreads = [play.asynchrony_sd_ms for play in scored if play.asynchrony_sd_ms is not None]
    if not timed or not spreads:
        return Say(
            "Hits: {hits} of {asked} ({share} %, {low} to {high} %).",
            hits=hits,
            asked=asked,
            share=round(100 * hits / asked),
            low=round(100 * float(low)),
            high=round(100 * float(high)),
        )
    return Say(
        "Hits: {hits} of {asked} ({share} %, {low} to {high} %); timing {median} ms, "
        "spread {spread} ms.",
        hits=hits,
        asked=asked,
        share=round(100 * hits / asked),
        low=round(100 * float(low)),
        high=round(100 * float(high)),
        median=f"{sum(median * n for median, n in timed) / sum(n for _, n in timed):+.0f}",
        spread=f"{sorted(spreads)[len(spreads) // 2]:.0f}",
    )


def _pace(scored: Sequence[PlayOfNote]) -> Say:
    after = [play.x_after for play in scored if play.x_after is not None]
    levels = [play.level for play in scored if play.level is not None]
    if not after:
        return Say("Pace: not adapted.")
    first, last = (levels[0] if levels else after[0]), after[-1]
    return Say(
        "Pace: {first} targets/s in the first song, {last} at the end.",
        first=f"{2.0**first:.2f}",
        last=f"{2.0**last:.2f}",
    )


def _felt(session: Session | None) -> Say:
    if session is None:
        return Say("Pain and fatigue: not asked.")
    latest = session.after or (session.checks[-1] if session.checks else None)
    if session.before is None and latest is None:
        return Say("Pain and fatigue: not asked.")
    return Say(
        "Pain {pain_before} before, {pain_after} after; fatigue {fatigue_before} before, "
        "{fatigue_after} after.",
        pain_before=_shown(session.before, "pain"),
        pain_after=_shown(latest, "pain"),
        fatigue_before=_shown(session.before, "fatigue"),
        fatigue_after=_shown(latest, "fatigue"),
    )


def _shown(given: CheckIn | None, name: str) -> str:
    return "–" if given is None else str(getattr(given, name))


def _look_at(
    session: Session | None,
    scored: Sequence[PlayOfNote],
    resting: Sequence[Grip],
    sets_done: int,
    sets_planned: int,
) -> Say:
    """Why it ended and what was flagged, the weakest grip, tasks: whatever there is."""
    found: list[Say] = []
    if session is not None and session.ended is not None:
        found.append(Say("ended: {why}", why=Say(WHY[session.ended])))
    if session is not None:
        flags = [why for why in session.flags if why is not session.ended]  # not said twice
        found += [Say("flag: {why}", why=Say(WHY[why])) for why in flags]
    weakest = _weakest(scored)
    if weakest is not None:
        grip, hits, asked = weakest
        found.append(
            Say("{grip} {hits} of {asked}", grip=Say(GRIP_NAMES[grip]), hits=hits, asked=asked)
        )
    found += [Say("{grip} rests", grip=Say(GRIP_NAMES[grip])) for grip in resting]
    if sets_planned:
        found.append(Say("tasks: {done} of {sets} sets", done=sets_done, sets=sets_planned))
    if not found:
        return Say("Look at: nothing in particular.")
    return Say("Look at: {things}.", things=_listed(found))


def _weakest(scored: Sequence[PlayOfNote]) -> tuple[Grip, int, int] | None:
    """The grip that lies behind the others for certain; none on fewer than 20 targets."""
    sums = {
        grip: (
            sum(play.grips[grip].hits for play in scored),
            sum(play.grips[grip].presented for play in scored),
        )
        for grip in GRIPS
    }
    enough = {grip: (h, n) for grip, (h, n) in sums.items() if n >= ENOUGH_TARGETS}
    if len(enough) < 2:
        return None
    grip = min(enough, key=lambda g: enough[g][0] / enough[g][1])
    hits, asked = enough[grip]
    others = [value for other, value in enough.items() if other is not grip]
    _, highest = wilson(hits, asked)
    if float(highest) >= sum(h for h, _ in others) / sum(n for _, n in others):
        return None
    return grip, hits, asked
