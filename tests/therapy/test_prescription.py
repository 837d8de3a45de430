"""A prescription is checked to the last field, and says in one sentence what is wrong with it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.core.grips import Grip
from game.therapy.prescription import (
    PRESETS,
    Mode,
    Prescription,
    Task,
    changed,
    preset,
    read_prescription,
)

MONDAY = date(2026, 3, 2)
PLAN = {"start": MONDAY, "review": MONDAY + timedelta(weeks=6)}


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("hand", ["left", "right"])
def test_every_preset_is_a_plan_that_can_be_kept_and_read_again(name, hand):
    plan = preset(name, MONDAY, hand)
    assert read_prescription(plan.document()) == plan
    assert plan.hand == hand
    assert plan.limits(MONDAY).success_target >= plan.success_target


def test_presets_are_what_they_are_for():
    early, late = preset("early", MONDAY), preset("late", MONDAY)
    assert (early.minutes, early.rate_max) < (late.minutes, late.rate_max)
    assert early.window.late_us > late.window.late_us
    assert preset("maintenance", MONDAY).days == 3
    assert preset("injury", MONDAY).minutes <= 15
    assert preset("injury", MONDAY).days == 5
    assert preset("child", MONDAY).minutes <= 15


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hand": "both"}, "hand"),
        ({"grips": {}}, "at least one grip"),
        ({"grips": {"thumb": 1}}, "“thumb” is no grip"),
        ({"grips": {"index": 0}}, "above 0"),
        ({"grips": {"index": float("nan")}}, "above 0"),
        ({"minutes": 46}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"days": 8}, "days"),
        ({"rate_min": 2, "rate_max": 1}, "lowest rate"),
        ({"rate_max": 3.5}, "“highest rate” has to be a number from 0.1 to 3$"),
        ({"success_target": 0.95}, "“success to aim for” has to be a number from 0.65 to 0.9$"),
        ({"rate_min": float("nan")}, "“lowest rate” has to be a number from 0.1 to 3$"),
        ({"minutes": "lots"}, "“minutes a day” has to be a whole number from 1 to 45$"),
        ({"days": 1e99}, "“days a week” has to be a whole number from 1 to 7$"),
        ({"start": "2026-13-01"}, "“first day” has to be a day such as 2026-03-02$"),
        ({"hand": "both"}, "“hand” can be: left, right$"),
        ({"modes": ["dance"]}, "“ways of practising” can be: play, practice, mirror"),
        ({"note": "x" * 2001}, "“note” can have 2000 letters at most$"),
        ({"locked": "maybe"}, "“locked” cannot be that$"),
        ({"early_ms": 20}, "“may be early, ms” has to be a whole number from 50 to 500$"),
        ({"modes": ["mirror"]}, "“play”"),
        ({"tasks": ["juggle"]}, "“tasks off the screen” can be: putty-squeeze"),
        ({"review": MONDAY}, "after its start"),
        ({"review": MONDAY + timedelta(weeks=9)}, "8 weeks"),
        ({"start": "yesterday"}, "“first day” has to be a day"),
        ({"colour": "blue"}, "there is no “colour” in a plan"),
    ],
)
def test_what_cannot_be_prescribed_is_one_sentence_that_names_it(fields, words):
    with pytest.raises(ValueError, match=words) as refused:
        read_prescription({**PLAN, **fields})
    assert "\n" not in str(refused.value)
    assert "Input" not in str(refused.value)


def test_a_plan_without_a_day_says_which_is_missing():
    with pytest.raises(ValueError, match="“first day” is missing"):
        read_prescription({name: value for name, value in PLAN.items() if name != "start"})


def test_grips_and_weights_become_the_limits():
    plan = read_prescription({**PLAN, "grips": {"ring": 2, "key": 1}, "locked": True})
    limits = plan.limits()
    assert limits.grips == (Grip.RING, Grip.KEY)
    assert (limits.weights[Grip.RING], limits.weights[Grip.KEY]) == (2.0, 1.0)
    assert limits.locked


def test_in_the_first_week_one_aims_a_little_lower():
    plan = read_prescription({**PLAN, "success_target": 0.75})
    assert plan.limits(MONDAY).success_target == 0.85
    assert plan.limits(MONDAY + timedelta(days=6)).success_target == 0.85
    assert plan.limits(MONDAY + timedelta(days=7)).success_target == 0.75
    assert plan.limits().success_target == 0.75


def test_the_window_may_reach_further_to_one_side():
    window = read_prescription({**PLAN, "early_ms": 120, "late_ms": 300}).window
    assert (window.early_us, window.late_us) == (120_000, 300_000)


def test_two_plans_that_say_the_same_are_the_same():
    one = read_prescription({**PLAN, "grips": {"key": 1, "index": 2}, "tasks": ["coin-flips"] * 2})
    other = read_prescription({**PLAN, "grips": {"index": 2, "key": 1}, "tasks": ["coin-flips"]})
    assert one == other
    assert one.document() == other.document()
    assert one.tasks == (Task.COIN_FLIPS,)


def test_a_change_is_a_new_version_and_is_checked_like_the_first():
    plan = preset("middle", MONDAY)
    more = changed(plan, minutes=30)
    assert (plan.minutes, more.minutes) == (25, 30)
    with pytest.raises(ValueError, match="minutes"):
        changed(plan, minutes=300)


# A busy machine takes its time to think of documents; that says nothing about them.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*Prescription.model_fields, "other"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=5),
            st.lists(st.sampled_from([*Mode, *Task, "x"]), max_size=3),
            st.dictionaries(st.sampled_from(["index", "key", "x"]), st.floats(), max_size=3),
            st.dates(),
        ),
        max_size=6,
    )
)
def test_any_document_is_a_plan_or_one_sentence(fields):
    sentence = ""
    try:
        plan = read_prescription({**PLAN, **fields})
        assert read_prescription(plan.document()) == plan
        assert plan.limits().rate_max <= 3.0
    except ValueError as error:
        sentence = str(error)
    assert "\n" not in sentence
