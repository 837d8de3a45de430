"""The screens of a session, with sample data: part of :mod:`game.stage.samples`."""

from collections.abc import Iterator
from dataclasses import replace

from game.core.grips import Grip
from game.core.say import Say
from game.stage.assess_flow import intro_view, tested_view
from game.stage.rooms.check_in import again_view, check_in_view, signs_view, soreness_view
from game.stage.rooms.diary import felt_view, goal_view, worked_view
from game.stage.rooms.exercises import level_view, levels_view, tasks_view
from game.stage.rooms.guided import exercise_view, rest_view
from game.stage.rooms.more import more_view
from game.stage.rooms.plan import beads, start_words, title_words
from game.stage.rooms.session_end import over_view, said
from game.stage.rooms.task import task_view
from game.stage.rooms.tests import tests_view
from game.stage.rooms.ways import MANNERS, ways_view
from game.stage.screens import ResultScreen, ResultView, Screen
from game.stage.screens.check_in import CheckInScreen
from game.stage.screens.guided import GuidedKey, GuidedScreen
from game.stage.screens.help import HelpScreen
from game.stage.screens.message import MessageScreen
from game.stage.screens.no_play import NoPlayScreen, NoPlayView
from game.stage.screens.note import NoteScreen, NoteView
from game.stage.screens.pick import NameScreen, PickScreen
from game.stage.screens.plan import DayMark, PlanScreen, PlanView
from game.stage.session_words import remark_words, stage_words
from game.stage.theme import Scale
from game.therapy.assessment import AssessmentKind
from game.therapy.coach import Remark, Topic
from game.therapy.exercises import named
from game.therapy.prescription import Task
from game.therapy.session import Caps, Session, Stage, Who, Why
from game.therapy.session_note import WHY
from game.therapy.tasks import Form, Ticked
from game.words import plural, tr

#: Names on these screens that are not in any catalogue.
NAMES: tuple[str, ...] = ()


def session_screens(scale: Scale, result: ResultView) -> Iterator[tuple[str, Screen]]:
    """Every screen with its name; ``result`` is what a song came to."""
    yield from _today(scale)
    yield from _check_in(scale)
    yield "no-play", NoPlayScreen(scale, NoPlayView())
    yield "no-play-urgent", NoPlayScreen(scale, NoPlayView(urgent=True))
    yield from _guided(scale)
    coached = replace(
        result,
        session=tr("Next: {what}", what=stage_words(Stage.WORK)),
        step=remark_words(Remark(Topic.LOOK_AFTER, Grip.LITTLE, 12, 0, 26)),
        step_words="",
    )
    yield "result-session", ResultScreen(scale, coached)
    onward = tr("Next: {what}", what=stage_words(Stage.CHECK))
    yield "result-block", ResultScreen(scale, replace(coached, session=onward, onward=onward))
    yield from _end(scale)
    yield from _beside(scale)


def _today(scale: Scale) -> Iterator[tuple[str, Screen]]:
    letters = tr("M T W T F S S").split()
    states = ("kept", "kept", "", "begun", "", "", "")
    plan = PlanView(
        "Blue Heron",
        title_words(25, 25),
        start_words(None, 25),
        plural("{done} of {n} day", "{done} of {n} days", 5, done=2),
        beads(None, 25, 25),
        tuple(DayMark(letters[i], states[i], i == 4) for i in range(7)),
        tr("Doing up buttons"),
        tr("My goal"),
    )
    yield "plan", PlanScreen(scale, plan)
    going = Session(Stage.WORK, Who.PATIENT, blocks=1, day_us=11 * 60_000_000)
    later = replace(
        plan,
        title=title_words(25, 14),
        start=start_words(going, 14),
        beads=beads(going, 25, 14),
        notice=tr("No glove found. The keyboard plays."),
        may_finish=True,
        glove_fails=True,
    )
    yield "plan-later", PlanScreen(scale, later)
    yield "more", HelpScreen(scale, more_view())


def _check_in(scale: Scale) -> Iterator[tuple[str, Screen]]:
    before = check_in_view(Stage.CHECK_IN, stage_words(Stage.WARM_UP))
    yield "check-in", CheckInScreen(scale, before)
    yield "check-in-tired", CheckInScreen(scale, replace(before, pain=3))
    yield "check-in-signs", CheckInScreen(scale, replace(before, pain=3, tired=4))
    done = replace(before, pain=3, tired=4, wrong=False)
    yield "check-in-answered", CheckInScreen(scale, done)
    after = check_in_view(Stage.CHECK_OUT, stage_words(Stage.OVER))
    yield "check-out", CheckInScreen(scale, replace(after, pain=2, tired=6))
    yield "check-in-new", PickScreen(scale, signs_view())
    yield "check-in-again", MessageScreen(scale, again_view(8))
    yield "check-in-sore", MessageScreen(scale, soreness_view())


def _guided(scale: Scale) -> Iterator[tuple[str, Screen]]:
    skip = (GuidedKey("skip", tr("Skip"), "onward"),)
    then = tr("Then: {what}", what=tr(named("wrist-circles").title))
    fist = exercise_view(named("fist"), 9_100_000, tr("Warm-up"), then, "right", skip)
    yield "warm-up", GuidedScreen(scale, fist)
    then = tr("Then: {what}", what=stage_words(Stage.CHECK_OUT))
    more = (*skip, GuidedKey("more", tr("Play more"), "note"))
    back = named("stretch-wrist-back")
    stretched = exercise_view(back, 8_000_000, tr("Stretches"), then, "left", more)
    yield "cool-down", GuidedScreen(scale, stretched)
    helped = named("palm-turn")
    then = tr("Then: {what}", what=tr("Exercises"))
    alone = exercise_view(helped, 2_300_000, tr("Exercise"), then, "right", skip)
    yield "exercise", GuidedScreen(scale, alone)
    resting = rest_view(20_000_000, 60_000_000, stage_words(Stage.WORK), "", "left")
    yield "rest", GuidedScreen(scale, resting)
    remark = Remark(Topic.GRIP_BETTER, Grip.RING, 41, 31, 48, 47)
    rested = rest_view(
        61_000_000, 60_000_000, stage_words(Stage.COOL_DOWN), remark_words(remark), "right"
    )
    yield "rest-over", GuidedScreen(scale, rested)
    task = task_view(Ticked(Task.PUTTY_SQUEEZE, Form.USUAL, 1), 1_800_000, "right")
    yield "task", GuidedScreen(scale, task)
    band = task_view(Ticked(Task.RUBBER_BAND, Form.HARDER), 1_500_000, "left")
    yield "task-harder", GuidedScreen(scale, band)


def _end(scale: Scale) -> Iterator[tuple[str, Screen]]:
    over = Session(Stage.OVER, Who.PATIENT, blocks=2, ended=Why.DOSE)
    said_last = Remark(Topic.STEADIER, None, 62, 81)
    yield "session-over", MessageScreen(scale, over_view(over, said_last, writes=True))
    stopped = replace(over, ended=Why.PAIN)
    yield "session-stopped", MessageScreen(scale, over_view(stopped, None, writes=False))
    capped = replace(over, ended=Why.CAP)
    yield "session-capped", MessageScreen(scale, over_view(capped, None, writes=True))
    yield "session-note", NoteScreen(scale, NoteView("Blue Heron", _six_lines()))


def _six_lines() -> tuple[str, ...]:
    planned = round(Caps().dose_us / 60e6)
    lines = (
        Say(
            "{day}: {minutes} of {planned} min, songs: {songs}, blocks: {blocks}, {hand}, "
            "therapist present.",
            day="2026-03-02",
            minutes=24,
            planned=planned,
            songs=9,
            blocks=2,
            hand=Say("right hand"),
        ),
        Say("Pinches: {counted} counted, {every} in all.", counted=612, every=688),
        Say(
            "Hits: {hits} of {asked} ({share} %, {low} to {high} %); timing {median} ms, "
            "spread {spread} ms.",
            hits=540,
            asked=668,
            share=81,
            low=78,
            high=84,
            median="-22",
            spread="61",
        ),
        Say(
            "Pace: {first} targets/s in the first song, {last} at the end.",
            first="0.62",
            last="0.71",
        ),
        Say(
            "Pain {pain_before} before, {pain_after} after; fatigue {fatigue_before} before, "
            "{fatigue_after} after.",
            pain_before="1",
            pain_after="2",
            fatigue_before="2",
            fatigue_after="5",
        ),
        Say("Look at: {things}.", things=Say("ended: {why}", why=Say(WHY[Why.DOSE]))),
    )
    return tuple(said(line) for line in lines)


def _beside(scale: Scale) -> Iterator[tuple[str, Screen]]:
    tasks = (Ticked(Task.PUTTY_SQUEEZE, Form.USUAL, 2), Ticked(Task.COIN_FLIPS, Form.USUAL, 1))
    yield "exercises", PickScreen(scale, levels_view(2, tasks))
    for level in (1, 2, 3):
        yield f"exercises-{level}", PickScreen(scale, level_view(level))
    yield "tasks", PickScreen(scale, tasks_view(tuple(Ticked(task) for task in Task)))
    yield "ways", PickScreen(scale, ways_view(list(MANNERS), "right", tests=True))
    tests = tuple(AssessmentKind)
    yield "tests", PickScreen(scale, tests_view(tests))
    yield "tests-none", PickScreen(scale, tests_view(()))
    for kind in tests:
        yield f"test-{kind.value}", MessageScreen(scale, intro_view(kind))
    yield "test-done", MessageScreen(scale, tested_view(AssessmentKind.SPEED, whole=True))
    yield "test-left", MessageScreen(scale, tested_view(AssessmentKind.DEXTERITY, whole=False))
    yield "diary-felt", NameScreen(scale, felt_view())
    yield "diary-worked", NameScreen(scale, worked_view())
    yield "goal", NameScreen(scale, goal_view())
