"""The board in the terminal says no more than the screen does."""

from datetime import date

from game.clinic.terminal import board_lines
from game.records.board_form import board_document
from game.records.boards import Board, BoardKind, BoardRow, Week

WEEK = Week.of(date(2026, 11, 21))


def row(rank, name, fill, me=False, gap=False, points=None):
    return BoardRow(rank, name, "owl", fill, points, me, gap)


def test_rows_have_rank_name_and_bar():
    board = Board(
        BoardKind.EFFORT,
        WEEK,
        (row(1, "Quiet Cello", 1.0), row(6, "Blue Heron", 0.5, me=True, gap=True)),
    )
    lines = board_lines(board)
    assert lines[0] == "Effort"
    assert "Quiet Cello" in lines[1]
    assert "█" * 20 in lines[1]
    assert lines[2].strip() == "⋮"
    assert lines[3].startswith(" →  6  Blue Heron")
    assert "█" * 10 + "░" * 10 in lines[3]


def test_the_team_has_lamps_and_no_names():
    lines = board_lines(Board(BoardKind.TEAM, WEEK, team_fill=0.68))
    assert "7 of 10 lamps lit" in lines[1]
    assert len(lines) == 2


def test_an_empty_board_says_why():
    board = Board(BoardKind.EFFORT, WEEK, sentence="This board opens when three have played.")
    assert board_lines(board)[1].strip() == "This board opens when three have played."
    assert board_document(board)["rows"] == []


def test_points_are_printed_where_the_board_has_them():
    board = Board(BoardKind.BEAT_MYSELF, WEEK, (row(1, "Owl", 0.7, points=62),))
    assert board_lines(board)[1].endswith("62")
    assert board_document(board)["rows"][0]["points"] == 62
