"""Today: the plain start, and where one comes back to."""

from dataclasses import replace

from game.music.library import Entry
from game.stage import cards
from game.stage.evening import Evening, today
from game.stage.notices import notice
from game.stage.rooms.base import Room
from game.stage.rooms.plan import PlanRoom, glove_fails
from game.stage.screens import Screen, TodayScreen
from game.stage.theme import Scale


class TodayRoom(Room):
    """The song to come and the week's effort."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self._made_ready = False

    def screen(self, scale: Scale) -> TodayScreen:
        """As it is now."""
        evening = self._evening
        evening.draw_ahead()
        view = cards.today_view(
            patient=evening.who.patient,
            song=evening.card(evening.suggested()),
            plays=evening.plays_this_week(),
            today=today(),
            notice=notice(evening),
            goal=evening.services.desk.week_goal(evening.who),
        )
        return TodayScreen(
            scale,
            replace(
                view,
                glove_fails=glove_fails(evening),
                station=evening.services.desk.station.on,
            ),
        )

    def song_came(self, entry: Entry) -> None:
        """What somebody just brought is the song to come."""
        self._evening.entry, self._made_ready = entry, False
        self._evening.go(self)

    def step(self, screen: Screen) -> None:
        """Makes the song to come ready, once: it may be chosen any moment."""
        if not self._made_ready and self._evening.services.desk.library.songs:
            self._made_ready = True
            self._evening.make_ready(self._evening.suggested())


def day_room(evening: Evening) -> Room:
    """Today: a patient's plan, or a guest's plain start."""
    return TodayRoom(evening) if evening.who.patient is None else PlanRoom(evening)


def go_home(evening: Evening) -> None:
    """Where one goes when a play is over: to Today, or out where there was but one song."""
    if evening.one_song is not None:
        evening.leave()
    else:
        evening.go(day_room(evening))
