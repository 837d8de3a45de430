"""The plan as a calendar file: RFC 5545, read back by a reader written for this test."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.therapy.calendar import plan_ics
from game.therapy.prescription import changed, preset

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 20, 30, tzinfo=timezone(timedelta(hours=2)))
PLAN = preset("middle", MONDAY)
NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def events(text: str) -> list[dict[str, str]]:
    """The events of a calendar, name (with parameters) to value, unfolded."""
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and not line.startswith("END:"):
            assert name not in found[-1]
            found[-1][name] = value
    return found


def test_practice_is_on_the_days_of_the_plan_until_the_review():
    practice, review = events(plan_ics(PLAN, uid="abc", now=NOW))
    assert practice["DTSTART"] == "20260302T100000"
    assert practice["DURATION"] == "PT25M"
    assert practice["RRULE"] == "FREQ=WEEKLY;BYDAY=MO,TU,WE,FR,SA;UNTIL=20260426T235959"
    assert practice["DTSTAMP"] == "20260301T183000Z"
    assert practice["UID"] == "abc-practice@griptune"
    assert review["DTSTART;VALUE=DATE"] == "20260427"
    assert review["DTEND;VALUE=DATE"] == "20260428"


@pytest.mark.parametrize("days", range(1, 8))
@pytest.mark.parametrize("offset", range(7))
def test_the_first_practice_is_on_one_of_the_days_and_not_before_the_plan(days, offset):
    plan = changed(PLAN, start=MONDAY + timedelta(days=offset), days=days, review=date(2026, 4, 20))
    practice, _ = events(plan_ics(plan, uid="x", now=NOW, at=time(16, 45)))
    first = datetime.strptime(practice["DTSTART"], "%Y%m%dT%H%M%S")
    weekdays = practice["RRULE"].split("BYDAY=")[1].split(";")[0].split(",")
    assert len(weekdays) == days
    assert NAMES[first.weekday()] in weekdays
    assert timedelta(0) <= first.date() - plan.start < timedelta(weeks=1)
    assert first.time() == time(16, 45)


def test_a_plan_too_short_for_a_day_of_practice_has_its_review_alone():
    plan = changed(PLAN, days=1, review=MONDAY + timedelta(days=1))
    (review,) = events(plan_ics(plan, uid="x", now=NOW))
    assert "RRULE" not in review


def test_nothing_of_the_patient_stands_in_it():
    plan = changed(PLAN, note="hemiparesis, left")
    assert "hemiparesis" not in plan_ics(plan, uid="x", now=NOW)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=200))
def test_any_words_are_escaped_folded_and_come_back(words):
    practice, _ = events(
        plan_ics(PLAN, uid="x", now=datetime(2026, 3, 1, tzinfo=UTC), summary=words)
    )
    read, letters = "", iter(practice["SUMMARY"])
    for letter in letters:
        read += next(letters) if letter == "\\" else letter
    assert read == words.replace("\n", " ")
