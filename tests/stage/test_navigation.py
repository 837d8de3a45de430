"""Every action that a screen offers leads somewhere."""

import pytest

from game.stage import samples
from game.stage.navigation import DEEDS, ROOMS

SIZE = (320, 180)

#: Sample messages have keys that only show what a message may look like.
OFFERED = sorted(
    {
        action.partition(":")[0]
        for name, screen in samples.screens(SIZE)
        if name != "message-glove"
        for action in (*(choice.action for choice in screen.choices), screen.back)
        if action is not None
    }
)


@pytest.mark.parametrize("action", OFFERED)
def test_an_action_of_a_screen_is_in_the_table(action: str) -> None:
    if action == "more":
        return  # turns the page of its own screen
    assert (action in ROOMS) != (action in DEEDS)
