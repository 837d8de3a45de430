"""``griptune patient plan``: today and the week, and a calendar that a telephone takes in."""

from datetime import date, timedelta

from game.cli.headless import play_headless
from game.cli.keeping import Keeper, play_options
from game.cli.planning import days_done
from game.cli.settings import Settings
from game.therapy.prescription import changed, preset
from tests.cli.running import answer, griptune, refusal


def prescribed(tmp_path, **changes):
    with Keeper.open(tmp_path) as keeper:
        keeper.store.add_patient("ANNA")
        plan = changed(preset("middle", date.today()), tasks=["clothespin"], **changes)
        keeper.store.prescribe("ANNA", plan, "therapist")
        play_headless(
            keeper, "ode-to-joy", "ANNA", "virtual:steady", play_options(Settings()), fast=True
        )
        assert keeper.writer.wait_until_written(30.0)
        return days_done(keeper.store, "ANNA", date.today())


def test_today_counts_what_was_played_and_the_plan_becomes_a_calendar(tmp_path):
    done = prescribed(tmp_path, minutes=1)
    assert sum(day.play_us for day in done) > 60_000_000
    calendar = tmp_path / "plan.ics"
    told = answer("patient", "plan", "ANNA", "--ics", calendar, "--at", "16:30", "--data", tmp_path)
    assert told["minutes_done"] >= told["minutes"] == 1
    assert (told["days_kept"], told["days_planned"]) == (1, 5)
    assert told["week"][date.today().weekday()] == "kept"
    assert told["tasks"] == ["clothespin"]
    assert told["review_in_days"] == 56
    text = calendar.read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "T163000\r\n" in text
    assert "ANNA" not in text
    until = date.today() + timedelta(days=55)
    assert f"UNTIL={until:%Y%m%d}T235959" in text


def test_without_a_plan_or_with_a_strange_time_one_line_says_so(tmp_path):
    griptune("patient", "add", "ANNA", "--data", tmp_path)
    assert "nothing is prescribed" in refusal("patient", "plan", "ANNA", "--data", tmp_path)
    assert "10:00" in refusal("patient", "plan", "ANNA", "--at", "noon", "--data", tmp_path)
