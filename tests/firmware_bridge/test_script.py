"""Scripts: lines ``song_ms mask``."""

from pathlib import Path

import pytest

from firmware_bridge.errors import GloveError
from firmware_bridge.script import ScriptActor, Step, contacts_of, read_script


def written(folder: Path, text: str) -> Path:
    path = folder / "presses.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_lines_comments_and_both_kinds_of_mask(tmp_path: Path) -> None:
    path = written(tmp_path, "# a pinch\n1000 1\n\n1100.5 0x12 # two\r\n 1200\t0\n")
    assert read_script(path) == (Step(1_000_000, 1), Step(1_100_500, 0x12), Step(1_200_000, 0))


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("1000 1\n1100", 2, "song_ms mask"),
        ("1000 1 0", 1, "song_ms mask"),
        ("soon 1", 1, "“soon” is no time"),
        ("nan 1", 1, "“nan” is no time"),
        ("inf 1", 1, "“inf” is no time"),
        ("1e300 1", 1, "is no time"),
        ("0 1\n\n# x\n10 32", 4, "mask 32 lies outside 0 to 31"),
        ("10 -1", 1, "mask -1 lies outside"),
        ("10 index", 1, "“index” is no mask"),
        ("10 1\n5 0", 2, "time runs back"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, line: int, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(GloveError) as caught:
        read_script(path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(GloveError, match=r"there is no script file .*nothing\.txt"):
        read_script(tmp_path / "nothing.txt")
    (tmp_path / "sound").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(GloveError, match="not a text file"):
        read_script(tmp_path / "sound")
    with pytest.raises(GloveError, match="cannot be read"):
        read_script(tmp_path)


def test_masks_become_contacts_of_each_grip() -> None:
    steps = (Step(0, 0b00001), Step(100, 0b10001), Step(200, 0b10000), Step(300, 0))
    assert contacts_of(steps, 5_000) == [(5_000, 5_200, 0), (5_100, 5_300, 4)]


def test_the_last_line_holds() -> None:
    (contact,) = contacts_of((Step(0, 1),), 0)
    assert contact.end_us > 10**14


def test_nothing_happens_before_the_song_begins_and_it_can_begin_again() -> None:
    actor = ScriptActor((Step(0, 1), Step(100_000, 0)))
    assert actor.contacts(10**9) == []
    actor.begin(10**9 + 5)
    actor.cue(0, 3)
    assert actor.contacts(10**9 + 5) == []
    assert actor.contacts(10**9 + 6) == [(10**9 + 5, 10**9 + 100_005, 0)]
    assert actor.contacts(2 * 10**9) == []
    actor.begin(3 * 10**9)
    assert len(actor.contacts(4 * 10**9)) == 1
