"""Which plays are timed exactly enough for figures of timing."""

import pytest

from game.records.input_timing import is_coarse


@pytest.mark.parametrize(
    ("kind", "description", "coarse"),
    [
        ("glove", "glove GLOVE001 on /dev/ttyUSB0; resolution 1 ms", False),
        ("midi", "MIDI controller; resolution 2 ms", False),
        ("keyboard", "keyboard; resolution 19 ms", True),
        ("gamepad", "gamepad or switches; resolution 12 ms", True),
        ("mixed", "glove A (30 presses), keyboard (1 press); resolution 25 ms", True),
        # Without a stated resolution the kind decides.
        ("keyboard", "keyboard", True),
        ("mixed", "several", True),
        ("glove", "a glove", False),
        ("virtual", "virtual:steady?seed=1", False),
        ("replay", "recording evening.glove", False),
        # What a glove calls itself is not what is stated about it.
        ("glove", "glove resolution 90 ms on COM3; resolution 1 ms", False),
    ],
)
def test_keys_and_buttons_are_coarse(kind, description, coarse):
    assert is_coarse(kind, description) is coarse
