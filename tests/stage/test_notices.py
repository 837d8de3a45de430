"""The one sentence for what is not as it should be, on Today and while a song plays."""

from pathlib import Path

import pytest

from game.stage.audio import DEVICE_LOST, NO_DEVICE
from game.stage.notices import notice
from game.stage.voice import NO_SPEECH, Voice
from tests.stage.test_help_rooms import House

NO_GLOVE = "No glove found. The keyboard plays."


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path / "data")
    made.audio.silent_reason = None
    made.choose("guest")
    yield made
    made.keeper.close()


def test_where_all_is_well_nothing_is_said(house):
    assert notice(house.evening) == ""


def test_sound_that_goes_is_told_even_where_no_glove_was_found(house):
    house.services.notice = NO_GLOVE
    assert notice(house.evening) == NO_GLOVE
    house.audio.silent_reason = NO_DEVICE
    assert notice(house.evening) == NO_GLOVE, "as it has been from the start"
    house.audio.silent_reason = DEVICE_LOST
    assert notice(house.evening) == DEVICE_LOST


def test_a_computer_without_speech_says_so_where_it_was_asked_to_speak(house):
    house.evening.voice = Voice(None)
    assert notice(house.evening) == NO_SPEECH
    house.choose("stop")
    assert NO_SPEECH in house.words()
