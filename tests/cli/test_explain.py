"""``griptune patient explain``: in words and as JSON, from what real plays left in the records."""

import pytest

from game.records.store import Store
from tests.cli.evenings import evening
from tests.cli.running import answer, griptune, refusal


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A data folder with an evening of two songs and with somebody who never played."""
    data = tmp_path_factory.mktemp("explain")
    documents = evening(data, "moderate", 3, ["ode-to-joy"], 2)
    with Store.open(data) as store:
        store.add_patient("ANNA", hand="left")
    return data, documents


def test_it_tells_the_ramp_the_last_changes_and_what_comes_next(played):
    data, documents = played
    told = answer("patient", "explain", "moderate-3", "--data", data)
    (one,) = told["explanations"]
    assert (told["patient"], one["hand"], one["input_kind"]) == ("moderate-3", "right", "virtual")
    assert one["rate"] == pytest.approx(documents[-1]["next"]["rate"], abs=1e-4)
    assert sum("In the first song" in sentence for sentence in one["sentences"]) == 1
    assert one["steps"]["ramp"] == 1, "the ramp is played once, however quickly songs follow"
    assert sum(one["steps"].values()) > 2
    assert sum(grip["share"] for grip in one["grips"].values()) == pytest.approx(1, abs=1e-3)
    words = griptune("patient", "explain", "moderate-3", "--hand", "right", "--data", data)
    assert words.stdout.splitlines() == one["sentences"]


def test_before_the_first_song_a_ramp_is_announced(played):
    done = griptune("patient", "explain", "ANNA", "--data", played[0])
    assert done.stdout.startswith("Nothing is known yet of the left hand with the glove")


def test_what_is_not_there_is_said_in_one_line(played):
    there = refusal("patient", "explain", "moderate-3", "--input", "keyboard", "--data", played[0])
    assert "there is the right hand with the virtual glove" in there
