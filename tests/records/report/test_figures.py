"""The report's figures against the same figures computed in another way, from targets and edges.

The checks below use nothing of the report: plain loops and the statistics module over what the
pure judge says of every play.
"""

import math
import statistics
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from game.core.grips import ACROSS_THE_HAND, GRIPS
from game.core.judge import judge
from game.core.statistics import wilson
from game.records.plays import PlayRecord
from game.records.report.figures import Figures, figures
from game.records.report.gather import gather
from game.records.report.material import Measure
from game.records.report.plan_words import plan_difference
from game.records.report.trends import fatigue_of, level_days
from game.words import Words
from tests.records.databases import both
from tests.records.examples import NOON
from tests.records.examples import play as a_play
from tests.records.report.synthetic import FIRST, HERE, LAST, material, one_play, plays_of
from tests.records.whole_patient import fill

__all__ = ["both"]


@pytest.fixture(scope="module")
def whole() -> Figures:
    return figures(material(1, weeks=2))


@pytest.fixture(scope="module")
def plays() -> list[PlayRecord]:
    return plays_of(1, weeks=2)


def test_success_misses_and_selectivity_are_those_of_every_target(whole, plays) -> None:
    asked, hits, missed = (dict.fromkeys(GRIPS, 0) for _ in range(3))
    omissions = dict.fromkeys(GRIPS, 0)
    made: dict[tuple[int, int], int] = {}
    for play in plays:
        judged = judge(play.targets, play.edges, play.window)
        for target, row in zip(play.targets, judged.targets, strict=True):
            grip = GRIPS[target["grip"]]
            asked[grip] += 1
            hits[grip] += bool(row["hit"])
            missed[grip] += not row["hit"]
            omissions[grip] += int(row["miss"]) == 1
        for press in judged.presses:
            if press["target_index"] >= 0:
                pair = (
                    int(play.targets[press["target_index"]]["grip"]),
                    int(play.edges[press["edge_index"]]["grip"]),
                )
                made[pair] = made.get(pair, 0) + 1
    assert [row.grip for row in whole.grips] == list(ACROSS_THE_HAND)
    for i, row in enumerate(whole.grips):
        assert (row.asked, row.hits) == (asked[row.grip], hits[row.grip])
        assert row.missed.total == missed[row.grip]
        assert row.missed.omission == omissions[row.grip]
        assert (row.low, row.high) == wilson(row.hits, row.asked)
        for j, other in enumerate(ACROSS_THE_HAND):
            assert whole.selectivity.counts[i][j] == made.get((row.grip, other), 0)
    assert whole.overall.asked == sum(asked.values())
    assert whole.overall.missed.total == sum(missed.values())


def test_timing_is_that_of_the_glove_alone(whole, plays) -> None:
    times: dict[int, list[float]] = {grip: [] for grip in GRIPS}
    for play in plays:
        if play.input_kind == "keyboard":
            continue
        judged = judge(play.targets, play.edges, play.window).targets
        for target, row in zip(play.targets, judged, strict=True):
            if row["hit"]:
                times[target["grip"]].append(int(row["asynchrony_us"]) / 1000)
    assert whole.coarse_plays == 1
    assert whole.overall.timed_plays == len(plays) - 1
    for row in whole.grips:
        own = times[row.grip]
        middle = statistics.median(own)
        assert row.timing.median == pytest.approx(middle)
        assert row.timing.mean == pytest.approx(statistics.mean(own))
        assert row.timing.sd == pytest.approx(statistics.stdev(own))
        spread = 1.4826 * statistics.median(abs(one - middle) for one in own)
        assert row.timing.spread == pytest.approx(spread)
        assert row.timing.within_50 == pytest.approx(sum(abs(t) <= 50 for t in own) / len(own))
        assert row.timing.unclipped >= row.timing.spread * 0.8


def test_days_and_weeks_add_up_to_the_plays(whole, plays) -> None:
    assert [day.day for day in whole.days][:1] == [FIRST]
    assert len(whole.days) == (LAST - FIRST).days + 1
    for day in whole.days:
        own = [p for p in plays if p.local_date == day.day]
        assert day.minutes == pytest.approx(sum(p.duration_us for p in own) / 60e6)
        counted = [sum(p.of_grip(g).counted for p in own) for g in ACROSS_THE_HAND]
        assert list(day.counted) == counted
    assert sum(w.counted for w in whole.weeks) == whole.counted
    assert sum(w.done_minutes for w in whole.weeks) == pytest.approx(whole.minutes)
    assert [(w.planned_days, w.planned_minutes) for w in whole.weeks[:1]] == [(5, 125)]
    assert (whole.weeks[-1].planned_minutes, whole.weeks[-1].done_days) == (100, 0)


def test_the_level_of_a_day_and_its_band() -> None:
    """Two plays on Monday, one on Tuesday: the scatter within days is Monday's."""
    monday, tuesday = date(2025, 3, 3), date(2025, 3, 4)
    rows = level_days([(monday, -1.0), (monday, -1.2), (tuesday, -0.8)])
    scatter = statistics.stdev([-1.0, -1.2])
    assert [r.day for r in rows] == [monday, tuesday]
    assert rows[0].rate == pytest.approx(2**-1.1)
    assert rows[0].high == pytest.approx(2 ** (-1.1 + 1.959964 * scatter / math.sqrt(2)))
    assert rows[1].low == pytest.approx(2 ** (-0.8 - 1.959964 * scatter))
    [alone] = level_days([(monday, -1.0)])
    assert (alone.low, alone.high) == (None, None), "one play says nothing of its error"


def test_fatigue_is_the_slope_of_the_level_in_a_sitting() -> None:
    """The level falls by a tenth of an octave a minute, so by one in ten; dwell grows by 20 ms."""
    from game.records.report.material import Step, measured

    random = np.random.default_rng(3)
    at = datetime(2025, 3, 3, 10, tzinfo=HERE)
    plays, steps = [], []
    for number in range(3):
        play = measured(one_play(random, at + timedelta(minutes=10 * number), -1.0, 60))
        minute = play.play.duration_us / 60e6
        begun = minute * number
        minutes = begun + play.hit_us / 60e6
        play.dwell_us[:] = ((100 + 2 * minutes) * 1000).astype("i8")
        plays.append(play)
        steps += [
            Step(play.play.id, round(s * minute * 60e6), -1.0 - 0.1 * (begun + s * minute))
            for s in (0.0, 0.3, 0.6, 0.9)
        ]
    found = fatigue_of(plays, steps)
    [sitting] = found.sittings
    assert sitting.slope == pytest.approx(-1.0)
    assert sitting.flagged
    assert found.dwell_median == pytest.approx(20, abs=0.1)
    assert fatigue_of(plays[:1], steps).sittings == (), "two minutes are too short to tell"
    assert fatigue_of(plays, []).median is None


def test_change_is_called_change_only_beyond_its_error() -> None:
    given = material(1, weeks=1)
    days = [FIRST + timedelta(days=d) for d in (1, 8, 20)]

    def last(value: float) -> tuple[str | None, float | None]:
        measures = [
            Measure(day, "speed", "left", v, "/s", input_kind="glove")
            for day, v in zip(days, (0.50, 0.54, value), strict=True)
        ]
        [row] = figures(_with(given, assessments=measures)).assessments
        return row.verdict, row.needed

    # The first two have the mean .52 and an SEM of .04/√2: the least change is 1.96 · .04.
    assert last(0.59) == ("no change shown", pytest.approx(1.959964 * 0.04))
    assert last(0.60)[0] == "better"
    assert last(0.44)[0] == "worse"
    two = [Measure(day, "speed", "left", 0.5, "/s") for day in days[:2]]
    [row] = figures(_with(given, assessments=two)).assessments
    assert row.verdict is None


def _with(given, **values):
    from dataclasses import replace

    return replace(given, **values)


def test_pain_before_and_after_every_sitting(whole) -> None:
    given = material(1, weeks=2)
    assert len(whole.felt) == len(given.sittings)
    for row in whole.felt:
        before, after = (f for f in given.felt if f.at.date() == row.day)
        assert (row.pain_before, row.pain_after) == (before.pain, after.pain)


def test_what_the_therapist_changed_is_in_words(whole) -> None:
    [change] = whole.plan_changes
    assert change.author == "J. Berg, OT"
    english = plan_difference(Words("en"), change.before, change.after)
    assert any("minutes a day 25 → 20" in what for what in english)
    assert any("grips ring ×1 → ×2" in what for what in english)
    german = "; ".join(plan_difference(Words("de"), change.before, change.after))
    assert "Minuten am Tag 25 → 20" in german
    assert "Griffe Ringfinger ×1 → ×2" in german


def test_the_records_give_the_same_report_on_both_databases(both) -> None:
    fill(both)
    found = figures(
        gather(both, "anna-1", first=NOON.date() - timedelta(days=9), last=date(2025, 3, 31))
    )
    kept = both.plays("ANNA-1")
    assert found.overall.plays == len(kept) == 8
    assert found.counted == sum(p.counted for p in kept)
    assert found.overall.hits == sum(p.hits for p in kept)
    assert [(f.pain_before, f.pain_after, f.sharp) for f in found.felt] == [
        (1, 3, False),
        (2, 3, True),
    ]
    assert [c.words for c in found.flags] == ["pain"]
    assert found.assessments[0].times == 3
    assert found.outcomes[0].last == 24.0
    assert {words for words, _ in found.goals} == {"button my shirt", "hold a cup"}


def test_a_period_without_anything_is_a_report_as_well(both) -> None:
    both.add_patient("NEW")
    found = figures(gather(both, "NEW"))
    assert found.counted == 0
    assert found.overall.share is None
    assert found.plan is None
    assert (found.last - found.first).days == 55


def test_somebody_who_began_today_has_two_weeks_on_paper(both) -> None:
    patient = both.add_patient("NEW")
    both.save_play(a_play(1, patient_id=patient.id, started_at=NOON))
    found = gather(both, "NEW")
    assert (found.last, (found.last - found.first).days) == (NOON.date(), 13)
    assert len(found.plays) == 1
