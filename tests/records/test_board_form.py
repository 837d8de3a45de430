"""A board as JSON and back: the same, or refused with one sentence; whatever comes in between."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.records.board_form import board_document, board_of, boards_of
from game.records.boards import BoardKind, board, too_few
from tests.records.test_boards import TEN, TODAY

KINDS = list(BoardKind)
FIELDS = ("board", "week", "song", "title", "team_fill", "sentence", "rows")
ROW = ("rank", "name", "picture", "fill", "points", "me", "after_gap")

RUBBISH: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def documents(me: str | None = "e") -> list[dict[str, Any]]:
    return [board_document(board(kind, TEN, TODAY, me=me)) for kind in KINDS]


@pytest.mark.parametrize("me", [None, "a", "e", "j"])
@pytest.mark.parametrize("people", [TEN, TEN[:2]])
def test_a_board_comes_back_as_it_was(people, me) -> None:
    for kind in KINDS:
        sent = board(kind, people, TODAY, me=me)
        rows = tuple(replace(row, fill=round(row.fill, 4)) for row in sent.rows)
        read = board_of(json.loads(json.dumps(board_document(sent))))
        assert read == replace(sent, rows=rows)


def test_a_board_says_what_it_shows_and_nothing_else() -> None:
    for document in documents():
        assert set(document) == set(FIELDS)
        assert all(set(row) == set(ROW) for row in document["rows"])


def refused(document: Any) -> None:
    with pytest.raises(ValueError, match=r"^\S[^\n]*$"):
        board_of(document)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("board", value) for value in (None, 3, "dose", [], {})),
        *(("week", value) for value in (None, 11, [2025], [2025, 54], [2025, 53], ["2025", 1])),
        *(("team_fill", value) for value in (-0.1, 1.01, "full", float("nan"), True)),
        *(("song", value) for value in (3, [], {})),
        *(("rows", value) for value in (None, {}, "rows", [3], [None] * 2_000)),
    ],
)
def test_what_no_board_of_ours_says_is_refused(field: str, value: Any) -> None:
    refused({**documents()[KINDS.index(BoardKind.TEAM)], field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("rank", value) for value in (0, -1, 1.5, "1", None, True, 10**9)),
        *(("name", value) for value in ("", None, 3, "x" * 33, "a\x1b[31mb", "a\u202eb", "a\nb")),
        *(("fill", value) for value in (-1, 2, None, "1", float("inf"), True)),
        *(("points", value) for value in (-1, 101, 1.5, "50", False)),
        *(("me", value) for value in (None, 1, "yes")),
        *(("after_gap", value) for value in (None, 0, [])),
    ],
)
def test_a_row_that_no_board_of_ours_has_is_refused(field: str, value: Any) -> None:
    document = documents()[KINDS.index(BoardKind.EFFORT)]
    document["rows"][1][field] = value
    refused(document)


def test_ranks_in_disorder_and_two_of_me_are_refused() -> None:
    effort = documents()[KINDS.index(BoardKind.EFFORT)]
    refused({**effort, "rows": effort["rows"][::-1]})
    refused({**effort, "rows": [{**row, "me": True} for row in effort["rows"]]})


def test_of_a_sentence_only_that_there_is_one_is_believed_and_no_unknown_picture() -> None:
    effort = documents()[KINDS.index(BoardKind.EFFORT)]
    read = board_of({**effort, "rows": [], "sentence": "Call this number: 0900"})
    assert read.sentence == too_few(BoardKind.EFFORT)
    effort["rows"][0]["picture"] = "../../etc/passwd"
    assert board_of(effort).rows[0].picture == ""


def test_the_name_of_a_song_is_shown_as_far_as_it_prints() -> None:
    song = documents()[KINDS.index(BoardKind.SONG_OF_THE_WEEK)]
    assert board_of({**song, "title": "Ode\x1b[31m " + "x" * 400}).song_title[:8] == "Ode[31m "


def test_every_board_is_wanted_once_and_of_one_week() -> None:
    whole = documents()
    assert list(boards_of(whole)) == KINDS
    for wrong in (None, [], whole[:3], [whole[0]] * 4, [*whole, whole[0]], {"boards": whole}):
        with pytest.raises(ValueError, match="every board"):
            boards_of(wrong)
    whole[0]["week"] = [2020, 1]
    with pytest.raises(ValueError, match="one week"):
        boards_of(whole)


@given(st.data())
def test_whatever_is_put_anywhere_is_a_board_or_refused(data: st.DataObject) -> None:
    whole = copy.deepcopy(documents())
    one = data.draw(st.sampled_from(whole))
    if one["rows"] and data.draw(st.booleans()):
        one = data.draw(st.sampled_from(one["rows"]))
    one[data.draw(st.sampled_from(sorted(one)))] = data.draw(RUBBISH)
    try:
        read = boards_of(whole)
    except ValueError:
        return
    for kind, found in read.items():
        assert found.kind is kind
        assert all(0 <= row.fill <= 1 and row.name.isprintable() for row in found.rows)
