"""What --glove may say, and one clear line for what it may not."""

import pytest

from firmware_bridge.errors import GloveError
from firmware_bridge.spec import GloveSpec, number, parse_spec, profile_of, whole_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("auto", GloveSpec("auto", "", {})),
        ("auto?baud=115200", GloveSpec("auto", "", {"baud": "115200"})),
        ("keyboard", GloveSpec("keyboard", "", {})),
        ("serial:/dev/ttyUSB0", GloveSpec("serial", "/dev/ttyUSB0", {})),
        ("serial:COM3?baud=1000000", GloveSpec("serial", "COM3", {"baud": "1000000"})),
        ("virtual:steady", GloveSpec("virtual", "steady", {})),
        (
            "virtual:steady?seed=7&success=0.8&jitter_ms=60",
            GloveSpec("virtual", "steady", {"seed": "7", "success": "0.8", "jitter_ms": "60"}),
        ),
        (
            "virtual:patient?severity=mild&seed=3",
            GloveSpec("virtual", "patient", {"severity": "mild", "seed": "3"}),
        ),
        ("script:a b/press:es.txt", GloveSpec("script", "a b/press:es.txt", {})),
        (" keyboard ", GloveSpec("keyboard", "", {})),
        ("replay:evening.glove", GloveSpec("replay", "evening.glove", {})),
        (
            "virtual:steady?fault=short:index+middle,wet",
            GloveSpec("virtual", "steady", {"fault": "short:index middle,wet"}),
        ),
    ],
)
def test_a_specification_is_taken_apart(text: str, expected: GloveSpec) -> None:
    assert parse_spec(text) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "unknown glove “”; there are auto, serial:PORT, keyboard"),
        ("banana", "unknown glove “banana”; there are auto"),
        ("replay:", "name it after the colon, as in replay:evening.glove"),
        ("virtual", "unknown virtual glove “”; there are virtual:steady and virtual:patient"),
        ("virtual:ghost", "unknown virtual glove “ghost”"),
        ("serial:", "name it after the colon, as in serial:/dev/ttyUSB0"),
        ("script", "name it after the colon, as in script:presses.txt"),
        ("keyboard:x", "keyboard takes nothing after a colon"),
        ("keyboard?seed=1", "unknown parameter “seed”; keyboard has none"),
        ("virtual:steady?speed=1", "unknown parameter “speed”; virtual:steady has seed, success"),
        ("serial:/dev/x?bauds=1", "unknown parameter “bauds”; serial:/dev/x has baud"),
        ("virtual:steady?seed", "name=value"),
        ("virtual:steady?seed=1&seed=2", "given twice"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(text: str, why: str) -> None:
    with pytest.raises(GloveError) as caught:
        parse_spec(text)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["", "x", "nan", "1.01", "-0.1", "1,0"])
def test_a_number_that_is_none_or_out_of_range_is_named(value: str) -> None:
    with pytest.raises(GloveError, match=f"success={value}: expected a number from 0 to 1"):
        number({"success": value}, "success", 0.8, 0, 1)


@pytest.mark.parametrize("value", ["", "x", "1.5", "-1", "1e3"])
def test_a_whole_number_that_is_none_is_named(value: str) -> None:
    with pytest.raises(GloveError, match=f"seed={value}: expected a whole number from 0 to 9"):
        whole_number({"seed": value}, "seed", 0, 0, 9)


def test_numbers_have_defaults() -> None:
    assert number({}, "a", 0.5, 0, 1) == 0.5
    assert whole_number({}, "a", 5, 0, 9) == 5
    assert number({"a": "1"}, "a", 0.5, 0, 1) == 1
    assert whole_number({"a": "9"}, "a", 5, 0, 9) == 9


def test_a_profile_is_one_of_those_there_are() -> None:
    assert profile_of({}) is None
    chosen = profile_of(parse_spec("serial:/dev/ttyUSB0?profile=fast").params)
    assert chosen is not None
    assert (chosen.baud, chosen.scan_hz, chosen.hop, chosen.history) == (1_000_000, 2_000, 1, 4)
    with pytest.raises(GloveError, match="there are standard, safe, fast, lite"):
        profile_of({"profile": "turbo"})
