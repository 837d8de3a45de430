"""The screens: what each shows, given plain data, and what choosing on it means."""

from game.stage.screens.base import Screen
from game.stage.screens.board import BoardRow, BoardScreen, BoardTab, BoardView
from game.stage.screens.choose import ChooseScreen, ChooseView, SongCard
from game.stage.screens.lists import ListsScreen, ListsView, SongList
from game.stage.screens.loading import LoadingScreen, LoadingView
from game.stage.screens.marks import MarkedSong, MarksScreen
from game.stage.screens.message import MessageKey, MessageScreen, MessageView
from game.stage.screens.pause import PauseScreen, PauseView
from game.stage.screens.play import PlayScreen
from game.stage.screens.practice import (
    BetweenScreen,
    BetweenView,
    PracticeScreen,
    PracticeView,
)
from game.stage.screens.result import Mark, ResultScreen, ResultView
from game.stage.screens.today import TodayScreen, TodayView
from game.stage.screens.who import Person, WhoScreen, WhoView

__all__ = [
    "BetweenScreen",
    "BetweenView",
    "BoardRow",
    "BoardScreen",
    "BoardTab",
    "BoardView",
    "ChooseScreen",
    "ChooseView",
    "ListsScreen",
    "ListsView",
    "LoadingScreen",
    "LoadingView",
    "Mark",
    "MarkedSong",
    "MarksScreen",
    "MessageKey",
    "MessageScreen",
    "MessageView",
    "PauseScreen",
    "PauseView",
    "Person",
    "PlayScreen",
    "PracticeScreen",
    "PracticeView",
    "ResultScreen",
    "ResultView",
    "Screen",
    "SongCard",
    "SongList",
    "TodayScreen",
    "TodayView",
    "WhoScreen",
    "WhoView",
]
