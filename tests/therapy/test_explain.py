"""Why the difficulty is what it is: right for ten scripted histories.

Each history is made by the rule itself, phrase by phrase, and kept as the records keep it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from game.core.grips import GRIPS, Grip
from game.therapy.difficulty import (
    Change,
    DifficultyState,
    Flag,
    Limits,
    PhraseTotals,
    end_of_song,
    start_of_session,
    update,
)
from game.therapy.explain import Explanation, Step, explain_difficulty
from game.therapy.ramp import Ramp, ramp_result
from tests.therapy.phrases import of_grip, phrase

MONDAY = date(2026, 3, 2)


class History:
    """A hand's history, in the making."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.state: DifficultyState | None = None
        self.steps: list[Step] = []
        self.day = MONDAY

    def take(self, change: Change) -> "History":
        self.state = change.state
        evidence = dict(change.evidence)
        evidence |= {
            name: [grip.label for grip in grips]
            for name, grips in (("rested", change.rested), ("returned", change.returned))
            if grips
        }
        kept = json.loads(json.dumps(evidence))  # as it comes back from the records
        self.steps.append(Step(self.day, change.reason.value, change.before, change.after, kept))
        return self

    def ramp(self, outcomes: Sequence[bool]) -> "History":
        times = [1_000_000 * (2 + 3 * k) for k in range(len(outcomes))]
        ramp = Ramp(len(outcomes), len(outcomes) - 4)
        return self.take(
            ramp_result(ramp, self.limits, times, outcomes, presses=sum(outcomes), fist_hits=0)
        )

    def begun(self, rate: float = 1.0) -> "History":
        self.state = replace(DifficultyState.first(self.limits, rate), seen=5_000)
        return self

    def phrases(self, *played: PhraseTotals) -> "History":
        for one in played:
            assert self.state is not None
            self.take(update(self.state, self.limits, [replace(one, x_at_commit=self.state.x)]))
        return self

    def play(self, asked: int, hits: int, times: int = 1, **about: object) -> "History":
        for _ in range(times):
            assert self.state is not None
            x = self.state.x
            self.phrases(phrase(asked, hits, x, **about))
        return self

    def next_day(self) -> "History":
        assert self.state is not None
        self.day += timedelta(days=1)
        return self.take(start_of_session(self.state, self.limits))

    def told(self, limits: Limits | None = None, **about: bool) -> Explanation:
        explained = explain_difficulty(
            "left", "glove", self.state, limits or self.limits, self.steps, **about
        )
        assert json.loads(json.dumps(explained.document()))["code"] == explained.code
        assert all(s.endswith(".") and "{" not in s for s in explained.sentences)
        return explained


def test_1_nothing_was_played_yet():
    told = History().told()
    assert told.code == "not_begun"
    assert told.rate is None
    assert told.sentences == (
        "Nothing is known yet of the left hand with the glove: its first song is a ramp from slow "
        "to quick that finds where to begin.",
    )


def test_2_the_first_song_found_where_to_begin():
    history = History().ramp([True] * 20 + [False] * 4 + [True] * 4)
    told = history.told(first_week=True)
    assert told.code == "ramp"
    assert told.rate == pytest.approx(history.state.rate)
    assert told.sentences[0] == (
        f"The left hand with the glove is asked for {told.rate:.2f} targets/s, so that about 80% "
        "are hit, because the plan is in its first week."
    )
    good = history.steps[0].evidence["good_rate"]
    assert told.sentences[1] == (
        f"On 2026-03-02: In the first song {good:.2f} targets/s still went well, so play starts at "
        f"{told.rate:.2f} targets/s."
    )
    assert len(told.sentences) == 2


def test_3_a_good_day_raised_it():
    told = History().begun().play(15, 14, times=3).told()
    assert told.code == "raised"
    assert told.steps == {"raised": 3}
    assert told.sentences[1] == (
        f"On 2026-03-02 it went from 1.00 to {told.rate:.2f} targets/s: it rose 3 times and fell "
        "not once."
    )
    assert told.sentences[2].startswith("Last: 14 of 15 targets were hit, more than the 80% ")


def test_4_a_hard_day_lowered_it_after_a_start_a_little_below_the_last_rate():
    told = History().begun().play(15, 14).next_day().play(15, 9, times=2).told()
    assert told.code == "lowered"
    assert told.steps == {"session_start": 1, "lowered": 2}
    assert "On 2026-03-03" in told.sentences[1]
    assert "fell twice" in told.sentences[1]
    assert told.sentences[2].startswith("A new session starts at 90% of the last rate: 0.9")
    assert told.sentences[3].startswith("Last: 9 of 15 targets were hit, fewer than the 80%")


def test_5_pain_held_it_though_everything_was_hit():
    told = History().begun().play(15, 15, times=4, flags=frozenset({Flag.PAIN})).told()
    assert (told.code, told.rate) == ("held_pain", 1.0)
    assert told.sentences[1] == (
        "On 2026-03-02 it went from 1.00 to 1.00 targets/s: it rose not once, fell not once and "
        "was held 4 times because pain was reported."
    )
    assert told.sentences[-1] == (
        "Last: 15 of 15 targets were hit; the rate does not rise and stays at 1.00 targets/s, "
        "because pain was reported."
    )


def test_6_the_therapist_locked_it():
    told = History(Limits(locked=True)).begun().play(15, 15).told()
    assert (told.code, told.locked) == ("locked", True)
    assert told.sentences[1] == "The therapist has locked it: it may fall, and does not rise."
    assert "because the therapist has locked it" in told.sentences[-1]


def test_7_new_limits_have_moved_past_it():
    told = History().begun(1.5).play(15, 14).told(Limits(rate_max=1.0))
    assert (told.code, told.rate) == ("limits", 1.0)
    assert told.sentences[1].endswith("and is held within 0.10 to 1.00 targets/s.")
    up = History().begun(0.2).play(15, 14).told(Limits(rate_min=0.5))
    assert up.rate == 0.5
    assert "is raised to within 0.50 to 3.00 targets/s" in up.sentences[1]


def test_8_it_stands_at_the_highest_rate_that_is_allowed():
    limits = Limits(rate_max=1.05)
    told = History(limits).begun().play(15, 15, times=4).told()
    assert told.code == "at_highest"
    assert told.sentences[1] == "That is the highest that is allowed (0.10 to 1.05 targets/s)."
    assert told.sentences[-1].endswith("the rate is at the highest allowed, 1.05 targets/s.")


def test_9_one_grip_rests_and_another_is_asked_more_often():
    history = History().begun()
    for _ in range(10):
        history.phrases(of_grip(Grip.LITTLE, [False] * 4), of_grip(Grip.RING, [True, False] * 2))
        history.phrases(*(of_grip(grip, [True] * 4) for grip in GRIPS[:2]))
    told = history.told()
    assert told.grips["little"]["resting"]
    assert told.grips["little"]["share"] <= 0.05
    assert told.grips["ring"]["share"] > told.grips["index"]["share"]
    assert any(s.startswith("The grip “little” rests: ") for s in told.sentences)
    assert any(s.startswith("Asked more often than prescribed") for s in told.sentences)
    assert "“ring”" in told.sentences[-1]
    rested = [step.sentence for step in history.steps if "rested" in step.evidence]
    assert len(rested) == 1
    assert rested[0].endswith("The grip “little” rests: fewer than 3 in 10 were hit.")


def test_10_many_reasons_in_one_day_and_a_song_that_went_badly():
    history = History().begun()
    history.play(15, 15, presses=(8,) * 5).play(15, 15, played_share=0.5)
    history.play(15, 15, fist_hits=(1,) * 5).play(15, 14).play(15, 6)
    history.state = end_of_song(history.state, history.limits, 75, 40)
    told = history.told()
    assert told.code == "lowered"
    assert told.steps == {
        "held_many_presses": 1,
        "held_partly_played": 1,
        "held_fist": 1,
        "raised": 1,
        "lowered": 1,
    }
    summary = told.sentences[1]
    assert "rose once, fell once" in summary
    assert "was held once because there were many more presses than targets" in summary
    assert "was held once because a phrase was played only in part" in summary
    assert "was held once because hits came with the fist closed" in summary
    assert told.sentences[2].startswith("Last: 6 of 15 targets were hit, fewer than the 80% ")
    assert told.sentences[3] == (
        "The last song went badly, so the next one leans on the grips that go best."
    )


def test_what_a_later_version_wrote_is_told_as_the_plain_fact():
    step = Step(MONDAY, "held_moonlight", -1.0, 0.0)
    assert step.sentence == "The rate went from 0.50 to 1.00 targets/s."
    state = DifficultyState.first(Limits(), 1.0)
    told = explain_difficulty("left", "glove", state, Limits(), [step])
    assert told.code == "held_moonlight"
    assert "of something that this version does not know" in told.sentences[1]


def test_evidence_that_is_missing_leaves_the_plain_fact():
    assert Step(MONDAY, "raised", 0.0, 1.0).sentence == (
        "The rate went from 1.00 to 2.00 targets/s."
    )
