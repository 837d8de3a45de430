"""What a play came to."""

from dataclasses import replace

from game.stage.evening import Evening, TeamFill
from game.stage.rooms.base import Room
from game.stage.screens import ResultScreen, ResultView, Screen
from game.stage.task import Task
from game.stage.team_move import before_play, team_fill, with_team
from game.stage.theme import Scale


class ResultRoom(Room):
    """Shows ``view``, and leads on to the next song.

    Where patients take turns it leads to the next patient too, and for who is on the boards the
    team's bar moves as soon as the play is in the records.
    """

    def __init__(self, view: ResultView, evening: Evening) -> None:
        self._evening = evening
        self._view = view
        self._before = before_play(evening)
        self._reading: Task | None = None
        if evening.one_song is None and evening.services.desk.station.on:
            self._view = view = replace(view, station=True)
            if self._before is not None:
                self._view = with_team(view, self._before, self._before)
                self._reading = Task(lambda report: self._read())

    def _read(self) -> TeamFill | None:
        self._evening.services.desk.station.settle()
        return team_fill(self._evening)

    def screen(self, scale: Scale) -> ResultScreen:
        """Effort first."""
        return ResultScreen(scale, self._view)

    def step(self, screen: Screen) -> None:
        """Moves the team's bar, once."""
        reading, before = self._reading, self._before
        if reading is None or before is None or not reading.done:
            return
        self._reading = None
        if reading.failed or reading.answer is None or not isinstance(screen, ResultScreen):
            return  # the board will tell; a result is no place for what a disk reports
        self._evening.team_fill = reading.answer
        if reading.answer.source is not before.source:
            return  # the server was found or lost meanwhile: this play's own share is not known
        self._view = with_team(self._view, before, reading.answer)
        screen.show(self._view)
