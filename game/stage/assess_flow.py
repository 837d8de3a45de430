"""A test that is in the plan: conducted like a play, kept as what it is, and never adapted."""

from game.core.say import mark
from game.play.assessing import TITLES, mode_of, prepare_test, result_of
from game.play.outcome import PlayOutcome
from game.play.setup import PreparedPlay
from game.records.said_and_done import Assessed
from game.stage.course import Loaded, Manner
from game.stage.evening import Evening
from game.stage.play_flow import PlayFlow
from game.stage.rooms.message import MessageRoom
from game.stage.screens.message import MessageKey, MessageView
from game.stage.sounds import PlaySounds
from game.stage.task import Task, Together
from game.therapy.assessment import AssessmentKind
from game.words import tr

_MAKING = mark("Preparing the test")

_HOW = {
    AssessmentKind.SPEED: mark("One grip after the other, faster and faster."),
    AssessmentKind.DEXTERITY: mark("Every grip in turn, faster and faster."),
    AssessmentKind.TAPPING: mark("Thumb to index, as fast as you can, 15 seconds."),
    AssessmentKind.PACED_TAPPING: mark("Tap thumb and index with the clicks."),
}


class Assessing:
    """One test of ``kind``, from its beginning to its result."""

    def __init__(self, plays: PlayFlow, evening: Evening, kind: AssessmentKind) -> None:
        self.manner = Manner(mode_of(kind), scored=False)
        self._plays = plays
        self._evening = evening
        self._kind = kind
        self._prepared: PreparedPlay | None = None

    def start(self) -> None:
        """Make it ready, and begin."""
        evening, plays = self._evening, self._plays
        if not plays.may_play():
            return
        services = evening.services
        options = services.desk.options()
        player = services.desk.player(evening.who)
        prepared = prepare_test(self._kind, player, options.look_ahead_us)
        self._prepared = prepared
        sounds = Task(lambda report: PlaySounds.of(prepared.song, prepared.chart))
        work = Together(services.renderer.request(prepared.song, 1.0), sounds, evening.draw_ahead())
        kind = evening.inputs.kind
        plays.wait(
            tr(TITLES[self._kind]),
            work,
            lambda made: plays.begin(Loaded(prepared, made[0], made[1], kind), self),
            lambda: _MAKING,
            (0.0, 1.0),
        )

    def again(self, outcome: PlayOutcome | None) -> None:
        """Once more from its beginning; what was begun is kept, but is no result."""
        Assessing(self._plays, self._evening, self._kind).start()

    def why_not_slower(self, prepared: PreparedPlay) -> str:
        """It is the same for everybody."""
        return mark("A test keeps its pace.")

    def slower(self, prepared: PreparedPlay, song_us: int, outcome: PlayOutcome | None) -> None:
        """It cannot be."""

    def over(self, outcome: PlayOutcome | None, *, interrupted: bool) -> None:
        """A test that went to its end is a result; the therapist sees it."""
        evening, prepared = self._evening, self._prepared
        self._plays.course = None
        if outcome is None or interrupted or prepared is None:
            evening.go(MessageRoom(tested_view(self._kind, whole=False)))
            return
        result = result_of(self._kind, prepared.performance)
        sitting = evening.sitting
        value = result.main.value
        found = Assessed(
            kind=self._kind.value,
            hand=outcome.hand,
            input_kind=outcome.input_kind,
            document=result.document(),
            result=None if value is None else float(value),
            play_id=self._plays.last_play_id,
            session_id=None if sitting is None else sitting.id or None,
        )
        evening.services.desk.sessions.assessed(evening.who, found)
        evening.go(MessageRoom(tested_view(self._kind, whole=True)))


def intro_view(kind: AssessmentKind) -> MessageView:
    """What the test asks, before it begins."""
    keys = (
        MessageKey(f"test:{kind.value}", tr("Start"), "play"),
        MessageKey("today", tr("Not now"), "back"),
    )
    sentence = tr("It is the same for everyone, and nothing depends on it.")
    return MessageView(tr(TITLES[kind]), tr(_HOW[kind]), sentence, "step", keys)


def tested_view(kind: AssessmentKind, *, whole: bool) -> MessageView:
    """After a test: it is done, or it was left. No verdict: one result says nothing yet."""
    sentence = tr("Your therapist sees the result.") if whole else tr("It was not finished.")
    keys = (
        MessageKey("tests", tr("Tests"), "step"),
        MessageKey("today", tr("Today"), "check"),
    )
    return MessageView(tr(TITLES[kind]), sentence, "", "check" if whole else "again", keys)
