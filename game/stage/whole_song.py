"""A song from its beginning to its result, the rest of it slower if that is wanted."""

from collections.abc import Sequence
from dataclasses import replace

from game.music.library import Entry
from game.play.outcome import PlayOutcome
from game.play.practice import as_dense, one_pass, phrase_at, rest_from
from game.play.setup import PlayOptions, PreparedPlay
from game.records.plays import PlaySummary
from game.stage.course import SLOWER, Loaded, Manner, Plays, why_not_slower
from game.stage.evening import Evening, today
from game.stage.results import practice_view, result_view

_AS_EVER = Manner()

#: Ways of practising that are no play of the song, and so no record of it.
_NOT_SCORED = ("mirror", "assisted", "mental")

#: The rest of a song slowed down by the player moves no difficulty and is no record.
_SLOWED = Manner("practice")


class WholeSong:
    """``entry`` played once, as ``options`` say (None: as the settings do)."""

    def __init__(
        self,
        plays: Plays,
        evening: Evening,
        entry: Entry,
        options: PlayOptions | None = None,
        manner: Manner = _AS_EVER,
    ) -> None:
        self.manner = self._first_manner = manner
        self._plays = plays
        self._evening = evening
        self._entry = entry
        options = options or evening.services.desk.options()
        if not manner.scored:
            options = replace(options, conditions=replace(options.conditions, adapts=False))
        self._options = options
        self._parts: list[PlayOutcome] = []
        # Taken before the first part of this is among them.
        self._earlier: Sequence[PlaySummary] = evening.plays()

    def start(self) -> None:
        """From the beginning."""
        self._plays.load(
            self._entry,
            self._options,
            lambda ready: self._plays.begin(ready, self),
            counts=not self.manner.imagined,
        )

    def again(self, outcome: PlayOutcome | None) -> None:
        """From the beginning, and as it was before anything was slowed down."""
        manner = self._first_manner
        WholeSong(self._plays, self._evening, self._entry, self._options, manner).start()

    def why_not_slower(self, prepared: PreparedPlay) -> str:
        """A recording has one tempo, and there is a slowest."""
        return why_not_slower(prepared)

    def slower(self, prepared: PreparedPlay, song_us: int, outcome: PlayOutcome | None) -> None:
        """The rest from the phrase it stands in, counted in; the notes are as dense as before."""
        self._keep(outcome)
        self.manner = _SLOWED if self._first_manner.scored else self._first_manner
        phrase = phrase_at(prepared.chart, song_us)
        state = prepared.plan.state
        rate = (prepared.rate if state is None else state.rate) / prepared.tempo

        def begin(ready: Loaded) -> None:
            slow = as_dense(ready.prepared, rate)
            rest = one_pass(slow, rest_from(slow, phrase))
            self._plays.begin(replace(ready, prepared=rest), self)

        tempo = round(prepared.tempo * SLOWER, 3)
        self._plays.load(self._entry, replace(self._options, tempo=tempo), begin)

    def over(self, outcome: PlayOutcome | None, *, interrupted: bool) -> None:
        """Shows what all parts came to."""
        self._keep(outcome)
        parts = self._parts
        if not parts:
            self._plays.tell(None)
        elif self.manner.mode in _NOT_SCORED:
            self._plays.tell(practice_view(parts, 0 if interrupted else 1))
        else:
            self._plays.tell(result_view(parts, self._earlier, today()))

    def _keep(self, outcome: PlayOutcome | None) -> None:
        if outcome is not None:
            self._parts.append(outcome)
