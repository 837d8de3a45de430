"""Tasks off the screen: their sets, their easier and harder forms, ticked off and never scored."""

import pytest

from game.therapy.prescription import Task
from game.therapy.tasks import SHEETS, Form, Ticked, to_do


def test_every_task_that_can_be_prescribed_has_its_sheet():
    assert set(SHEETS) == set(Task)


@pytest.mark.parametrize(
    ("task", "sets", "amount"),
    [
        (Task.PUTTY_SQUEEZE, 2, 10),
        (Task.FINGER_SCISSOR, 6, 10),  # two for each of three pairs
        (Task.TOWEL_WRING, 4, 10),  # two each way
        (Task.CLOTHESPIN, 2, 15),
        (Task.COIN_FLIPS, 2, 10),
        (Task.RUBBER_BAND, 2, 15),
    ],
)
def test_the_goals_to_begin_with_are_those_of_the_page(task, sets, amount):
    sheet = SHEETS[task]
    assert sheet.sets(Form.USUAL) == sets
    assert sheet.forms[Form.USUAL].amount == amount
    assert sheet.repetitions(Form.USUAL) == sets * amount


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda s: s.task.value)
def test_the_easier_form_is_less_and_the_harder_one_more(sheet):
    easier, usual, harder = (sheet.repetitions(form) for form in Form)
    assert easier < usual < harder
    assert len({sheet.forms[form].how for form in Form}) == 3
    assert sheet.seconds(Form.USUAL) == usual * sheet.seconds_each


def test_sets_are_ticked_off_one_by_one_and_never_too_many():
    ticked = Ticked(Task.CLOTHESPIN)
    assert not ticked.done
    ticked = ticked.tick().tick()
    assert ticked.done
    assert (ticked.repetitions, ticked.seconds) == (30, 90.0)
    assert ticked.tick() == ticked
    assert ticked.untick().sets == 1
    assert Ticked(Task.CLOTHESPIN).untick().sets == 0
    with pytest.raises(ValueError, match="has 2 sets"):
        Ticked(Task.CLOTHESPIN, Form.USUAL, 3)


def test_what_is_to_do_keeps_the_order_of_the_plan_and_what_was_done_of_it():
    done = Ticked(Task.COIN_FLIPS, Form.EASIER, 1)
    more = Ticked(Task.COIN_FLIPS, Form.USUAL, 2)
    other = Ticked(Task.TOWEL_WRING, Form.USUAL, 1)
    assert to_do((Task.CLOTHESPIN, Task.COIN_FLIPS), (done, more, other)) == (
        Ticked(Task.CLOTHESPIN),
        more,
    )
    assert to_do((), (done,)) == ()
