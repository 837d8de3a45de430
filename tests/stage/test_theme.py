"""The colours and sizes keep the rules that can be computed."""

from itertools import combinations

import pytest

from game.core.grips import GRIPS
from game.stage import theme
from game.stage.theme import Scale, contrast, luminance, mix, standing_out

BACKGROUNDS = (theme.GROUND, theme.GROUND_TOP, theme.CARD, theme.RAISED)


def test_contrast_of_known_pairs() -> None:
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert contrast((10, 20, 30), (10, 20, 30)) == 1
    # WCAG's own example of a grey that just passes 4.5:1 on white.
    assert contrast((0x76, 0x76, 0x76), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("ink", [theme.TEXT, theme.SOFT_TEXT, theme.LAMP])
@pytest.mark.parametrize("ground", BACKGROUNDS)
def test_text_is_at_least_7_to_1(ink: theme.RGB, ground: theme.RGB) -> None:
    assert contrast(ink, ground) >= 7


def test_text_on_lamplight_is_at_least_7_to_1() -> None:
    assert contrast(theme.LAMP_INK, theme.LAMP) >= 7
    assert contrast(theme.TEXT, theme.LAMP_TINT) >= 7
    assert contrast(theme.LAMP, theme.LAMP_TINT) >= 7


@pytest.mark.parametrize("grip", GRIPS)
def test_lanes_stand_out_from_what_is_behind_them(grip) -> None:
    assert all(contrast(theme.LANE[grip], ground) >= 3 for ground in BACKGROUNDS)


@pytest.mark.parametrize("mark", [theme.EDGE_LINE, theme.MARK, theme.SOFT_MISS, theme.GOOD])
def test_edges_and_marks_are_at_least_3_to_1(mark: theme.RGB) -> None:
    assert contrast(mark, theme.GROUND) >= 3
    assert contrast(mark, theme.CARD) >= 3


def test_lanes_differ_in_grey() -> None:
    """The nearest two (middle and little, index and ring) still differ by a fifth."""
    for one, other in combinations(GRIPS, 2):
        assert contrast(theme.LANE[one], theme.LANE[other]) >= 1.2


def test_no_lane_colours_text() -> None:
    inks = {theme.TEXT, theme.SOFT_TEXT, theme.LAMP, theme.LAMP_INK}
    assert inks.isdisjoint(theme.LANE.values())


def test_type_scale_keeps_the_smallest_sizes() -> None:
    assert theme.BODY >= 40
    assert theme.HEADING >= 64
    assert theme.KEY_HEIGHT >= 96


@pytest.mark.parametrize(
    ("size", "factor", "left", "top"),
    [
        ((1920, 1080), 1.0, 0, 0),
        ((1280, 720), 2 / 3, 0, 0),
        ((3840, 2160), 2.0, 0, 0),
        ((1024, 768), 1024 / 1920, 0, 96),
        ((2560, 1080), 1.0, 320, 0),
    ],
)
def test_the_design_keeps_its_proportions(size, factor, left, top) -> None:
    scale = Scale(*size)
    assert scale.factor == pytest.approx(factor)
    assert (scale.x(0), scale.y(0)) == (left, top)
    x, y = scale.design(scale.x(700), scale.y(500))
    assert (x, y) == (pytest.approx(700, abs=1), pytest.approx(500, abs=1))


def test_a_thin_line_never_vanishes() -> None:
    assert Scale(640, 360).px(1) == 1
    assert Scale(640, 360).px(0) == 0


def test_mixing_goes_from_one_to_the_other() -> None:
    assert mix((0, 100, 200), (100, 200, 0), 0) == (0, 100, 200)
    assert mix((0, 100, 200), (100, 200, 0), 1) == (100, 200, 0)
    assert luminance(mix((0, 0, 0), (255, 255, 255), 0.5)) == pytest.approx(0.216, abs=0.01)


@pytest.mark.parametrize("grip", GRIPS)
def test_a_colour_is_darkened_only_as_far_as_it_stands_out(grip) -> None:
    shade = standing_out(theme.LANE[grip], theme.GROUND, 3)
    assert contrast(shade, theme.GROUND) >= 3
    assert luminance(shade) < luminance(theme.LANE[grip])
    assert standing_out((1, 2, 3), (0, 0, 0), 3) == (1, 2, 3)
