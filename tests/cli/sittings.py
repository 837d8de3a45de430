"""A whole sitting on a manual clock: the rules decide, and real songs are played in between.

Everything is real but the patient: the library's songs are arranged, a virtual glove sends its
bytes, the conductor judges, the records keep play by play and stage by stage. After every step the
session is taken up again from what was kept of it, as after a crash.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from game.cli.gloves import open_glove
from game.cli.keeping import Keeper, play_options
from game.cli.settings import Settings
from game.play.clock import Delays, HostSongClock, ManualClock
from game.play.outcome import PlayOutcome, play_document
from game.play.setup import outcome_of
from game.records.said_and_done import Activity, CheckInKept
from game.therapy import exercises
from game.therapy import session as rules
from game.therapy.check_in import CheckIn
from game.therapy.prescription import Mode
from game.therapy.session import Session, Stage, Who, read_session
from game.therapy.ways import conditions, hand_of, logged

STEP_US = 50_000
SONGS = ("ode-to-joy", "greensleeves", "amazing-grace")


@dataclass
class Played:
    """A play of a sitting."""

    stage: Stage
    outcome: PlayOutcome
    play_id: str
    us: int
    presses: int
    before: dict | None
    after: dict | None

    @property
    def document(self) -> dict:
        return play_document(self.outcome, self.play_id)


@dataclass
class Sitting:
    """One patient at one station; ``answers`` are given in turn, the last one for ever."""

    keeper: Keeper
    code: str
    answers: Iterable[CheckIn]
    severity: str = "moderate"
    seed: int = 3
    caps: rules.Caps | None = None
    faults: dict[int, str] = field(default_factory=dict)  # by the number of the play
    clock: ManualClock = field(default_factory=ManualClock)
    stages: list[Stage] = field(default_factory=list)
    announced: list[Stage | None] = field(default_factory=list)
    plays: list[Played] = field(default_factory=list)
    session: Session | None = None
    kept_id: str = ""

    @property
    def store(self):
        return self.keeper.store

    def run(self, who: Who = Who.PATIENT) -> Session:
        """From sitting down to the end."""
        given = iter(self._answers())
        self._keep(rules.begin(who, self.caps))
        assert self.session is not None
        while self.session.stage not in (Stage.OVER, Stage.NO_PLAY):
            stage = self.session.stage
            if not self.stages or self.stages[-1] is not stage:
                self.stages.append(stage)
            self.announced.append(rules.comes_next(self.session))
            self._keep(self._next(self.session, given))
        self._close()
        return self.session

    def _next(self, session: Session, given: Iterator[CheckIn]) -> Session:
        match session.stage:
            case Stage.CHECK_IN | Stage.ASK_AGAIN | Stage.CHECK | Stage.CHECK_OUT:
                return self._answer(session, next(given))
            case Stage.WARM_UP:
                self._exercise("warm-up", exercises.warm_up(2))
                return rules.warmed_up(session)
            case Stage.COOL_DOWN:
                self._exercise("cool-down", exercises.cool_down())
                return rules.cooled_down(session)
            case Stage.REST:
                self._wait(session.rest_us)
                return rules.rested(session, session.rest_us)
        played = self.play(SONGS[len(self.plays) % len(SONGS)], Mode.PLAY)
        return rules.played(session, played.us, played.presses)

    def play(self, song: str, mode: Mode) -> Played:
        """One song in one way, ended where the session's caps end it."""
        session = self.session
        assert session is not None
        number = len(self.plays)
        spec = f"virtual:patient?severity={self.severity}&seed={self.seed}"
        if number in self.faults:
            spec += f"&fault={self.faults[number]}"
        who = self.keeper.person(self.code)
        who = replace(who, hand=hand_of(mode, who.hand))
        options = replace(play_options(Settings()), conditions=conditions(mode, session.conditions))
        kept_as = "warm-up" if session.stage is Stage.EASY_SONG else mode.value
        with open_glove(spec, seed=number, play=number, clock=self.clock, lockstep=True) as glove:
            before = self._state(glove.kind)
            prepared = self.keeper.prepare(self.keeper.library.find(song), who, glove.kind, options)
            about = {"input_kind": glove.kind, "input_description": glove.description}
            conductor, recording = self.keeper.conduct(
                prepared,
                who,
                glove,
                HostSongClock(),
                **about,
                delays=Delays(),
                silent=True,
                mode=kept_as,
                silent_since=lambda: glove.silent_since_us,
            )
            self._wait(100_000)
            conductor.begin(self.clock(), -prepared.lead_us)
            performance = conductor.performance
            while not conductor.finished:
                presses = int(performance.edges["down"].sum())
                enough = presses >= session.left_repetitions > 0
                if performance.settled_us + STEP_US > session.left_us > 0 or enough:
                    conductor.stop()
                    break
                self._wait(STEP_US)
                conductor.step()
            outcome = outcome_of(prepared, conductor, **about)
            play_id = self.keeper.close_play(recording, outcome, who)
        assert self.keeper.writer.wait_until_written(30.0)
        moved = logged(mode, who.hand, outcome.duration_us, len(outcome.judgements.presses))
        played = Played(
            session.stage,
            outcome,
            play_id,
            moved.load_us,
            moved.load_repetitions,
            before,
            self._state("virtual"),
        )
        self.plays.append(played)
        return played

    def _state(self, kind: str) -> dict | None:
        return self.store.difficulty_state(self.code, self.store.patient(self.code).hand, kind)

    def _answers(self) -> Iterator[CheckIn]:
        last = None
        for last in self.answers:
            yield last
        while last is not None:
            yield last

    def _answer(self, session: Session, given: CheckIn) -> Session:
        whens = {Stage.CHECK: "between", Stage.CHECK_OUT: "after"}
        self.store.add_check_in(
            self.code,
            CheckInKept(
                when=whens.get(session.stage, "before"),
                pain=given.pain,
                fatigue=given.fatigue,
                sharp=given.sharp,
                new_signs=tuple(sign.value for sign in given.new_signs),
                session_id=self.kept_id,
            ),
        )
        self._wait(20_000_000)
        return rules.answer(session, given)

    def _exercise(self, kind: str, done: tuple[exercises.Exercise, ...]) -> None:
        for one in done:
            self._wait(one.duration_us)
            self.store.add_activity(
                self.code,
                Activity(kind=kind, name=one.name, seconds=one.seconds, session_id=self.kept_id),
            )

    def _wait(self, us: int) -> None:
        self.clock.advance_to(self.clock() + us)

    def _keep(self, session: Session) -> None:
        """Write it down, and go on with what was written."""
        if not self.kept_id:
            kept = self.store.open_session(
                self.code, hand="right", who=session.who.value, document=session.document()
            )
            self.kept_id = kept.id
        else:
            self.store.note_session(self.kept_id, session.document(), session.stage.value)
        kept = self.store.open_session_of(self.code)
        assert kept is not None
        self.session = read_session(kept.document)
        assert self.session == session

    def _close(self) -> None:
        session = self.session
        assert session is not None
        self.store.close_session(
            self.kept_id,
            document=session.document(),
            ended=session.ended.value if session.ended else "",
            flags=[why.value for why in session.flags],
            play_us=sum(played.us for played in self.plays),
            repetitions=sum(played.presses for played in self.plays),
            day_kept=rules.keeps_the_day(session),
        )
