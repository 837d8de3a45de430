"""Today: the plain start, and where one comes back to."""

from game.stage import cards
from game.stage.evening import Evening, today
from game.stage.notices import notice
from game.stage.rooms.base import Room
from game.stage.screens import TodayScreen
from game.stage.theme import Scale


class TodayRoom(Room):
    """The song to come and the week's effort."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening

    def screen(self, scale: Scale) -> TodayScreen:
        """As it is now."""
        evening = self._evening
        view = cards.today_view(
            patient=evening.who.patient,
            song=evening.card(evening.suggested()),
            plays=evening.plays(),
            today=today(),
            notice=notice(evening),
        )
        return TodayScreen(scale, view)


def go_home(evening: Evening) -> None:
    """Where one goes when a play is over: to Today, or out where there was but one song."""
    if evening.one_song is not None:
        evening.leave()
    else:
        evening.go(TodayRoom(evening))
