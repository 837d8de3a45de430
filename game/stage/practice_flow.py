"""Practising a song: a passage again and again until the person leaves.

Every pass is a play of its own and kept as practice: its pinches count, its score is no record and
it moves no difficulty.
"""

from dataclasses import replace

from game.core.say import mark
from game.music.library import Entry
from game.play.outcome import PlayOutcome
from game.play.practice import (
    Passage,
    Practice,
    as_dense,
    earns_more_speed,
    one_pass,
    passages,
)
from game.play.setup import PreparedPlay
from game.stage.course import Loaded, Manner, Plays, why_not_slower
from game.stage.evening import Evening
from game.stage.play_flow import PlayFlow
from game.stage.results import practice_view
from game.stage.rooms.message import MessageRoom
from game.stage.rooms.practice import BetweenRoom, PracticeRoom
from game.stage.screens import BetweenView, MessageKey, MessageView
from game.words import tr

#: How a play of practice is kept.
MODE = "practice"


class Practising:
    """Practice of ``entry``. ``prepared`` is a play of it as it would be played now: it tells the
    passages, and how dense the notes are."""

    def __init__(
        self,
        plays: Plays,
        evening: Evening,
        entry: Entry,
        prepared: PreparedPlay,
        how: Practice | None = None,
    ) -> None:
        self._plays = plays
        self._evening = evening
        self._entry = entry
        self._recorded = prepared.song.recorded is not None
        self._parts = _passages(prepared)
        state = prepared.plan.state
        self._rate = (prepared.rate if state is None else state.rate) / prepared.tempo
        self._how = how or Practice()
        if self._recorded:
            self._how = replace(self._how, speed=1.0)
        if len(self._parts) < 2:
            self._how = replace(self._how, part=None)
        self.manner = Manner(MODE)
        self._ready: Loaded | None = None
        self._outcomes: list[PlayOutcome] = []
        self._passes = 0
        self._no_faster_than: set[float] = set()

    def set_up(self) -> None:
        """Choose what to practise, and how."""
        self._evening.go(
            PracticeRoom(
                self._entry.title,
                self._parts,
                self._how,
                self._start,
                self._finish,
                recorded=self._recorded,
            )
        )

    def keep(self, outcome: PlayOutcome | None) -> None:
        """``outcome`` belongs to what is told at the end."""
        if outcome is not None:
            self._outcomes.append(outcome)

    # ------------------------------------------------------------------ as a course

    def again(self, outcome: PlayOutcome | None) -> None:
        """The passage from its beginning."""
        self.keep(outcome)
        self._pass()

    def why_not_slower(self, prepared: PreparedPlay) -> str:
        """A recording has one tempo, and there is a slowest speed."""
        fixed = why_not_slower(prepared)
        return fixed or ("" if self._how.slower() else mark("It is as slow as it can be."))

    def slower(self, prepared: PreparedPlay, song_us: int, outcome: PlayOutcome | None) -> None:
        """The passage from its beginning, one step slower."""
        self.keep(outcome)
        self._start(self._how.slower() or self._how)

    def over(self, outcome: PlayOutcome | None, *, interrupted: bool) -> None:
        """After a whole pass a short word, else what it all came to."""
        self.keep(outcome)
        if interrupted or outcome is None:
            self._finish()
            return
        self._passes += 1
        self._between(outcome)

    # ------------------------------------------------------------------ pass after pass

    def _start(self, how: Practice) -> None:
        """Begin as ``how`` says; the music is rendered at that speed first."""
        self._how = how
        self.manner = Manner(MODE, how.wait, how.any_finger)
        evening = self._evening
        options = evening.one_song or evening.services.desk.options()
        self._plays.load(self._entry, replace(options, tempo=how.speed), self._loaded)

    def _loaded(self, ready: Loaded) -> None:
        self._ready = replace(ready, prepared=as_dense(ready.prepared, self._rate))
        self._pass()

    def _pass(self) -> None:
        ready, part = self._ready, self._how.part
        if ready is None:
            return
        found = _passages(ready.prepared)
        passage = None if part is None else found[min(part, len(found) - 1)]
        self._plays.begin(replace(ready, prepared=one_pass(ready.prepared, passage)), self)

    def _between(self, outcome: PlayOutcome) -> None:
        how, hit = self._how, outcome.judgements.targets["hit"]
        faster = None if self._recorded else how.faster()
        if how.speed in self._no_faster_than or not earns_more_speed(len(hit), int(hit.sum())):
            faster = None

        def again() -> None:
            # Asked once: whoever wants to stay at this speed is not asked after every pass.
            if faster is not None:
                self._no_faster_than.add(how.speed)
            self._pass()

        view = BetweenView(
            pinches=sum(int(one.totals.counted.sum()) for one in self._outcomes),
            passes=self._passes,
            faster=None if faster is None else faster.speed,
            # Where nobody pinched nobody may be there: it waits.
            goes_on=faster is None and bool(len(outcome.edges)),
        )
        deeds = {"again": again, "change": self.set_up, "end": self._finish}
        if faster is not None:
            deeds["faster"] = lambda: self._start(faster)
        self._evening.go(BetweenRoom(self._evening, view, deeds))

    def _finish(self) -> None:
        outcomes = self._outcomes
        self._plays.tell(practice_view(outcomes, self._passes) if outcomes else None)


def practise(evening: Evening, flow: PlayFlow, what: str) -> None:
    """Go and practise: the song whose key is ``what``, the one that is played or practised now, or
    the one that would be played next."""
    if not evening.services.desk.allows(evening.who, MODE):
        flow.close(interrupted=True)
        flow.course = None
        evening.go(MessageRoom(_not_in_the_plan()))
        return
    live, course, entry = flow.live, flow.course, evening.entry
    if live is not None and entry is not None:
        prepared, song_us = live.prepared, live.song_us
        outcome = flow.close(interrupted=True)
        if not isinstance(course, Practising):
            part = _part_at(_passages(prepared), song_us)
            course = Practising(flow, evening, entry, prepared, Practice(part))
        else:
            course.keep(outcome)
        course.set_up()
        return
    entry = evening.services.desk.library.find(what) if what else entry or evening.suggested()
    evening.entry = entry
    chosen = entry

    def begin(prepared: PreparedPlay) -> None:
        Practising(flow, evening, chosen, prepared).set_up()

    making = evening.make_ready(entry)
    flow.wait(entry.title, making.play, begin, lambda: mark("Reading the song"), (0.0, 1.0))


def _not_in_the_plan() -> MessageView:
    return MessageView(
        title=tr("Practice is not in your plan"),
        sentence=tr("Your therapist decides what is in it."),
        to_do=tr("You can play any song."),
        keys=(MessageKey("songs", tr("Songs"), "note"),),
    )


def _passages(prepared: PreparedPlay) -> tuple[Passage, ...]:
    song, tempo = prepared.song, prepared.tempo
    return passages(prepared.chart, [(round(at / tempo), name) for at, name in song.sections])


def _part_at(parts: tuple[Passage, ...], song_us: int) -> int:
    return max([i for i, part in enumerate(parts) if part.start_us <= song_us], default=0)
