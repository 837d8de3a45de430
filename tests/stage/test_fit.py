"""Words fit their box whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.stage import fonts
from game.stage.fit import fit
from game.stage.theme import BODY, HEADING, Scale

HD, FULL = Scale(1280, 720), Scale(1920, 1080)


def test_short_words_keep_their_size() -> None:
    fitted = fit("Shenandoah", 800, HEADING, FULL, bold=True)
    assert fitted.lines == ("Shenandoah",)
    assert fitted.size == HEADING
    assert fitted.whole


def test_longer_words_become_smaller_but_not_below_the_body() -> None:
    fitted = fit("A song with a fairly long name", 620, HEADING, FULL)
    assert BODY <= fitted.size < HEADING
    assert fitted.whole


def test_two_lines_are_used_before_letters_get_smaller() -> None:
    fitted = fit("A song with a fairly long name", 620, HEADING, FULL, lines=2)
    assert fitted.size == HEADING
    assert len(fitted.lines) == 2


def test_what_cannot_fit_ends_in_three_dots() -> None:
    fitted = fit("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", 400, HEADING, FULL)
    assert fitted.size == BODY
    assert fitted.lines[0].endswith("…")
    assert not fitted.whole


@pytest.mark.parametrize("scale", [HD, FULL])
@given(
    words=st.text(max_size=120),
    width=st.integers(120, 1700),
    size=st.sampled_from([40, 52, 64, 88]),
    lines=st.integers(1, 3),
    bold=st.booleans(),
)
def test_nothing_ever_leaves_its_box(scale, words, width, size, lines, bold) -> None:
    fitted = fit(words, width, size, scale, bold=bold, lines=lines)
    assert BODY <= fitted.size <= size
    assert 1 <= len(fitted.lines) <= lines
    for line in fitted.lines:
        assert fonts.width(line, scale.px(fitted.size), bold) <= width * scale.factor
