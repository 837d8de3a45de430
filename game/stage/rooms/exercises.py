"""Exercises on their own, and the tasks away from the screen."""

from functools import partial

from game.records.said_and_done import Activity
from game.stage.evening import Evening, today
from game.stage.rooms.base import Room
from game.stage.rooms.guided import ExerciseRoom
from game.stage.rooms.task import TaskRoom, task_now
from game.stage.screens.pick import PickRow, PickScreen, PickView
from game.stage.theme import Scale
from game.therapy import exercises
from game.therapy.exercises import EXERCISES, LEVELS, Exercise, named
from game.therapy.tasks import SHEETS, Ticked
from game.words import plural, tr


class ExercisesRoom(Room):
    """The levels of ability, the one that suits the hand first, and the prescribed tasks."""

    actions = frozenset({"level", "tasks"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> PickScreen:
        """Three levels and the tasks."""
        evening = self._evening
        fits = exercises.level_for(evening.listener().level)
        return PickScreen(scale, levels_view(fits, task_now(evening)))

    def act(self, name: str, what: str) -> None:
        """To the exercises of a level, or to the tasks."""
        evening = self._evening
        if name == "tasks":
            evening.go(TasksRoom(evening))
        else:
            evening.go(LevelRoom(evening, int(what)))


def levels_view(fits: int, tasks: tuple[Ticked, ...]) -> PickView:
    """The page: levels in their order, with the one that ``fits`` marked."""
    rows = []
    for level, words in LEVELS.items():
        suits = level == fits
        title = tr("Level {n}", n=level)
        title = tr("{what}, fits your hand", what=title) if suits else title
        rows.append(PickRow(f"level:{level}", title, tr(words), "check" if suits else "hand"))
    if tasks:
        done = sum(task.done for task in tasks)
        said = tr("{done} of {n} done today", done=done, n=len(tasks))
        rows.append(PickRow("tasks", tr("Away from the screen"), said, "lists"))
    return PickView(tr("Exercises"), tuple(rows), "today")


class LevelRoom(Room):
    """The exercises of a level."""

    actions = frozenset({"exercise"})

    def __init__(self, evening: Evening, level: int) -> None:
        self._evening = evening
        self._level = level

    def screen(self, scale: Scale) -> PickScreen:
        """What each is for."""
        return PickScreen(scale, level_view(self._level))

    def act(self, name: str, what: str) -> None:
        """Does one of them."""
        do_exercise(self._evening, named(what), partial(LevelRoom, self._evening, self._level))


def level_view(level: int) -> PickView:
    """The page."""
    rows = tuple(
        PickRow(f"exercise:{e.name}", tr(e.title), tr(e.what_for), "hand")
        for e in EXERCISES
        if e.level == level
    )
    return PickView(tr("Exercises"), rows, "exercises")


def do_exercise(evening: Evening, exercise: Exercise, back: "partial[LevelRoom]") -> None:
    """One exercise, kept as it was done; then back to where it was chosen."""

    def done(activity: Activity) -> None:
        evening.did(activity)
        evening.go(back())

    evening.go(
        ExerciseRoom(evening, (exercise,), None, tr("Exercises"), done, lambda: evening.go(back()))
    )


class TasksRoom(Room):
    """The prescribed tasks with their ticks of today."""

    actions = frozenset({"task"})

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> PickScreen:
        """A row for each."""
        return PickScreen(scale, tasks_view(task_now(self._evening)))

    def act(self, name: str, what: str) -> None:
        """To one of them."""
        evening = self._evening
        ticked = next(one for one in task_now(evening) if one.task.value == what)
        evening.go(TaskRoom(evening, ticked, lambda: TasksRoom(evening), today()))


def tasks_view(tasks: tuple[Ticked, ...]) -> PickView:
    """The page."""
    rows = []
    for one in tasks:
        sheet = SHEETS[one.task]
        most = sheet.sets(one.form)
        said = plural("{done} of {n} set done", "{done} of {n} sets done", most, done=one.sets)
        icon = "check" if one.done else "hand"
        rows.append(PickRow(f"task:{one.task.value}", tr(sheet.title), said, icon))
    return PickView(tr("Away from the screen"), tuple(rows), "exercises")
