"""Today: the plain start, and where one comes back to."""

from dataclasses import replace

from game.music.library import Entry
from game.stage import cards
from game.stage.evening import Evening, today
from game.stage.notices import notice
from game.stage.rooms.base import Room
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
        return TodayScreen(scale, replace(view, glove_fails=self._glove_fails()))

    def _glove_fails(self) -> bool:
        """Whether something is wrong with the glove, or one is missed by who played with one."""
        evening = self._evening
        health = evening.services.glove.health
        if health.link != "none":
            return bool(health.findings)
        plays = evening.plays_this_week()
        return bool(plays) and plays[0].input_kind == "glove"

    def song_came(self, entry: Entry) -> None:
        """What somebody just brought is the song to come."""
        self._evening.entry, self._made_ready = entry, False
        self._evening.go(self)

    def step(self, screen: Screen) -> None:
        """Makes the song to come ready, once: it may be chosen any moment."""
        if not self._made_ready and self._evening.services.desk.library.songs:
            self._made_ready = True
            self._evening.make_ready(self._evening.suggested())


def go_home(evening: Evening) -> None:
    """Where one goes when a play is over: to Today, or out where there was but one song."""
    if evening.one_song is not None:
        evening.leave()
    else:
        evening.go(TodayRoom(evening))
