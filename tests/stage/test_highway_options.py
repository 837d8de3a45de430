"""What can be asked for on the highway: directions, timing, the beat, room for the words."""

from collections.abc import Iterator

import numpy as np
import pygame
import pytest

from game.core.grips import GRIPS, Grip, lanes
from game.stage import palettes
from game.stage.highway import Highway
from game.stage.highway.perspective import LANE_WIDTH, Road
from game.stage.highway.pictures import RADIUS
from game.stage.highway.places import places
from game.stage.palettes import PALETTES
from game.stage.play_screens import PlayScreens
from game.stage.shapes import finger_picture
from game.stage.theme import LAMP_INK, Scale, contrast
from game.stage.view import SCROLLS, Effect, HighwayView, Options, Scroll
from tests.stage.scenes import FULL, SMALL, luminances, pixels, still_view, targets


@pytest.fixture(autouse=True)
def _standard_again() -> Iterator[None]:
    yield
    palettes.use("standard")


def _drawn(view: HighwayView, options: Options | None = None, size=FULL) -> np.ndarray:
    surface = pygame.Surface(size, 0, 32)
    Highway(size, "right", options).draw(surface, view)
    return pixels(surface)


def _rows_of_change(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.flatnonzero((one != other).any(axis=(0, 2)))


def _waiting(ahead_us: int) -> tuple[HighwayView, HighwayView]:
    """The moment with one target so far ahead, and the same once it was hit."""
    # Another one a second before, so that no pickup beats lead to it.
    rows = targets((9_000_000 + ahead_us, Grip.KEY, 0), (10_000_000 + ahead_us, Grip.MIDDLE, 0))
    with_it = still_view(targets=rows, states=np.array([1, 0], np.uint8))
    without = still_view(targets=rows, states=np.array([1, 1], np.uint8))
    return with_it, without


@pytest.mark.parametrize("scroll", SCROLLS)
def test_a_target_moves_from_the_far_end_to_the_strike_line(scroll: Scroll) -> None:
    road, options = Road(scroll=scroll), Options(scroll=scroll)
    middles = []
    for ahead_us in (1_500_000, 1_000_000, 500_000):
        with_it, without = _waiting(ahead_us)
        rows = _rows_of_change(_drawn(with_it, options), _drawn(without, options))
        middles.append(float(rows.mean()))
        assert middles[-1] == pytest.approx(road.row(ahead_us / 3_000_000), abs=30)
    assert (np.diff(middles) * road.onward > 0).all()
    assert (road.far_y < road.strike_y) == (scroll != "up")


@pytest.mark.parametrize("scroll", SCROLLS)
@pytest.mark.parametrize("age_us", [0, 100_000, 200_000, 280_000])
def test_a_missed_target_keeps_well_away_from_the_words(scroll: Scroll, age_us: int) -> None:
    """Nothing of it comes nearer to them than half of its own size."""
    options = Options(scroll=scroll)
    for grip in GRIPS:
        missed = still_view(effects=(Effect("miss", 10_000_000 - age_us, grip),))
        rows = _rows_of_change(_drawn(missed, options), _drawn(still_view(), options))
        assert len(rows)
        assert places("right", scroll=scroll).lyrics.y - rows.max() >= RADIUS / 2


@pytest.mark.parametrize("scroll", SCROLLS)
def test_hand_and_next_pinch_are_at_the_height_of_the_strike_line(scroll: Scroll) -> None:
    where, road = places("right", scroll=scroll), Road(scroll=scroll)
    assert where.following is not None
    for box in (where.hand, where.following):
        assert box.y < road.strike_y < box.bottom
    # And beside the road, with nothing in between.
    assert where.card.x - where.road.right <= 24
    assert where.road.x - where.following.right <= 24


@pytest.mark.parametrize("size", [FULL, (1280, 720)])
def test_finger_pictures_are_legible_at_the_far_end(size: tuple[int, int]) -> None:
    """Where a target has wholly come out of the dark its finger is a bar of 4 by 6 px or more."""
    road, scale = Road(), Scale(*size)
    ahead = 0.8
    radius = RADIUS * road.size_at(ahead) * 0.94 * scale.factor
    assert radius >= 30
    pictures = {}
    for grip in GRIPS:
        picture = finger_picture(grip, round(radius), "right", LAMP_INK, 0.34)
        alpha = pygame.surfarray.array_alpha(picture)
        bar = alpha > 200
        widths = bar.sum(axis=0)[bar.any(axis=0)]
        assert bar.any(axis=1).sum() >= 4, grip
        assert widths.max() >= 6
        pictures[grip] = alpha / 255
    for one in GRIPS:
        for other in GRIPS:
            if one < other:
                assert np.abs(pictures[one] - pictures[other]).max() > 0.5
    for palette in PALETTES.values():
        for colour in palette.lanes:
            assert contrast(LAMP_INK, colour) >= 3


def test_targets_stay_in_their_lane_however_far_they_are() -> None:
    road = Road()
    for ahead in np.linspace(0, 1, 20):
        lane = LANE_WIDTH * road.width_at_row(road.row(ahead))
        # The widest shape, a diamond or a star, is about 1.06 radii to either side.
        assert 2 * 1.06 * RADIUS * 0.94 * road.size_at(ahead) <= 1.13 * lane


# ---------------------------------------------------------------- early and late


@pytest.mark.parametrize("scroll", SCROLLS)
@pytest.mark.parametrize("kind", ["hit", "near"])
def test_early_is_marked_before_the_line_and_late_past_it(scroll: Scroll, kind) -> None:
    road, options = Road(scroll=scroll), Options(scroll=scroll, early_late=True)

    def shown(off_us: int, wanted: bool = True) -> np.ndarray:
        effect = Effect(kind, 9_950_000, Grip.MIDDLE, off_us=off_us)
        asked = options if wanted else Options(scroll=scroll)
        return _drawn(still_view(effects=(effect,)), asked)

    plain = shown(0)
    for off_us, side in ((-90_000, -1), (90_000, 1)):
        rows = _rows_of_change(shown(off_us), plain)
        assert ((rows - road.strike_y) * road.onward * side > 70).all()
    assert (shown(-39_000) == plain).all(), "what is in time is not marked"
    assert (shown(-90_000, wanted=False) == plain).all(), "only if wanted"


def test_the_bar_shows_how_early_and_late_the_latest_hits_were() -> None:
    box = places("right").errors
    options = Options(error_bar=True)
    empty = _drawn(still_view(), options)

    def columns(*errors_us: int) -> np.ndarray:
        view = still_view(errors_us=errors_us, window_us=(100_000, 200_000))
        picture = _drawn(view, options)
        assert (picture != empty).any()
        changed = (picture != empty).any(axis=2)
        changed[round(box.x) : round(box.right), round(box.y) : round(box.bottom)] &= True
        return np.flatnonzero(changed.any(axis=1))

    middle, half = box.middle[0], box.w / 2 - 8
    assert columns(-50_000).mean() == pytest.approx(middle - half / 2, abs=4)
    assert columns(100_000).mean() == pytest.approx(middle + half / 2, abs=4)
    assert columns(900_000).max() <= box.right, "beyond the window is at its end"
    assert (_drawn(still_view(errors_us=(5,))) == _drawn(still_view())).all(), "only if wanted"


# ---------------------------------------------------------------- a beat to see


def _beat_light(song_us: int, options: Options) -> np.ndarray:
    """The light at the right end of the strike line, in grey."""
    road = places("right").road
    picture = luminances(_drawn(still_view(song_us=song_us), options))
    x = round(road.middle[0] + 2.5 * LANE_WIDTH + 28)
    # Its outer half: the strike line's bar ends within the other one.
    return picture[x : x + 9, 660:890]


def test_a_light_rises_on_the_beat_and_higher_on_the_first_of_a_bar() -> None:
    options = Options(visual_beat=True)

    def tall(song_us: int) -> int:
        return int((_beat_light(song_us, options) > 0.3).any(axis=0).sum())

    first, second, between = tall(10_000_000), tall(10_500_000), tall(10_900_000)
    assert first > second + 20 > between + 60
    assert between > 20, "it never vanishes"


def test_with_reduced_motion_the_light_does_not_grow() -> None:
    options = Options(visual_beat=True, reduced_motion=True)
    on, off = _beat_light(10_100_000, options), _beat_light(10_400_000, options)
    assert ((on > 0.12).any(axis=0) == (off > 0.06).any(axis=0)).mean() > 0.97
    assert on.max() > 2 * off.max()


def test_without_the_wish_there_is_no_light() -> None:
    assert _beat_light(10_000_000, Options()).max() < 0.2


# ---------------------------------------------------------------- palettes on the stage


def test_a_highway_keeps_the_palette_it_was_made_with() -> None:
    surface = pygame.Surface(SMALL, 0, 32)
    highway = Highway(SMALL, "right")
    highway.draw(surface, still_view())
    before = pixels(surface)
    palettes.use("blue-yellow")
    highway.draw(surface, still_view(), whole=True)
    assert (pixels(surface) == before).all()
    Highway(SMALL, "right").draw(surface, still_view())
    assert (pixels(surface) != before).any()


def test_a_play_after_a_change_of_looks_is_drawn_anew() -> None:
    screens, scale = PlayScreens(), Scale(*SMALL)
    first = screens.get(scale, "right", Options(), None)
    assert screens.get(scale, "right", Options(), None) is first
    assert screens.get(scale, "right", Options(scroll="up"), None) is not first
    palettes.use("steps")
    assert screens.get(scale, "right", Options(), None) is not first


@pytest.mark.parametrize("hand", ["right", "left"])
@pytest.mark.parametrize("scroll", SCROLLS)
@pytest.mark.parametrize("place", ["left", "centre", "right"])
def test_parts_stand_beside_each_other_in_every_direction(hand, place, scroll: Scroll) -> None:
    where = places(hand, place, 1.0, scroll)
    boxes = [
        pygame.Rect(round(b.x), round(b.y), round(b.w), round(b.h))
        for b in (
            *(where.road, where.count, where.following, where.card, where.title, where.beads),
            *(where.pause, where.notice, where.lyrics, where.errors),
        )
        if b is not None
    ]
    screen = pygame.Rect(0, 0, 1920, 1080)
    for i, box in enumerate(boxes):
        assert screen.contains(box)
        assert box.collidelist(boxes[:i]) == -1, (boxes[i], i)
    assert len(boxes) == 10
    assert len(lanes(hand)) == 5
