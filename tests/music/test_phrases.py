from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.music.phrases import phrase_bars
from game.music.reading import read_song
from tests.music import songs as made


def lengths(path: Path) -> list[int]:
    return np.diff(phrase_bars(read_song(path))).ravel().tolist()


def test_a_song_without_a_sign_of_phrases_has_phrases_of_four_bars(tmp_path: Path) -> None:
    path = made.melody_only(tmp_path / "s.mid", [(60, 1.0)] * 96)
    assert lengths(path) == [4] * 6


def test_phrases_end_where_the_melody_rests(tmp_path: Path) -> None:
    six_bars = [*[(60 + i % 5, 1.0) for i in range(22)], (None, 2.0)]
    path = made.melody_only(tmp_path / "s.mid", six_bars * 3)
    assert lengths(path) == [6, 6, 6]


def test_phrases_begin_with_the_melody_after_an_introduction(tmp_path: Path) -> None:
    tracks = [
        made.conductor(),
        made.track(made.ODE, name="Melody", start=8),
        made.track(made.bass(34), name="Bass", channel=1),
    ]
    path = made.save(tmp_path / "s.mid", tracks)
    assert lengths(path) == [2, *[4] * 8]


def test_phrases_begin_at_sections(tmp_path: Path) -> None:
    marks = mido.MidiTrack(
        [
            mido.MetaMessage("marker", text=text, time=bars * 4 * made.TICKS)
            for text, bars in (("A", 0), ("B", 3), ("C", 5))
        ]
    )
    notes = [(60 + i % 7, 1.0) for i in range(4 * 13)]
    path = made.save(tmp_path / "s.mid", [marks, made.track(notes)])
    starts = set(phrase_bars(read_song(path))[:, 0].tolist())
    assert {3, 8} <= starts


def test_an_upbeat_belongs_to_the_bar_it_leads_to(tmp_path: Path) -> None:
    path = made.melody_only(tmp_path / "s.mid", [(60, 1.0)] * (1 + 32))
    path.with_suffix(".toml").write_text("pickup_beats = 1\n")
    assert lengths(path) == [5, 4]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    notes=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(48, 84)), st.sampled_from([0.25, 0.5, 1.0, 2.0, 7.0])
        ),
        min_size=1,
        max_size=150,
    ).filter(lambda rows: any(pitch is not None for pitch, _ in rows)),
    metre=st.sampled_from([(4, 4), (3, 4), (6, 8), (2, 4), (5, 4)]),
)
def test_phrases_cover_the_song_in_two_to_eight_bars(
    tmp_path: Path, notes: list[tuple[int | None, float]], metre: tuple[int, int]
) -> None:
    song = read_song(made.melody_only(tmp_path / "s.mid", notes, metre=metre))
    phrases = phrase_bars(song)
    bars = len(song.bars_us) - 1
    assert phrases[0, 0] == 0
    assert phrases[-1, 1] == bars
    assert (phrases[1:, 0] == phrases[:-1, 1]).all()
    sizes = np.diff(phrases)
    assert (sizes <= 8).all()
    assert (sizes >= min(2, bars)).all()


@pytest.mark.parametrize("bars", [1, 2, 3, 4, 5, 9, 17])
def test_songs_of_any_length_have_phrases(tmp_path: Path, bars: int) -> None:
    path = made.melody_only(tmp_path / "s.mid", [(60, 1.0)] * 4 * bars)
    assert sum(lengths(path)) == bars
