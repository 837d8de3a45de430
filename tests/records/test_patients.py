import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.records.errors import RecordsError
from game.records.patients import (
    PICTURES,
    checked_code,
    checked_hand,
    checked_nickname,
    checked_picture,
    code_key,
    unknown_patient,
)
from game.records.store import Store


@pytest.mark.parametrize(
    "code", ["A", "p01", "7", "ward-3.bed_2", "x" * 32, "Müller", "αβγ", "ναός-1"]
)
def test_codes_that_may_be_used(code: str) -> None:
    assert checked_code(f" {code} ") == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        " ",
        "x" * 33,
        "a b",
        "a/b",
        "..",
        ".a",
        "-h",
        "_a",
        "a\n",
        "a\0b",
        "a;b",
        "“a”",
        "²",
        "a'",
    ],
)
def test_codes_that_may_not(code: str) -> None:
    if code == "a\n":
        assert checked_code(code) == "a"  # white space around a code is nobody's intention
        return
    with pytest.raises(RecordsError, match="cannot be a patient code"):
        checked_code(code)


@given(st.text())
def test_a_code_that_is_accepted_is_safe_as_part_of_a_file_name(text: str) -> None:
    try:
        code = checked_code(text)
    except RecordsError:
        return
    assert checked_code(code) == code
    assert not set(code) & set('/\\:*?"<>| \t\n\0%')
    assert code not in (".", "..")


def test_capitals_do_not_tell_codes_apart() -> None:
    assert code_key("Straße") == code_key("STRASSE")
    assert code_key("p01") == code_key(" P01")


def test_nicknames_are_tidied() -> None:
    assert checked_nickname("  Ann   B ") == "Ann B"
    assert checked_nickname("") is None
    assert checked_nickname(None) is None
    for refused in ("x" * 33, "a\0b", "a\u202eb"):
        with pytest.raises(RecordsError):
            checked_nickname(refused)


def test_hands_and_pictures_are_those_there_are() -> None:
    assert checked_hand("Left ") == "left"
    assert checked_picture(PICTURES[0].upper()) == PICTURES[0]
    with pytest.raises(RecordsError, match="left"):
        checked_hand("both")
    with pytest.raises(RecordsError, match=PICTURES[0]):
        checked_picture("dragon")


def test_an_unknown_patient_is_answered_with_those_that_come_near() -> None:
    assert "“P01”" in str(unknown_patient("p1", ["P01", "ward-7"]))
    assert "patient list" in str(unknown_patient("zzz", ["P01"]))
    assert "patient add" in str(unknown_patient("p1", []))


def test_a_nickname_that_names_a_picture_gets_it(tmp_path):
    with Store.open(tmp_path) as store:
        assert store.add_patient("P1", nickname="Blue Heron").picture == "heron"
        assert store.add_patient("P2", nickname="Old Bell").picture != "heron"
