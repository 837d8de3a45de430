"""How a session ends: done for today, the therapist's six lines, or no play."""

from collections.abc import Sequence
from typing import Any

from game.core.say import Say
from game.stage.evening import Evening, today
from game.stage.rooms.base import Room
from game.stage.rooms.message import MessageRoom
from game.stage.screens.message import MessageKey, MessageView
from game.stage.screens.no_play import NoPlayScreen, NoPlayView
from game.stage.screens.note import NoteScreen, NoteView
from game.stage.session_desk import Sat
from game.stage.session_words import remark_words
from game.stage.theme import Scale
from game.therapy.coach import Remark
from game.therapy.session import Session, Who, Why
from game.words import plural, tr


class NoPlayRoom(Room):
    """No play today: whom to call."""

    def __init__(self, *, urgent: bool) -> None:
        self._view = NoPlayView(urgent)

    def screen(self, scale: Scale) -> NoPlayScreen:
        """What first, what then."""
        return NoPlayScreen(scale, self._view)


class NoteRoom(Room):
    """The six lines of the session that is over, and the way to the next patient."""

    def __init__(self, title: str, lines: Sequence[Say]) -> None:
        self._view = NoteView(title, tuple(said(line) for line in lines))

    def screen(self, scale: Scale) -> NoteScreen:
        """Six lines."""
        return NoteScreen(scale, self._view)


def said(line: Say) -> str:
    """A line in the language in use."""
    return tr(line)


def over_room(evening: Evening, who: Any, sat: Sat, remark: Remark | None) -> Room:
    """After the last stage: the note where the therapist is present, else a word."""
    desk = evening.services.desk.sessions
    if sat.session.who is Who.THERAPIST:
        return NoteRoom(who.patient.shown_name, desk.note(who, sat))
    writes = who.patient is not None and desk.wrote(who, today()) is None
    return MessageRoom(over_view(sat.session, remark, writes=writes))


def over_view(session: Session, remark: Remark | None, *, writes: bool) -> MessageView:
    """What is said at the end. A stop that the rules ordered costs nothing, and that is said."""
    keys = [MessageKey("today", tr("Today"), "check")]
    if writes:
        keys.insert(0, MessageKey("diary", tr("A line in the diary"), "lists"))
    minutes = round(session.block_us / 60e6) if session.blocks == 0 else None
    title = tr("Done for today")
    sentence = "" if remark is None else remark_words(remark)
    if session.ended in (Why.PAIN, Why.SHARP_PAIN, Why.NEW_SIGNS, Why.SKIN):
        title = tr("Good that you stopped")
        sentence = tr("Your therapist is told. The day counts.")
    elif session.ended is Why.CAP:
        sentence = tr("That is all for one day. Your hand needs its rest.")
    elif session.ended is Why.INTERRUPTED:
        title, sentence = tr("That was a while ago"), tr("What you played is kept.")
    elif not sentence and minutes:
        sentence = plural("{n} minute of play", "{n} minutes of play", minutes)
    return MessageView(title, sentence or tr("What you played is kept."), "", "rest", tuple(keys))
