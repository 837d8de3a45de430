"""The boards as text."""

from game.records.boards import Board, BoardKind

_TITLES = {
    BoardKind.TEAM: "This week together",
    BoardKind.EFFORT: "Effort",
    BoardKind.BEAT_MYSELF: "Beat myself",
    BoardKind.SONG_OF_THE_WEEK: "Song of the week",
}

_LAMPS = 10
_BAR = 20


def board_lines(board: Board) -> list[str]:
    """The board as lines for a terminal; nothing on it says more than the screen's does."""
    title = _TITLES[board.kind]
    if board.song_title:
        title += f": {board.song_title}"
    lines = [title]
    if board.sentence:
        lines.append(f"  {board.sentence}")
    if board.team_fill is not None:
        lit = round(board.team_fill * _LAMPS)
        lines.append(f"  {'●' * lit}{'○' * (_LAMPS - lit)}  {lit} of {_LAMPS} lamps lit")
    for row in board.rows:
        if row.after_gap:
            lines.append("   ⋮")
        mark = "→" if row.me else " "
        filled = round(row.fill * _BAR)
        points = "" if row.points is None else f"  {row.points}"
        bar = "█" * filled + "░" * (_BAR - filled)
        lines.append(f" {mark}{row.rank:>3}  {row.name:<32}  {bar}{points}")
    return lines
