"""An assessment as a play: the same conductor, judge and records as a song, and nothing adapted.

::

    prepared = prepare_test(AssessmentKind.SPEED, Player(code="ANNA", hand="left"))
    ...                                     # conduct it as any play, with mode=mode_of(kind)
    result = result_of(kind, prepared.performance)

What sounds is the test itself: a tone for every target, or a click for every beat.
"""

from pathlib import Path

import numpy as np

from game.core.data import TARGET
from game.core.grips import GRIPS
from game.core.say import mark
from game.music.chart import Chart
from game.music.song import CONTROL, NOTE, TEMPO, Song
from game.play.performance import Performance
from game.play.plan import WAITING, WAS_HIT, LoggedChange, Progress
from game.play.setup import LOOK_AHEAD_US, Player, PlayOptions, PreparedPlay
from game.therapy.assessment import (
    GIVE_UP_MISSES,
    TEST_WINDOW,
    AssessmentKind,
    Result,
    gives_up,
    ramp_result,
    seconds_of,
    tapping_result,
    targets_of,
)
from game.therapy.assessment.charts import LEAD_US, TAPPING_US

#: What a test is called.
TITLES: dict[AssessmentKind, str] = {
    AssessmentKind.SPEED: mark("Speed"),
    AssessmentKind.DEXTERITY: mark("Dexterity"),
    AssessmentKind.TAPPING: mark("Tapping"),
    AssessmentKind.PACED_TAPPING: mark("Tapping in time"),
}

#: The test goes on so long after the last target could be answered.
_AFTERWARDS_US = 1_000_000

#: A soft marimba for the targets.
_PROGRAM, _VELOCITY = 12, 96

_BEAT_US = 1_000_000


class AssessmentPlan:
    """Asks the targets of a test, whatever becomes of them, until it is over or given up.

    ``given_up`` says that eight misses in a row ended it.
    """

    def __init__(self, targets: np.ndarray, look_ahead_us: int, *, may_give_up: bool) -> None:
        self.look_ahead_us = look_ahead_us
        self.state = None
        self.changes: list[LoggedChange] = []
        self.given_up = False
        self._targets = targets
        self._may_give_up = may_give_up
        self._next = 0

    def next_instant_us(self) -> int | None:
        """When the next target comes into view."""
        if self._next == len(self._targets):
            return None
        return int(self._targets["time_us"][self._next]) - self.look_ahead_us

    def act(self, at_us: int, progress: Progress) -> np.ndarray:
        """Let the next target into view, or end the test."""
        if self._may_give_up and self._gives_up(progress):
            self._next = len(self._targets)
            self.given_up = True
            progress.end_at(at_us)
            return np.zeros(0, TARGET)
        self._next += 1
        return self._targets[self._next - 1 : self._next]

    def close(self, progress: Progress, played_us: int) -> None:
        """Nothing adapts; the last targets may still have ended it."""
        if self._may_give_up and self._gives_up(progress):
            self.given_up = True

    @staticmethod
    def _gives_up(progress: Progress) -> bool:
        known = progress.states[progress.states != WAITING]
        return gives_up([bool(state == WAS_HIT) for state in known[-GIVE_UP_MISSES:]])


def prepare_test(
    kind: AssessmentKind, player: Player, look_ahead_us: int = LOOK_AHEAD_US
) -> PreparedPlay:
    """The test, ready to be conducted, with the grips of the player's prescription.

    Always at ±200 ms and at tempo 1.0.
    """
    targets = targets_of(kind, player.limits.grips)
    end_us = round(seconds_of(kind, player.limits.grips) * 1e6) + _AFTERWARDS_US
    ramp = kind in (AssessmentKind.SPEED, AssessmentKind.DEXTERITY)
    plan = AssessmentPlan(targets, look_ahead_us, may_give_up=ramp)
    song = _song(kind, targets, end_us)
    chart = Chart(
        targets=targets,
        rates=(max(len(targets), 1) / (end_us / 1e6),),
        phrases=_phrases(targets, end_us),
        tempo=1.0,
        length_us=end_us,
        beats_us=song.beats_us,
        bars_us=song.bars_us,
    )
    return PreparedPlay(
        song=song,
        song_key=mode_of(kind),
        player=player,
        options=PlayOptions(window=TEST_WINDOW, look_ahead_us=look_ahead_us, window_fixed=True),
        chart=chart,
        plan=plan,
        performance=Performance(plan, TEST_WINDOW, end_us),
        tempo=1.0,
        rate=chart.rates[0],
        lead_us=2 * _BEAT_US,
    )


def mode_of(kind: AssessmentKind) -> str:
    """What the play of a test is kept as: no board and no report takes it for a song."""
    return f"test-{kind.value}"


def result_of(kind: AssessmentKind, performance: Performance) -> Result:
    """What a test showed, from its performance once it is over (or was stopped)."""
    targets, judgements = performance.asked()
    if kind in (AssessmentKind.SPEED, AssessmentKind.DEXTERITY):
        plan = performance.plan
        given_up = isinstance(plan, AssessmentPlan) and plan.given_up
        return ramp_result(kind, targets["time_us"], judgements.targets["hit"], given_up=given_up)
    presses = performance.edges[performance.edges["down"]]
    return tapping_result(kind, presses["time_us"], presses["grip"])


def _phrases(targets: np.ndarray, end_us: int) -> np.ndarray:
    """Spans without gaps: each begins where the first target of its number is."""
    starts = [0]
    for number in range(1, int(targets["phrase"].max(initial=0)) + 1):
        starts.append(int(targets["time_us"][targets["phrase"] == number][0]))
    return np.array(list(zip(starts, [*starts[1:], end_us], strict=True)), np.int64)


def _song(kind: AssessmentKind, targets: np.ndarray, end_us: int) -> Song:
    """What is heard: the tones of the targets; in free tapping a tone at its beginning and end."""
    tones = [(int(t["time_us"]), int(t["pitch"])) for t in targets]
    if kind is AssessmentKind.TAPPING:
        tones = [(LEAD_US, 72), (LEAD_US + TAPPING_US, 72)]
    notes = np.zeros(len(tones), NOTE)
    for row, (time_us, pitch) in enumerate(tones):
        notes[row] = (time_us, 300_000, pitch, _VELOCITY, 0, _PROGRAM, 0, False)
    beats = np.append(np.arange(0, end_us, _BEAT_US), end_us).astype(np.int64)
    controls = np.zeros(0, CONTROL)
    tempo = np.array([(0, _BEAT_US)], TEMPO)
    for array in (notes, controls, tempo, beats):
        array.flags.writeable = False
    grips = "".join(str(g) for g in GRIPS if g in targets["grip"])
    return Song(
        path=Path(mode_of(kind)),
        title=TITLES[kind],
        notes=notes,
        controls=controls,
        tempo_map=tempo,
        beats_us=beats,
        bar_beats=np.arange(0, len(beats) - 1, 4),
        melody=np.arange(len(notes)),
        melody_track=0,
        melody_reason="it is the test",
        length_us=end_us,
        content_hash=f"{mode_of(kind)}-1-{grips}",
        track_names=(TITLES[kind],),
    )
