"""The big screen: boards for everybody in the room, live, read-only, by nickname and picture."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from markupsafe import Markup
from starlette.responses import JSONResponse, Response, StreamingResponse

from game.clinic.board_hub import MOST_VIEWERS, Shown
from game.clinic.security.errors import RefusedError
from game.clinic.visit import Visit, environment
from game.core.say import mark
from game.records.board_form import board_document
from game.records.boards import Board, BoardKind
from game.words import Words

#: Rows of a board that fit on its quarter of the screen at a size that is read at 5 m.
MOST_ROWS = 5
LAMPS = 10

_TITLES = {
    BoardKind.EFFORT: mark("Effort"),
    BoardKind.BEAT_MYSELF: mark("Beat myself"),
    BoardKind.SONG_OF_THE_WEEK: mark("Song of the week"),
}


@dataclass(frozen=True)
class Panel:
    """One board as it is drawn. ``more`` are those who share the last rank and have no room."""

    title: str
    subtitle: str
    board: Board
    more: int


async def page(visit: Visit) -> Response:
    """The page as it is now; its script keeps it so, and without scripts it loads itself anew."""
    shown = await visit.clinic.hub.now()
    return visit.show("board.html", boards=_latest(shown, visit.words)[1], version=shown.version)


async def data(visit: Visit) -> Response:
    """The boards as JSON, for a station or another program."""
    shown = await visit.clinic.hub.now()
    return JSONResponse([board_document(board) for board in shown.boards.values()])


async def events(visit: Visit) -> Response:
    """The boards whenever they change, as server-sent events."""
    if visit.clinic.hub.viewers >= MOST_VIEWERS:
        raise RefusedError(503, mark("Too many are looking at the board; try again later."), 30)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if visit.request.method == "HEAD":
        return Response(media_type="text/event-stream", headers=headers)
    return StreamingResponse(_stream(visit), media_type="text/event-stream", headers=headers)


async def _stream(visit: Visit) -> AsyncIterator[bytes]:
    sessions, session = visit.clinic.sessions, visit.session
    async for shown in visit.clinic.hub.follow():
        # Who was signed out, or shut out, sees nothing more.
        if shown is None:
            if session is not None and not await run_sync(sessions.is_open, session):
                return
            yield b": here\n\n"
        else:
            yield _event(shown, visit.words)
            await asyncio.sleep(0)


#: The latest boards in each language: two hundred viewers share one rendering.
_rendered: dict[str, tuple[Shown, Markup, bytes]] = {}


def _event(shown: Shown, words: Words) -> bytes:
    return _latest(shown, words)[2]


def _latest(shown: Shown, words: Words) -> tuple[Shown, Markup, bytes]:
    kept = _rendered.get(words.language)
    if kept is None or kept[0] is not shown:
        text = fragment(shown, words)
        lines = "".join(f"data: {line}\n" for line in text.splitlines())
        event = f"id: {shown.version}\nevent: board\n{lines}\n".encode()
        kept = _rendered[words.language] = (shown, text, event)
    return kept


def fragment(shown: Shown, words: Words) -> Markup:
    """The boards as HTML, everything from outside escaped."""
    team = shown.boards[BoardKind.TEAM]
    lit = None if team.team_fill is None else round(team.team_fill * LAMPS)
    panels = [_panel(shown.boards[kind], words) for kind in _TITLES]
    values: dict[str, Any] = {
        "team": team,
        "lit": lit,
        "lamps": LAMPS,
        "panels": panels,
        "most_rows": MOST_ROWS,
        "tr": words.tr,
        "plural": words.plural,
    }
    return Markup(environment().get_template("board-fragment.html").render(values))


def _panel(board: Board, words: Words) -> Panel:
    more = max(0, len(board.rows) - MOST_ROWS)
    return Panel(words.tr(_TITLES[board.kind]), _unit(board, words), board, more)


def _unit(board: Board, words: Words) -> str:
    """What the bars mean; of a song, which it is."""
    if board.kind is BoardKind.SONG_OF_THE_WEEK:
        return board.song_title or ""
    if not board.rows:
        return ""
    if board.kind is BoardKind.EFFORT:
        return words.tr("Own goal reached")
    return words.tr("{n} is as usual", n=words.number(50))
