"""What a play is a part of: a whole song, or the passes of a passage that is practised.

The play's own way (:mod:`game.stage.play_flow`) is the same for all of them; a course says how the
play is played and what comes after it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from game.core.say import mark
from game.music.library import Entry
from game.music.sound import Stems
from game.play.outcome import PlayOutcome
from game.play.setup import PlayOptions, PreparedPlay
from game.stage.early_count import EarlyCount
from game.stage.screens import ResultView
from game.stage.sounds import PlaySounds
from game.stage.task import Slow

#: A song is slowed down by this factor at a time, and not below this tempo.
SLOWER, SLOWEST = 0.9, 0.5


@dataclass(frozen=True)
class Manner:
    """How a play is played. ``mode`` is kept with it; with ``wait`` the song waits for the pinch,
    with ``any_finger`` every pinch counts as the one that is asked. ``scored`` is False where the
    difficulty stays exactly as it is. ``hand`` plays, if not the one that trains; where it is
    ``imagined`` nobody plays: the drawn hand does."""

    mode: str = "play"
    wait: bool = False
    any_finger: bool = False
    scored: bool = True
    hand: str = ""
    imagined: bool = False


@dataclass(frozen=True)
class Loaded:
    """A song read, arranged and rendered for one kind of input: ready to begin, any number of
    times if the play is made anew each time. ``counted`` is the count that is heard already."""

    prepared: PreparedPlay
    stems: Stems
    sounds: PlaySounds
    input_kind: str
    counted: EarlyCount | None = None


class Course(Protocol):
    """What a play is a part of. Every method is called when the play has ended and is kept."""

    manner: Manner

    def again(self, outcome: PlayOutcome | None) -> None:
        """Once more from its beginning; ``outcome`` is what it came to, as in the others."""

    def why_not_slower(self, prepared: PreparedPlay) -> str:
        """The message that says why :meth:`slower` cannot be, while the play still runs; else
        nothing."""

    def slower(self, prepared: PreparedPlay, song_us: int, outcome: PlayOutcome | None) -> None:
        """Slower from where ``prepared`` was left at ``song_us``; ``outcome`` is what it came to,
        None if nothing happened in it."""

    def over(self, outcome: PlayOutcome | None, *, interrupted: bool) -> None:
        """It has ended by itself, or was ended; ``outcome`` is None if nothing happened in it."""


class Plays(Protocol):
    """What a course needs of the plays of an evening."""

    def load(
        self,
        entry: Entry,
        asked: PlayOptions,
        then: Callable[[Loaded], None],
        *,
        counts: bool = False,
    ) -> None:
        """Read, arrange and render ``entry``; then goes on with ``then``.

        With ``counts`` it is played from its beginning, once, and may be counted meanwhile."""

    def begin(self, ready: Loaded, course: Course) -> None:
        """Begin what is ``ready`` as a part of ``course``."""

    def wait(
        self,
        title: str,
        work: Slow,
        then: Callable[[Any], None],
        words: Callable[[], str],
        part: tuple[float, float],
    ) -> None:
        """Show how far ``work`` is, then go on with ``then`` and its answer."""

    def tell(self, view: ResultView | None) -> None:
        """The course has ended: show what it came to. None: nothing that could be told."""


def why_not_slower(prepared: PreparedPlay) -> str:
    """The message that says why ``prepared`` cannot be slowed down further; empty if it can."""
    if prepared.song.recorded is not None:
        return mark("A recording keeps its tempo.")
    if prepared.tempo * SLOWER < SLOWEST:
        return mark("It is as slow as it can be.")
    return ""
