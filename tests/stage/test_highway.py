"""The play screen: truthful, mirrored, calm, and cheap."""

import os
from dataclasses import replace

import numpy as np
import pygame
import pytest

from game.core.grips import GRIPS, Grip, lanes
from game.play.plan import WAS_HIT, WAS_MISSED
from game.stage.highway import Highway, perspective
from game.stage.highway.perspective import Road
from game.stage.highway.places import places
from game.stage.highway.upcoming import Upcoming
from game.stage.keys import letters
from game.stage.lyrics import LyricLine
from game.stage.theme import LANE, Scale
from game.stage.view import SCROLLS, Effect, Options, Scroll
from tests.stage.scenes import FULL, SMALL, busy_play, luminances, pixels, still_view, targets

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"

VARIANTS = {
    "plain": ("right", Options()),
    "left": ("left", Options(letters=letters("left"))),
    "reduced": ("right", Options(reduced_motion=True, place="left", anchor_bar=True)),
    "contrast": ("left", Options(high_contrast=True, place="right")),
    "larger": ("left", Options(scale=1.5)),
    "largest": ("right", Options(scale=2.0, anchor_bar=True)),
}


def _drawn(view, hand="right", options=None, size=SMALL) -> np.ndarray:
    surface = pygame.Surface(size, 0, 32)
    Highway(size, hand, options).draw(surface, view)
    return pixels(surface)


def _in(picture: np.ndarray, box, size=SMALL) -> np.ndarray:
    scale = Scale(*size)
    return picture[scale.x(box.x) : scale.x(box.right), scale.y(box.y) : scale.y(box.bottom)].copy()


@pytest.mark.parametrize("variant", VARIANTS)
def test_changed_parts_alone_give_the_whole_picture(variant: str) -> None:
    """Restoring and drawing only what changed is the same, pixel for pixel, as drawing all."""
    hand, options = VARIANTS[variant]
    partly, wholly = pygame.Surface(SMALL, 0, 32), pygame.Surface(SMALL, 0, 32)
    one, other = Highway(SMALL, hand, options), Highway(SMALL, hand, options)
    for number, view in enumerate(busy_play(2_000 if SOAK else 260)):
        one.draw(partly, view)
        other.draw(wholly, view, whole=True)
        if number % 13 == 12:
            assert partly.get_buffer().raw == wholly.get_buffer().raw, number


def test_what_changed_lies_in_the_parts_that_are_reported() -> None:
    surface = pygame.Surface(SMALL, 0, 32)
    highway = Highway(SMALL, "right")
    before = None
    for view in busy_play(120):
        rects = highway.draw(surface, view)
        after = pixels(surface)
        if before is not None:
            untold = (before != after).any(axis=2)
            for rect in rects:
                untold[rect.left : rect.right, rect.top : rect.bottom] = False
            assert not untold.any()
        before = after


def test_another_surface_is_drawn_whole() -> None:
    highway, view = Highway(SMALL, "right"), still_view()
    first, second = pygame.Surface(SMALL, 0, 32), pygame.Surface(SMALL, 0, 32)
    highway.draw(first, view)
    assert highway.draw(second, view)[0] == second.get_rect()
    highway.forget()
    second.fill((255, 0, 0))
    highway.draw(second, view)
    assert first.get_buffer().raw == second.get_buffer().raw


@pytest.mark.parametrize("hand", ["right", "left"])
def test_targets_come_down_the_lane_of_their_grip(hand: str) -> None:
    empty = _drawn(still_view(states=np.zeros(0, np.uint8)), hand)
    road = places(hand).road
    for place, grip in enumerate(lanes(hand)):
        view = still_view(targets=targets((11_500_000, grip, 0)), states=np.zeros(1, np.uint8))
        moved = (_drawn(view, hand) != empty).any(axis=2)
        box = replace(road, h=road.h - 330)
        columns = np.flatnonzero(_in(moved, box).any(axis=1))
        y = Road().row(0.5)
        wanted = road.w / 2 + (place - 2) * 188 * Road().width_at_row(y)
        assert columns.mean() / Scale(*SMALL).factor == pytest.approx(wanted, abs=6)


def test_the_strike_line_shows_the_lanes_in_order_without_colour() -> None:
    """In grey every lane's shape still differs from its neighbours', in light and outline."""
    picture = luminances(_drawn(still_view(), size=FULL))
    road = places("right").road
    crops = []
    for place in range(5):
        x = round(road.x + road.w / 2 + (place - 2) * 188)
        crops.append(picture[x - 75 : x + 75, 697:847] > 0.1)
    for i in range(5):
        for j in range(i):
            assert (crops[i] ^ crops[j]).mean() > 0.05


@pytest.mark.parametrize("hand", ["right", "left"])
def test_strings_can_be_seen_on_their_lanes(hand: str) -> None:
    picture = luminances(_drawn(still_view(beats_us=np.zeros(0, np.int64)), hand, size=FULL))
    road = places(hand).road
    for y in (450, 600, 700):
        for place in range(5):
            width = 188 * Road().width_at_row(y)
            x = round(road.middle[0] + (place - 2) * width)
            string = picture[x - 3 : x + 4, y].max()
            lane = np.median(picture[x - 40 : x + 40, y])
            assert (string + 0.05) / (lane + 0.05) >= 3


def test_letters_are_printed_when_the_keyboard_plays() -> None:
    with_letters = _drawn(still_view(), options=Options(letters=letters("right")), size=FULL)
    without = _drawn(still_view(), size=FULL)
    changed = (with_letters != without).any(axis=2)
    assert changed[:, 830:900].any()
    changed[:, 830:900] = False
    assert not changed.any()


def test_the_hand_opens_when_a_pinch_is_held_over_a_second() -> None:
    box = places("right").hand
    rest = still_view()
    held = still_view(asked=Grip.RING, asked_index=0, contact_held_us=1_100_000)
    pinching = still_view(asked=Grip.RING, asked_index=0, contact_held_us=900_000)
    assert (_in(_drawn(held), box) == _in(_drawn(rest), box)).all()
    assert (_in(_drawn(pinching), box) != _in(_drawn(rest), box)).any()


def test_the_hand_glows_only_while_the_glove_feels_contact() -> None:
    box = places("right").hand
    asked = still_view(asked=Grip.INDEX, asked_index=0)
    felt = still_view(asked=Grip.INDEX, asked_index=0, contacts=1 << Grip.INDEX)
    other = still_view(asked=Grip.INDEX, asked_index=0, contacts=1 << Grip.LITTLE)
    pictures = [_in(_drawn(view), box) for view in (asked, felt, other)]
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[0] != pictures[2]).any()
    assert (pictures[1] != pictures[2]).any()


def test_a_pinch_that_hit_stays_on_the_hand_until_it_opens() -> None:
    rows = targets((10_000_000, Grip.RING, 0), (11_000_000, Grip.KEY, 0))
    box = places("right").asked
    surface, highway = pygame.Surface(SMALL, 0, 32), Highway(SMALL, "right")
    view = still_view(targets=rows, states=np.zeros(2, np.uint8), asked=Grip.RING, asked_index=0)
    highway.draw(surface, view)
    ring = _in(pixels(surface), box)
    view.states = np.array([WAS_HIT, 0], np.uint8)
    view.asked, view.asked_index, view.contacts = Grip.KEY, 1, 1 << Grip.RING
    highway.draw(surface, view)
    assert (_in(pixels(surface), box) == ring).all()
    view.contacts = 0
    highway.draw(surface, view)
    assert (_in(pixels(surface), box) != ring).any()


def test_going_back_in_the_song_does_not_leave_the_hand_open() -> None:
    box = places("right").hand
    surface, highway = pygame.Surface(SMALL, 0, 32), Highway(SMALL, "right")
    view = still_view(song_us=20_000_000, asked=Grip.RING, asked_index=4)
    highway.draw(surface, view)
    pinching = _in(pixels(surface), box)
    view.asked, view.asked_index, view.song_us = Grip.KEY, 5, 21_000_000
    highway.draw(surface, view)
    view.asked, view.asked_index, view.song_us = Grip.RING, 4, 12_000_000
    highway.draw(surface, view)
    view.song_us = 12_200_000
    highway.draw(surface, view)
    assert (_in(pixels(surface), box) == pinching).all()


@pytest.mark.parametrize("kind", ["hit", "near", "wrong", "miss"])
def test_every_outcome_is_seen_and_gone_in_time(kind) -> None:
    def at(age_us: int) -> np.ndarray:
        effect = Effect(kind, 10_000_000 - age_us, Grip.RING, Grip.KEY)
        return _in(_drawn(still_view(effects=(effect,))), places("right").road)

    nothing = _in(_drawn(still_view()), places("right").road)
    assert (at(30_000) != nothing).any()
    assert (at(410_000) == nothing).all()


def test_a_miss_stays_clear_of_the_words() -> None:
    words = places("right").lyrics
    for age_us in range(0, 300_000, 20_000):
        effect = Effect("miss", 10_000_000 - age_us, Grip.RING)
        drawn = _in(_drawn(still_view(effects=(effect,)), size=FULL), words, FULL)
        assert (drawn == _in(_drawn(still_view(), size=FULL), words, FULL)).all()


def test_the_picture_behind_pause_is_calm() -> None:
    effect = Effect("hit", 9_950_000, Grip.RING)
    paused = _drawn(still_view(effects=(effect,), paused=True))
    assert (paused == _drawn(still_view(paused=True))).all()


def test_reduced_motion_holds_still() -> None:
    """Through a hit nothing swings, opens or pulses: the picture stays as it is."""
    options = Options(reduced_motion=True)
    road = places("right").road
    pictures = []
    for age_us in (20_000, 90_000, 170_000):
        view = still_view(beats_us=np.zeros(0, np.int64), bars_us=np.zeros(0, np.int64))
        view.effects = (Effect("hit", view.song_us - age_us, Grip.RING),)
        pictures.append(luminances(_in(_drawn(view, options=options), road)))
    # The string's light may fade; nothing may move.
    assert np.abs(pictures[0] - pictures[1]).max() < 0.25
    moving = [
        luminances(_in(_drawn(still_view(effects=(Effect("hit", 10**7 - a, Grip.RING),))), road))
        for a in (20_000, 90_000)
    ]
    assert np.abs(moving[0] - moving[1]).max() > 0.3


def test_high_contrast_is_brighter_where_it_matters_and_black_elsewhere() -> None:
    plain, strong = (
        _drawn(still_view(), options=Options(high_contrast=contrast)) for contrast in (False, True)
    )
    assert (strong[5, 5] == 0).all()
    # Halfway down, the strings stand out more.
    assert luminances(strong)[:, 170].max() > luminances(plain)[:, 170].max()


@pytest.mark.parametrize("hand", ["right", "left"])
@pytest.mark.parametrize("place", ["left", "centre", "right"])
def test_parts_stand_beside_each_other_and_on_the_screen(hand: str, place: str) -> None:
    where = places(hand, place)
    boxes = [
        pygame.Rect(round(b.x), round(b.y), round(b.w), round(b.h))
        for b in (
            where.road,
            where.count,
            where.following,
            where.card,
            where.title,
            where.beads,
            where.pause,
            where.notice,
            where.lyrics,
        )
    ]
    screen = pygame.Rect(0, 0, 1920, 1080)
    for i, box in enumerate(boxes):
        assert screen.contains(box)
        assert box.collidelist(boxes[:i]) == -1


def test_the_group_moves_as_it_is_told() -> None:
    middles = [places("right", p).road.middle[0] for p in ("left", "centre", "right")]
    assert middles == sorted(middles)
    assert places("left").card.x < places("left").road.x
    assert places("right").card.x > places("right").road.x


def test_at_most_three_flashes_a_second() -> None:
    """Eighth notes at 120 bpm in one lane: its mean light never jumps up and down too often."""
    road = places("right").road
    half = 94
    centre = road.x + road.w / 2
    lane = replace(road, x=centre - half, w=2 * half)
    times = [(10_000_000 + i * 250_000, Grip.MIDDLE, 0) for i in range(16)]
    rows = targets(*times)
    surface, highway = pygame.Surface(SMALL, 0, 32), Highway(SMALL, "right")
    light = []
    for frame in range(120):
        song_us = 10_000_000 + frame * 33_333
        done = rows["time_us"] <= song_us
        effects = [Effect("hit", int(t), Grip.MIDDLE) for t in rows["time_us"][done]]
        view = still_view(
            song_us=song_us,
            targets=rows,
            states=np.where(done, WAS_HIT, 0).astype(np.uint8),
            effects=tuple(e for e in effects if song_us - e.at_us < 500_000),
        )
        highway.draw(surface, view)
        light.append(luminances(_in(pixels(surface), lane)).mean())
    assert _flashes_per_s(np.array(light), 30) <= 3


def _flashes_per_s(light: np.ndarray, per_s: int) -> int:
    """The most pairs of opposing changes of over 10 % within any second."""
    turns, low, high, rising = [], light[0], light[0], None
    for i, value in enumerate(light):
        low, high = min(low, value), max(high, value)
        if rising is not True and value > low * 1.1:
            turns.append(i)
            rising, high = True, value
        elif rising is not False and value < high / 1.1:
            turns.append(i)
            rising, low = False, value
    return max((sum(t <= u < t + per_s for u in turns) // 2 for t in turns), default=0)


def test_flashes_are_counted() -> None:
    blink = np.tile([0.1, 0.1, 0.2, 0.2], 30)
    assert _flashes_per_s(blink, 30) >= 7
    assert _flashes_per_s(np.full(60, 0.3), 30) == 0


def test_nothing_is_scaled_inside_a_frame(monkeypatch) -> None:
    surface, highway = pygame.Surface(SMALL, 0, 32), Highway(SMALL, "right")
    views = busy_play(150)
    highway.prepare(next(views))
    highway.draw(surface, next(views))

    def refuse(*_: object) -> None:
        raise AssertionError("scaled inside a frame")

    for name in ("smoothscale", "scale", "rotozoom", "gaussian_blur"):
        monkeypatch.setattr(pygame.transform, name, refuse)
    for view in views:
        highway.draw(surface, view)


# ---------------------------------------------------------------- what is known beforehand


def test_three_pickup_beats_after_a_long_gap() -> None:
    known = Upcoming()
    known.follow(
        still_view(
            targets=targets(
                (1_000_000, Grip.KEY, 0),
                (3_000_000, Grip.KEY, 0),  # exactly 2 s: no gap
                (5_500_000, Grip.RING, 0),
            )
        )
    )
    assert known.pickups == {
        0: (-500_000, 0, 500_000),
        2: (4_000_000, 4_500_000, 5_000_000),
    }


def test_tails_are_for_long_notes_and_end_before_the_next_of_their_lane() -> None:
    known = Upcoming()
    known.follow(
        still_view(
            targets=targets(
                (1_000_000, Grip.KEY, 600_000),
                (2_000_000, Grip.RING, 5_000_000),
                (4_000_000, Grip.RING, 900_000),
            )
        )
    )
    assert known.tail_ends == [0, 3_750_000, 4_900_000]


def test_a_chart_that_grows_is_followed() -> None:
    known, view = Upcoming(), still_view(targets=targets((11_000_000, Grip.KEY, 0)))
    known.follow(view)
    view.targets = targets((11_000_000, Grip.KEY, 0), (11_500_000, Grip.RING, 0))
    known.follow(view)
    assert known.grips == [Grip.KEY, Grip.RING]
    assert known.in_view(view) == (0, 2)


def test_a_missed_tail_turns_slate() -> None:
    view = still_view(
        targets=targets((9_900_000, Grip.MIDDLE, 2_000_000)), states=np.array([WAS_HIT], np.uint8)
    )
    coloured = _drawn(view)
    view.states = np.array([WAS_MISSED], np.uint8)
    assert (_drawn(view) != coloured).any()


# ---------------------------------------------------------------- perspective


def test_rows_and_sizes_of_the_road_seen_at_an_angle() -> None:
    road = Road()
    assert road.row(0) == pytest.approx(road.strike_y)
    assert road.row(1) == pytest.approx(road.far_y)
    assert road.width_at_row(road.strike_y) == 1
    assert road.width_at_row(road.far_y) == pytest.approx(0.52, abs=0.001)


@pytest.mark.parametrize("scroll", SCROLLS)
def test_a_row_knows_how_far_ahead_it_is(scroll: Scroll) -> None:
    road = Road(scroll=scroll)
    for ahead in (0.0, 0.3, 0.7, 1.0):
        assert road.ahead_at_row(road.row(ahead)) == pytest.approx(ahead)


@pytest.mark.parametrize("scroll", SCROLLS)
def test_time_only_ever_moves_on(scroll: Scroll) -> None:
    road = Road(scroll=scroll)
    rows = np.array([road.row(a) for a in np.linspace(1, -0.4, 200)])
    assert (np.diff(rows) * road.onward >= 0).all()
    assert abs(rows[-1] - road.strike_y) <= perspective.OVERSHOOT


@pytest.mark.parametrize("scroll", ["down", "up"])
def test_seen_from_above_targets_keep_their_size_and_speed(scroll: Scroll) -> None:
    road = Road(scroll=scroll)
    assert {road.size_at(a) for a in (0.0, 0.5, 1.0)} == {1.0}
    assert np.diff([road.row(a) for a in (0.0, 0.25, 0.5)]) == pytest.approx(
        np.repeat(road.row(0.25) - road.row(0.0), 2)
    )


# ---------------------------------------------------------------- words


def test_what_is_written_during_play() -> None:
    view = still_view(
        title="月亮代表我的心 " * 9,
        count=1_234,
        notice="The sound card is away: playing without sound",
        feels="Glove feels {what}",
        asked=Grip.MIDDLE,
        asked_index=0,
        following=Grip.LITTLE,
        contacts=0b11111,
        sections=((0, "A section with quite a long name, longer than there is room for"),),
        lyrics=(LyricLine(9_000_000, 20_000_000, ("Wort" * 30, "zwei"), (9_000_000, 9_500_000)),),
    )
    highway = Highway(SMALL, "right")
    highway.draw(pygame.Surface(SMALL, 0, 32), view)
    shown = [line for text in highway.written for line in text.shown]
    assert "1\u202f234" in shown
    assert "Middle" in shown
    assert "Little" in shown
    assert any("5 pinches" in line for line in shown)
    for text in highway.written:
        assert text.size >= 40
        for area in text.area:
            assert text.box.inflate(2, 2).contains(area) or not area.w


def test_lanes_have_the_colours_of_the_theme() -> None:
    picture = _drawn(still_view(), size=FULL).reshape(-1, 3)
    for grip in GRIPS:
        assert (np.abs(picture.astype(int) - np.array(LANE[grip])).sum(axis=1) == 0).any()


# ---------------------------------------------------------------- larger words and keys


@pytest.mark.parametrize("zoom", [1.0, 1.1, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("place", ["left", "centre", "right"])
@pytest.mark.parametrize("hand", ["left", "right"])
def test_no_part_lies_on_the_road_or_another_or_off_the_screen(hand, place, zoom) -> None:
    scale, road_scale = Scale(*FULL, zoom), Scale(*FULL)
    here = places(hand, place, zoom)
    rects = [
        (name, _rect(road_scale if name == "road" else scale, box)) for name, box in _parts(here)
    ]
    for number, (name, rect) in enumerate(rects):
        assert pygame.Rect(0, 0, *FULL).contains(rect), name
        others = [other for other, taken in rects[:number] if rect.colliderect(taken)]
        assert others == [], name


def _parts(here):
    """Every part that is drawn for itself: the card holds its own."""
    inside = ("card",)
    found = ((name, getattr(here, name)) for name in here.__dataclass_fields__)
    return [(name, box) for name, box in found if box is not None and name not in inside]


def _rect(scale: Scale, box) -> pygame.Rect:
    x, y = scale.x(box.x), scale.y(box.y)
    return pygame.Rect(x, y, scale.x(box.right) - x, scale.y(box.bottom) - y)


def test_at_200_percent_a_notice_takes_the_place_of_the_hand_until_a_pinch_is_asked() -> None:
    view = still_view(notice="No sound")
    view.targets = targets((10_500_000, Grip.RING, 200_000))
    view.states = np.zeros(1, np.uint8)
    surface, highway = pygame.Surface(SMALL, 0, 32), Highway(SMALL, "right", Options(scale=2.0))
    highway.draw(surface, view)
    assert "No sound" in [text.words for text in highway.written]
    view.asked, view.asked_index = Grip.RING, 0
    highway.draw(surface, view)
    written = [text.words for text in highway.written]
    assert "No sound" not in written
    assert "Ring" in written
