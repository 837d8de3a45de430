"""A board as JSON, and back: what a clinic's server tells its stations of everybody.

Nothing is believed that a board of ours could not say; of sentences only that there is one.
"""

from collections.abc import Mapping
from typing import Any

from game.records.boards import Board, BoardKind, BoardRow, Week, too_few
from game.records.patients import MOST_LETTERS_IN_A_NICKNAME, PICTURES

#: Everybody may share the first rank; a clinic has fewer patients.
MOST_ROWS = 1_000
_MOST_TEXT = 300
_HIGHEST_RANK = 10**6


def board_document(board: Board) -> dict[str, Any]:
    """The board as JSON: what it shows, and nothing else."""
    return {
        "board": board.kind.value,
        "week": [board.week.year, board.week.number],
        "song": board.song_key,
        "title": board.song_title,
        "team_fill": board.team_fill,
        "sentence": board.sentence,
        "rows": [
            {
                "rank": row.rank,
                "name": row.name,
                "picture": row.picture,
                "fill": round(row.fill, 4),
                "points": row.points,
                "me": row.me,
                "after_gap": row.after_gap,
            }
            for row in board.rows
        ],
    }


def boards_of(documents: Any) -> dict[BoardKind, Board]:
    """Every board of ``documents``, a list with one of each kind.

    Raises ValueError with one sentence for anything else.
    """
    if not isinstance(documents, list) or len(documents) != len(BoardKind):
        raise ValueError("a list of every board was expected")
    found = {board.kind: board for board in map(board_of, documents)}
    if len(found) != len(BoardKind) or len({board.week for board in found.values()}) != 1:
        raise ValueError("every board of one week was expected once")
    return found


def board_of(document: Any) -> Board:
    """The board that ``document`` is. Raises ValueError with one sentence if it is none."""
    if not isinstance(document, Mapping):
        raise ValueError("a board has to be a table of names and values")
    try:
        kind = BoardKind(str(document.get("board")))
    except ValueError as error:
        raise ValueError("there is no such board") from error
    rows = document.get("rows")
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise ValueError("the rows of a board have to be a list, and not as long as that")
    read = tuple(map(_row, rows))
    if [row.rank for row in read] != sorted(row.rank for row in read):
        raise ValueError("the rows of a board have to stand in the order of their ranks")
    if sum(row.me for row in read) > 1:
        raise ValueError("nobody stands on a board twice")
    fill = document.get("team_fill")
    return Board(
        kind=kind,
        week=_week(document.get("week")),
        rows=read,
        team_fill=None if fill is None or kind is not BoardKind.TEAM else _share(fill),
        song_key=_shown(document.get("song")),
        song_title=_shown(document.get("title")),
        sentence=too_few(kind) if document.get("sentence") else "",
    )


def _row(row: Any) -> BoardRow:
    if not isinstance(row, Mapping):
        raise ValueError("a row of a board has to be a table of names and values")
    points, picture = row.get("points"), row.get("picture")
    if not isinstance(row.get("me"), bool) or not isinstance(row.get("after_gap"), bool):
        raise ValueError("“me” and “after_gap” have to be true or false")
    return BoardRow(
        rank=_whole(row.get("rank"), 1, _HIGHEST_RANK),
        name=_text(row.get("name"), MOST_LETTERS_IN_A_NICKNAME),
        picture=picture if isinstance(picture, str) and picture in PICTURES else "",
        fill=_share(row.get("fill")),
        points=None if points is None else _whole(points, 0, 100),
        me=row["me"],
        after_gap=row["after_gap"],
    )


def _week(value: Any) -> Week:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("a week has to be a year and a number")
    week = Week(_whole(value[0], 2000, 9000), _whole(value[1], 1, 53))
    if Week.of(week.first_day) != week:  # raises ValueError for a 53rd that the year has not
        raise ValueError("there is no such week")
    return week


def _whole(value: Any, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"a whole number from {least} to {most} was expected")
    return value


def _share(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError("a share has to be a number from 0 to 1")
    return float(value)


def _shown(text: Any) -> str | None:
    """What of a song's name can be shown: it comes from a file that anybody made."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError("the name of a song has to be a text")
    return "".join(letter for letter in text[:_MOST_TEXT] if letter.isprintable())


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise ValueError(f"a text of 1 to {most} printable letters was expected")
    return value
