"""The six lines a therapist copies into the records: figures, in any language, and no more."""

from dataclasses import dataclass, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import Grip
from game.therapy.check_in import CheckIn
from game.therapy.session import (
    MINUTE_US,
    Who,
    answer,
    begin,
    cooled_down,
    played,
    rest,
    stop,
    warmed_up,
)
from game.therapy.session_note import session_note
from game.words.catalogue import Words

DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Row:
    presented: int
    hits: int
    near: int = 2
    extra: int = 1

    @property
    def counted(self) -> int:
        return self.hits + self.near

    @property
    def repetitions(self) -> int:
        return self.hits + self.near + self.extra


@dataclass(frozen=True)
class Play:
    grips: tuple[Row, ...] = (Row(20, 16),) * 5
    mode: str = "play"
    duration_us: int = 3 * MINUTE_US
    asynchrony_median_ms: float | None = -30.0
    asynchrony_sd_ms: float | None = 80.0
    level: float | None = -1.0
    x_after: float | None = -0.5
    hand: str = "right"


def half_an_hour():
    session = warmed_up(answer(begin(Who.PATIENT), CheckIn(1, 2)))
    session = played(played(session, 2 * MINUTE_US, 40), 3 * MINUTE_US, 95)
    return answer(rest(session), CheckIn(2, 4))


def test_a_session_is_told_in_six_lines():
    session = answer(cooled_down(stop(half_an_hour())), CheckIn(2, 5))
    warm_up = Play(mode="warm-up", duration_us=2 * MINUTE_US)
    assert session_note(day=DAY, plays=[warm_up, Play(), Play()], session=session) == (
        "2026-03-02: 8 of 25 min, songs: 3, blocks: 1, right hand.",
        "Pinches: 270 counted, 285 in all. Not scored: warm-up 2 min.",
        "Hits: 160 of 200 (80 %, 74 to 85 %); timing -30 ms, spread 80 ms.",
        "Pace: 0.50 targets/s in the first song, 0.71 at the end.",
        "Pain 1 before, 2 after; fatigue 2 before, 5 after.",
        "Look at: ended: the patient's wish.",
    )


def test_a_stop_for_pain_a_weak_grip_and_a_rest_are_to_be_looked_at():
    session = answer(rest(played(half_an_hour_again(), 3 * MINUTE_US, 60)), CheckIn(5, 2))
    weak = Play(grips=(Row(20, 18), Row(20, 18), Row(20, 9), Row(20, 18), Row(20, 18)))
    lines = session_note(
        day=DAY,
        plays=[weak],
        session=session,
        resting=[Grip.LITTLE],
        sets_done=1,
        sets_planned=4,
    )
    assert lines[4] == "Pain 1 before, 5 after; fatigue 2 before, 2 after."
    assert lines[5] == ("Look at: ended: pain, ring 9 of 20, little rests, tasks: 1 of 4 sets.")


def half_an_hour_again():
    return played(warmed_up(answer(begin(Who.PATIENT), CheckIn(1, 2))), 2 * MINUTE_US, 40)


def test_plays_without_a_session_have_a_note_too():
    lines = session_note(day=DAY, plays=[Play(level=None, x_after=None)])
    assert lines[0] == "2026-03-02: 3 min, songs: 1, right hand."
    assert lines[3] == "Pace: not adapted."
    assert lines[4] == "Pain and fatigue: not asked."
    assert lines[5] == "Look at: nothing in particular."


def test_nothing_played_is_six_lines_as_well():
    lines = session_note(day=DAY, plays=[], session=begin(Who.THERAPIST))
    assert lines[0].endswith("no hand, therapist present.")
    assert lines[2] == "Hits: no scored song."


def test_help_mirror_and_imagination_count_in_no_line_of_hits():
    other = [Play(mode=mode) for mode in ("assisted", "mirror", "mental", "practice")]
    lines = session_note(day=DAY, plays=other)
    assert lines[1].endswith(
        "Not scored: assisted 3 min, mirror 3 min, mental practice 3 min, practice 3 min."
    )
    assert lines[2] == "Hits: no scored song."
    assert lines[3] == "Pace: not adapted."


def test_every_part_of_a_note_can_be_said_in_another_language():
    session = answer(rest(played(half_an_hour_again(), 3 * MINUTE_US, 60)), CheckIn(5, 2))
    plays = [Play(mode="mirror"), Play()]
    german = Words("de")
    lines = [german.tr(line) for line in session_note(day=DAY, plays=plays, session=session)]
    assert "rechte Hand" in lines[0]
    assert "Spiegel" in lines[1]
    assert "Schmerz" in lines[5]


small = st.integers(0, 60)


@given(
    st.lists(
        st.builds(
            Play,
            grips=st.tuples(
                *[st.builds(lambda n, h: Row(n + h, h), *[st.integers(0, 60)] * 2)] * 5
            ),
            mode=st.sampled_from(["play", "warm-up", "mirror", "assisted", "test"]),
            asynchrony_median_ms=st.none() | st.floats(-400, 400),
            asynchrony_sd_ms=st.none() | st.floats(0, 400),
            level=st.none() | st.floats(-4, 2),
            x_after=st.none() | st.floats(-4, 2),
        ),
        max_size=6,
    )
)
def test_any_plays_give_six_short_lines(plays):
    for session in (None, replace(half_an_hour())):
        lines = session_note(day=DAY, plays=plays, session=session)
        assert len(lines) == 6
        assert all(line and "\n" not in line and len(line) < 160 for line in lines)
