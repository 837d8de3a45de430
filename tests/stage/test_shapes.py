"""Five shapes, told apart without colour."""

from itertools import combinations

import numpy as np
import pygame
import pytest

from game.core.grips import GRIPS, Grip
from game.stage import hand
from game.stage.shapes import finger_picture, shape, shape_side
from game.stage.theme import LANE, luminance


def _mask(grip: Grip, radius: int) -> np.ndarray:
    return pygame.surfarray.array_alpha(shape(grip, radius, "plain")) > 127


@pytest.mark.parametrize("radius", [20, 45, 68])
def test_no_two_outlines_cover_the_same(radius: int) -> None:
    for one, other in combinations(GRIPS, 2):
        a, b = _mask(one, radius), _mask(other, radius)
        assert (a & b).sum() / (a | b).sum() < 0.87, (one, other)


def test_shapes_weigh_about_the_same() -> None:
    areas = [_mask(grip, 60).sum() for grip in GRIPS]
    assert max(areas) / min(areas) < 1.75


@pytest.mark.parametrize("grip", GRIPS)
@pytest.mark.parametrize("style", ["solid", "plain", "hollow", "lit", "slate", "outline"])
def test_nothing_is_cut_off_at_the_edge(grip: Grip, style) -> None:
    picture = shape(grip, 60, style)
    assert picture.get_size() == (shape_side(60), shape_side(60))
    alpha = pygame.surfarray.array_alpha(picture)
    edges = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert edges.max() == 0


@pytest.mark.parametrize("grip", GRIPS)
def test_edges_are_smooth(grip: Grip) -> None:
    alpha = pygame.surfarray.array_alpha(shape(grip, 60, "plain"))
    assert len(np.unique(alpha)) > 12


@pytest.mark.parametrize("grip", GRIPS)
def test_edges_keep_the_colour(grip: Grip) -> None:
    """Half-covered pixels have the rim's colour, not a darker one."""
    picture = shape(grip, 60, "outline")
    alpha = pygame.surfarray.array_alpha(picture)
    colours = pygame.surfarray.array3d(picture)[(alpha > 60) & (alpha < 200)].astype(int)
    assert np.abs(colours - np.array(LANE[grip])).max() <= 6


@pytest.mark.parametrize("grip", GRIPS)
def test_the_left_hand_mirrors_the_picture_of_the_finger(grip: Grip) -> None:
    right = finger_picture(grip, 96, "right", (0, 0, 0), 0.3)
    left = finger_picture(grip, 96, "left", (0, 0, 0), 0.3)
    mirrored = pygame.transform.flip(right, True, False)
    assert left.get_buffer().raw == mirrored.get_buffer().raw
    assert left.get_buffer().raw != right.get_buffer().raw


def test_the_asked_finger_is_solid_and_the_rest_is_not() -> None:
    alpha = pygame.surfarray.array_alpha(finger_picture(Grip.MIDDLE, 100, "right", (0, 0, 0), 0.3))
    assert alpha[49, 20] == 255  # the middle finger
    assert 60 <= alpha[66, 30] <= 90  # the ring finger


def test_pictures_of_the_fingers_differ_between_grips() -> None:
    pictures = [
        pygame.surfarray.array_alpha(finger_picture(grip, 40, "right", (0, 0, 0), 0.3)).astype(int)
        for grip in GRIPS
    ]
    for one, other in combinations(pictures, 2):
        assert (np.abs(one - other) > 100).sum() > 40


@pytest.mark.parametrize("grip", GRIPS)
@pytest.mark.parametrize("height", [240, 410])
def test_the_drawn_hand_fits_its_box(grip: Grip, height: int) -> None:
    for step in range(hand.BLEND_STEPS):
        picture = hand.frame(grip, step, height)
        assert picture.get_size() == hand.frame_size(height)
        alpha = pygame.surfarray.array_alpha(picture)
        edges = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
        assert edges.max() == 0


@pytest.mark.parametrize("grip", [None, *GRIPS])
def test_the_left_hand_is_the_right_hand_mirrored(grip: Grip | None) -> None:
    right, left = hand.frame(grip, 5, 200, "right"), hand.frame(grip, 5, 200, "left")
    assert left.get_buffer().raw == pygame.transform.flip(right, True, False).get_buffer().raw


def test_every_pinch_is_another_picture_than_every_other() -> None:
    pictures = [pygame.surfarray.array3d(hand.frame(g, 5, 300)).astype(int) for g in (None, *GRIPS)]
    for one, other in combinations(pictures, 2):
        assert (np.abs(one - other).sum(axis=2) > 120).mean() > 0.03


@pytest.mark.parametrize("grip", GRIPS)
def test_thumb_and_finger_meet_where_the_light_is(grip: Grip) -> None:
    """Around the touch point both the thumb's ivory and the lane's colour are near."""
    height = 400
    colours = pygame.surfarray.array3d(hand.frame(grip, 5, height)).astype(int)
    x, y = hand.touch_point(grip, height)
    around = colours[max(0, x - 30) : x + 30, max(0, y - 30) : y + 30].reshape(-1, 3)
    for wanted in (LANE[grip], (0xF9, 0xEA, 0xD6)):
        assert np.abs(around - np.array(wanted)).sum(axis=1).min() < 40
    left_x, left_y = hand.touch_point(grip, height, "left")
    assert abs(left_x - (hand.frame_size(height)[0] - x)) <= 1
    assert left_y == y


def test_an_open_hand_comes_first_whatever_is_asked() -> None:
    assert hand.frame(Grip.RING, 0, 200) is hand.frame(None, 3, 200)


def test_the_glove_is_no_skin() -> None:
    """The middle of the palm is slate: blue is the strongest channel, and it is dark."""
    picture = hand.frame(None, 0, 520)
    red, _, blue, alpha = picture.get_at((210, 380))
    assert alpha == 255
    assert blue > red
    assert luminance((red, 0, blue)) < 0.1
