"""Guided by the drawn hand: exercises one after the other, and rests."""

from collections.abc import Callable, Sequence

from game.core.say import mark
from game.music.library import Entry
from game.music.reading import read_song
from game.music.sound import RenderJob
from game.records.said_and_done import Activity
from game.stage.evening import Evening
from game.stage.motions import RESTING, pose_of_exercise
from game.stage.rooms.base import Room
from game.stage.screens import Screen
from game.stage.screens.guided import GuidedKey, GuidedScreen, GuidedView
from game.stage.session_words import remark_words
from game.stage.theme import Scale
from game.therapy.coach import Remark
from game.therapy.exercises import Exercise
from game.therapy.session import Stage
from game.words import plural, tr

#: Between two exercises there is time to see what comes.
_BETWEEN_US = 2_500_000

#: Softer than in a play: −10 dB.
_SOFTLY = 0.3

#: Bundled songs that go well with a warm-up, the first that is there.
_SOFT_SONGS = ("brahms-lullaby", "greensleeves", "londonderry-air")

_WHERE = {Stage.WARM_UP: mark("Warm-up"), Stage.COOL_DOWN: mark("Stretches")}
_KINDS = {Stage.WARM_UP: "warm-up", Stage.COOL_DOWN: "cool-down"}


class SoftMusic:
    """A calm song of the library, softly, until it is stopped."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._job: RenderJob | None = None
        self._sounding = False
        self._until_us = 0

    def step(self) -> None:
        """Begins once the song is rendered, and again when it is over."""
        evening = self._evening
        audio = evening.services.audio
        entry = soft_song(evening)
        if audio.silent_reason is not None or entry is None:
            return
        if self._job is None:
            self._job = evening.services.renderer.request(read_song(entry.path), 1.0)
        if not self._job.done or evening.now() < self._until_us:
            return
        stems = self._job.result()
        if not stems.whole.is_set():
            return
        audio.mixer.load(stems)
        audio.mixer.fade(_SOFTLY)
        audio.mixer.play(0)
        self._sounding = True
        self._until_us = evening.now() + round(len(stems.backing) / stems.sample_rate * 1e6)

    def stop(self) -> None:
        """Silence."""
        if self._sounding:
            self._evening.services.audio.mixer.load(None)
        self._job, self._sounding = None, False


def soft_song(evening: Evening) -> Entry | None:
    """A calm song; None where the library has none."""
    songs = [entry for entry in evening.services.desk.library.songs if entry.ok]
    calm = [entry for entry in songs if entry.mood.lower() == "calm"]
    by_key = {entry.key: entry for entry in songs}
    named = [by_key[key] for key in _SOFT_SONGS if key in by_key]
    return next(iter([*named, *calm, *songs]), None)


class ExerciseRoom(Room):
    """``exercises`` one after the other. ``done`` is told what was done once all are over or
    skipped; ``stop`` leaves. With ``music`` a soft song goes with it; ``more`` is play beyond the
    day's plan, where that may be."""

    actions = frozenset({"skip", "stop", "more"})

    def __init__(
        self,
        evening: Evening,
        exercises: Sequence[Exercise],
        stage: Stage | None,
        then: str,
        done: Callable[[Activity], None],
        stop: Callable[[], None],
        *,
        music: bool = False,
        more: Callable[[], None] | None = None,
    ) -> None:
        self._evening = evening
        self._exercises = list(exercises)
        self._stage = stage
        self._then = then
        self._done = done
        self._stop = stop
        self._more = more
        self._music = SoftMusic(evening) if music else None
        self._index = 0
        self._began_us = evening.now() + _BETWEEN_US
        self._worked_us = 0
        self._repetitions = 0

    @property
    def _now(self) -> Exercise:
        return self._exercises[self._index]

    def screen(self, scale: Scale) -> GuidedScreen:
        """The exercise as far as it is."""
        return GuidedScreen(scale, self._view())

    def step(self, screen: Screen) -> None:
        """The hand moves on, and after the last repetition the next exercise comes."""
        if self._music is not None:
            self._music.step()
        at_us = self._evening.now() - self._began_us
        if at_us >= self._now.duration_us:
            self._next(self._now.count)
        elif isinstance(screen, GuidedScreen):
            screen.show(self._view())

    def act(self, name: str, what: str) -> None:
        """Skips the exercise, stops, or goes on playing."""
        if name == "stop":
            self._stop()
        elif name == "more" and self._more is not None:
            self._more()
        else:
            self._next(self._repetition())

    def leave(self) -> None:
        """Silence: a song may be about to begin."""
        if self._music is not None:
            self._music.stop()

    def _repetition(self) -> int:
        """How many repetitions are over."""
        at_us = max(0, self._evening.now() - self._began_us)
        return min(self._now.count, int(at_us // self._now.pace_us))

    def _next(self, repetitions: int) -> None:
        self._repetitions += repetitions
        self._worked_us += min(self._now.duration_us, max(0, self._evening.now() - self._began_us))
        if self._index + 1 < len(self._exercises):
            self._index += 1
            self._began_us = self._evening.now() + _BETWEEN_US
            return
        kind = "exercise" if self._stage is None else _KINDS[self._stage]
        name = self._now.name if len(self._exercises) == 1 else kind
        self._done(
            Activity(
                kind=kind,
                name=name,
                sets=1,
                amount=self._repetitions,
                seconds=round(self._worked_us / 1e6, 1),
            )
        )

    def _view(self) -> GuidedView:
        at_us = self._evening.now() - self._began_us
        last = self._index + 1 == len(self._exercises)
        then = self._then if last else tr(self._exercises[self._index + 1].title)
        where = tr("Exercise") if self._stage is None else tr(_WHERE[self._stage])
        keys = [GuidedKey("skip", tr("Skip"), "onward")]
        if self._more is not None:
            keys.append(GuidedKey("more", tr("Play more"), "note"))
        return exercise_view(
            self._now,
            at_us,
            where,
            tr("Then: {what}", what=then),
            self._evening.hand,
            tuple(keys),
            cut=self._evening.options.reduced_motion,
        )


def exercise_view(
    exercise: Exercise,
    at_us: int,
    where: str,
    then: str,
    side: str,
    keys: tuple[GuidedKey, ...],
    *,
    cut: bool = False,
) -> GuidedView:
    """``exercise`` as it is ``at_us`` after its beginning; before it one sees what comes."""
    held = exercise.count == 1
    done = 0 if at_us < 0 else min(exercise.count, int(at_us // exercise.pace_us))
    if held:
        left_s = max(0, -(-(exercise.duration_us - max(0, at_us)) // 5_000_000) * 5)
        figure = plural("{n} second", "{n} seconds", left_s)
    else:
        figure = tr(
            "{n} of {most}", n=min(exercise.count, done + (at_us >= 0)), most=exercise.count
        )
    return GuidedView(
        where,
        tr(exercise.title),
        tr(exercise.how),
        figure,
        done,
        0 if held else exercise.count,
        then=then,
        pose=pose_of_exercise(exercise, max(0, at_us), cut=cut),
        side=side,
        keys=keys,
    )


class RestRoom(Room):
    """A rest of ``rest_us`` with the hand open. Once it is over one goes on when one likes:
    ``rested`` is told how long it was."""

    actions = frozenset({"go", "stop"})

    def __init__(
        self,
        evening: Evening,
        rest_us: int,
        then: str,
        remark: Remark | None,
        rested: Callable[[int], None],
        stop: Callable[[], None],
    ) -> None:
        self._evening = evening
        self._rest_us = rest_us
        self._then = then
        self._said = "" if remark is None else remark_words(remark)
        self._rested = rested
        self._stop = stop
        self._began_us = evening.now()

    def screen(self, scale: Scale) -> GuidedScreen:
        """How long it still is."""
        return GuidedScreen(scale, self._view())

    def step(self, screen: Screen) -> None:
        """The ring fills."""
        if isinstance(screen, GuidedScreen):
            screen.show(self._view())

    def act(self, name: str, what: str) -> None:
        """Goes on, or stops."""
        if name == "go":
            self._rested(self._evening.now() - self._began_us)
        else:
            self._stop()

    def _view(self) -> GuidedView:
        return rest_view(
            self._evening.now() - self._began_us,
            self._rest_us,
            self._then,
            self._said,
            self._evening.hand,
        )


def rest_view(gone_us: int, rest_us: int, then: str, said: str, side: str) -> GuidedView:
    """A rest after ``gone_us`` of it."""
    left_us = max(0, rest_us - gone_us)
    # In steps: a voice that reads them aloud must not count every second.
    seconds = -(-left_us // 10_000_000) * 10
    over = left_us == 0
    return GuidedView(
        tr("Rest"),
        tr("Ready when you are") if over else tr("Let your hand lie open"),
        said or tr("Shake it out gently if you like."),
        "" if over else plural("{n} second", "{n} seconds", seconds),
        share=min(1.0, gone_us / max(1, rest_us)),
        then=tr("Then: {what}", what=then),
        pose=RESTING,
        side=side,
        keys=(GuidedKey("go", tr("Go on"), "play", True),) if over else (),
    )
