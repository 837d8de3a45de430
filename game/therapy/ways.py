"""Other ways of practising: what each asks of the hand, what it logs, and what it never touches.

- *play*: the song, scored, and what the difficulty learns from;
- *practice*: a part of it again and again, by the hand in therapy;
- *mirror*: the other hand plays and the screen shows the affected hand doing it;
- *mental*: the song plays, the drawn hand moves, the patient imagines; nothing is pressed;
- *assisted*: the other hand, or a person, helps; scored apart.

Only *play* ever moves the difficulty. The others are kept as what they are, so that nobody reads a
helped or an imagined song as the hand's own (``docs/therapy.md``).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from game.core.say import mark
from game.therapy.conditions import Conditions
from game.therapy.prescription import Mode
from game.therapy.totals import Flag


class Moves(StrEnum):
    """Which hand makes the pinches."""

    OWN = "own"
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True)
class Way:
    """One way of practising.

    ``moves`` says which hand pinches, and so which hand a play is kept for; the hand that is drawn
    is always the one in therapy. ``scored``: hits are shown and count on boards and in reports of
    the hand. ``loads``: minutes and presses count towards dose and caps of the hand in therapy.
    """

    mode: Mode
    title: str
    how: str
    moves: Moves
    scored: bool
    loads: bool

    @property
    def adapts(self) -> bool:
        """Whether the difficulty learns from it."""
        return self.mode is Mode.PLAY


WAYS: dict[Mode, Way] = {
    way.mode: way
    for way in (
        Way(
            Mode.PLAY,
            mark("Play"),
            mark("The hand in therapy plays the song."),
            Moves.OWN,
            scored=True,
            loads=True,
        ),
        Way(
            Mode.PRACTICE,
            mark("Practice"),
            mark("A part of a song, again and again."),
            Moves.OWN,
            scored=False,
            loads=True,
        ),
        Way(
            Mode.MIRROR,
            mark("Mirror"),
            mark("The other hand plays. Watch the drawn hand do it."),
            Moves.OTHER,
            scored=False,
            loads=False,
        ),
        Way(
            Mode.MENTAL,
            mark("In the mind"),
            mark("Listen, watch the hand, and feel it move."),
            Moves.NONE,
            scored=False,
            loads=False,
        ),
        Way(
            Mode.ASSISTED,
            mark("With help"),
            mark("The other hand helps where it is needed."),
            Moves.OWN,
            scored=False,
            loads=True,
        ),
    )
}


def hand_of(mode: Mode, in_therapy: str) -> str:
    """The hand that pinches, for which the play is kept: the other one in the mirror.

    Raises ValueError if ``in_therapy`` is neither left nor right.
    """
    if in_therapy not in ("left", "right"):
        raise ValueError(f"a hand is “left” or “right”, not “{in_therapy}”")
    if WAYS[mode].moves is Moves.OTHER:
        return "left" if in_therapy == "right" else "right"
    return in_therapy


def conditions(mode: Mode, of_session: Conditions) -> Conditions:
    """The conditions of a song played in this way within a session.

    All but *play* keep one rate, the patient's own, and leave the difficulty exactly as it was.
    """
    if WAYS[mode].adapts:
        return of_session
    flags = of_session.flags | ({Flag.ASSISTED} if mode is Mode.ASSISTED else set())
    return replace(of_session, flags=frozenset(flags), adapts=False)


@dataclass(frozen=True)
class Logged:
    """What is kept of a song, or of some minutes, practised in one way.

    ``hand`` moved (None: nobody's did). ``repetitions`` are its presses of any kind. ``load_us``
    and ``load_repetitions`` are what counts towards the dose and the caps of the hand in therapy
    (:func:`game.therapy.session.played`).
    """

    mode: Mode
    hand: str | None
    us: int
    repetitions: int
    load_us: int
    load_repetitions: int


def logged(mode: Mode, in_therapy: str, us: int, repetitions: int) -> Logged:
    """What ``us`` of play with so many presses is kept as.

    Presses during mental practice are a hand that rests on the table: they are no repetitions.
    Raises ValueError for less than nothing.
    """
    if us < 0 or repetitions < 0:
        raise ValueError("practice takes no negative time and no negative presses")
    way = WAYS[mode]
    made = 0 if way.moves is Moves.NONE else repetitions
    return Logged(
        mode=mode,
        hand=None if way.moves is Moves.NONE else hand_of(mode, in_therapy),
        us=us,
        repetitions=made,
        load_us=us if way.loads else 0,
        load_repetitions=made if way.loads else 0,
    )
