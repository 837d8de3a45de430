"""Lanes are told apart on drawn frames: in grey, and with each colour-vision deficiency."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pygame
import pytest

from game.core.grips import Grip, lanes
from game.stage import palettes, theme
from game.stage.highway import Highway
from game.stage.highway.perspective import LANE_WIDTH, Road
from game.stage.highway.places import places
from game.stage.palettes import PALETTES
from game.stage.theme import contrast
from game.stage.view import SCROLLS, Options, Scroll
from tests.stage.colour import LUMINANCE, ciede2000, lab, linear, seen
from tests.stage.scenes import FULL, pixels, still_view, targets

VISIONS = ("normal", "protan", "deutan", "tritan", "grey")

#: CIEDE2000 between the two lanes that look most alike: side by side 1 is just seen, and 8 is a
#: different colour at a glance. Grey is the hardest: five steps between ground and white.
LEAST = {"normal": 15.0, "protan": 8.0, "deutan": 8.0, "tritan": 12.0, "grey": 6.0}


@pytest.fixture(autouse=True)
def _standard_again() -> Iterator[None]:
    yield
    palettes.use("standard")


@cache
def _targets(palette: str, scroll: Scroll, contrast: bool = False) -> dict[Grip, np.ndarray]:
    """Every lane's target as drawn halfway down the road, with what is around it."""
    palettes.use(palette)
    options = Options(scroll=scroll, high_contrast=contrast)
    rows = targets(*((11_500_000, grip, 0) for grip in lanes("right")))
    view = still_view(targets=rows, states=np.zeros(5, np.uint8))
    surface = pygame.Surface(FULL, 0, 32)
    Highway(FULL, "right", options).draw(surface, view)
    picture = pixels(surface)
    road = Road(places("right").road.middle[0], scroll)
    y = road.row(0.5)
    half = round(LANE_WIDTH * road.width_at_row(y) / 2)
    crops = {}
    for place, grip in enumerate(lanes("right")):
        x = round(road.column(place - 2, y))
        crops[grip] = picture[x - half : x + half, round(y) - half : round(y) + half]
    return crops


def _face(crop: np.ndarray) -> np.ndarray:
    """The colour that most of the target has."""
    colours, counts = np.unique(crop.reshape(-1, 3), axis=0, return_counts=True)
    bright = linear(colours) @ LUMINANCE > 0.12
    return np.asarray(colours[bright][np.argmax(counts[bright])])


def _outline(crop: np.ndarray, face: np.ndarray) -> np.ndarray:
    """Where the target is: its face and whatever the face encloses, row by row."""
    alike = np.abs(crop.astype(int) - face).max(axis=2) < 40
    inside = np.zeros_like(alike)
    for row in range(alike.shape[1]):
        columns = np.flatnonzero(alike[:, row])
        if len(columns):
            inside[columns[0] : columns[-1] + 1, row] = True
    return inside


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("palette", PALETTES)
def test_no_two_lanes_look_alike(palette: str, vision: str) -> None:
    faces = {grip: _face(crop) for grip, crop in _targets(palette, "down").items()}
    for one, other in combinations(faces, 2):
        a, b = (lab(seen(linear(faces[g]), vision)) for g in (one, other))
        assert ciede2000(a, b) >= LEAST[vision], (one, other)


@pytest.mark.parametrize("contrast", [False, True])
@pytest.mark.parametrize("scroll", SCROLLS)
@pytest.mark.parametrize("palette", PALETTES)
def test_outlines_tell_the_lanes_apart_without_any_colour(
    palette: str, scroll: Scroll, contrast: bool
) -> None:
    outlines = {
        grip: _outline(crop, _face(crop))
        for grip, crop in _targets(palette, scroll, contrast).items()
    }
    for one, other in combinations(outlines, 2):
        a, b = outlines[one], outlines[other]
        assert (a & b).sum() / (a | b).sum() < 0.88, (one, other)


def test_what_is_drawn_is_the_palettes_own_colour() -> None:
    for name, palette in PALETTES.items():
        for grip, crop in _targets(name, "down").items():
            assert tuple(_face(crop)) == palette[grip]


def test_the_palette_for_weak_blue_and_yellow_is_better_for_it_than_the_standard() -> None:
    def least(name: str) -> float:
        colours = [lab(seen(linear(colour), "tritan")) for colour in PALETTES[name].lanes]
        return min(ciede2000(a, b) for a, b in combinations(colours, 2))

    assert least("blue-yellow") >= 15
    assert least("blue-yellow") > least("standard") + 2


def test_the_palette_of_steps_has_even_steps_and_neighbours_two_steps_apart() -> None:
    palette = PALETTES["steps"]
    ladder = sorted(palette.lanes, key=lambda colour: float(linear(colour) @ LUMINANCE))
    for lower, upper in pairwise(ladder):
        assert contrast(lower, upper) >= 1.35
    across = [ladder.index(palette[grip]) for grip in lanes("right")]
    assert contrast(palette[Grip.KEY], palette[Grip.INDEX]) >= 1.35
    assert all(abs(a - b) >= 2 for a, b in pairwise(across[1:]))


@pytest.mark.parametrize("palette", PALETTES)
def test_every_lane_stands_out_from_every_ground(palette: str) -> None:
    for colour in PALETTES[palette].lanes:
        for ground in (theme.GROUND, theme.GROUND_TOP, theme.CARD, theme.RAISED):
            assert contrast(colour, ground) >= 3
        # The finger picture on the shape.
        assert contrast(colour, theme.LAMP_INK) >= 3


@pytest.mark.parametrize("palette", PALETTES)
def test_no_lane_is_the_colour_of_text_or_lamplight(palette: str) -> None:
    inks = {theme.TEXT, theme.SOFT_TEXT, theme.LAMP, theme.LAMP_INK}
    assert inks.isdisjoint(PALETTES[palette].lanes)


def test_a_palette_is_used_until_another_is() -> None:
    palettes.use("steps")
    assert palettes.in_use() is PALETTES["steps"]
    with pytest.raises(KeyError):
        palettes.use("rainbow")
    assert palettes.in_use() is PALETTES["steps"]


# ---------------------------------------------------------------- the measure itself


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [  # Sharma, Wu and Dalal 2005, table 1
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_colour_differences_are_those_of_the_paper(one, other, difference: float) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(difference, abs=1e-4)


def test_who_sees_no_red_from_green_confuses_them_here_too() -> None:
    # Of the same lightness as a protanope sees it.
    red, olive = linear((200, 40, 30)), linear((92, 92, 25))
    normal, protan = (
        ciede2000(lab(seen(red, vision)), lab(seen(olive, vision)))
        for vision in ("normal", "protan")
    )
    assert protan < normal / 3
