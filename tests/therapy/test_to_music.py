"""From the level to tier, tempo and the offer of the next song."""

from dataclasses import replace
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.core.grips import Grip
from game.therapy.difficulty import DifficultyState, Flag, Limits, end_of_song, update
from game.therapy.to_music import OfferReason, next_offer, tempo_for, tier_for
from tests.therapy.phrases import phrase

LIMITS = Limits()
SETTLED = replace(DifficultyState.first(LIMITS, 1.0), seen=5_000)


@pytest.mark.parametrize(
    ("rate", "tiers", "tier"),
    [
        (0.1, (0.3, 0.6, 1.2), 1),
        (9.0, (0.3, 0.6, 1.2), 3),
        (0.6, (0.3, 0.6, 1.2), 2),
        (0.43, (0.3, 0.6), 2),  # the middle is .424 in ratio, .45 in difference
        (0.42, (0.3, 0.6), 1),
        (1.0, (0.5, 2.0), 1),  # equally near: the sparser
    ],
)
def test_the_tier_is_the_nearest_in_ratio(rate: float, tiers: tuple[float, ...], tier: int) -> None:
    assert tier_for(rate, tiers) == tier


@pytest.mark.parametrize(
    ("rate", "previous", "tempo"),
    [
        (0.5, 1.0, 1.0),  # within the song: its own tempo
        (0.3, 1.0, 1.0),
        (1.0, 1.0, 1.0),
        (1.02, 1.0, 1.0),  # too little to shift the music for
        (1.04, 1.0, 1.05),
        (3.0, 1.0, 1.05),  # one step at a time …
        (3.0, 1.05, 1.10),
        (3.0, 1.10, 1.10),  # … and never beyond
        (0.25, 1.0, 0.95),
        (0.25, 0.85, 0.85),  # .25/.3 = .83
        (0.1, 0.85, 0.80),
        (0.1, 0.80, 0.80),
        (0.5, 0.80, 1.0),  # back at once
        (0.25, 1.10, 0.95),
    ],
)
def test_tempo_helps_only_beyond_the_song_and_by_small_steps(
    rate: float, previous: float, tempo: float
) -> None:
    assert tempo_for(rate, (0.3, 0.6, 1.0), previous) == tempo


@given(rate=st.floats(0.01, 20), tiers=st.lists(st.floats(0.01, 10), min_size=1))
def test_any_tempo_lies_between_its_bounds_and_on_the_grid(rate: float, tiers: list[float]) -> None:
    previous = 1.0
    for _ in range(8):
        tempo = tempo_for(rate, tiers, previous)
        assert 0.80 <= tempo <= 1.10
        assert abs(tempo / 0.05 - round(tempo / 0.05)) < 1e-9
        assert abs(tempo - 1.0) <= abs(previous - 1.0) + 0.05 + 1e-9
        previous = tempo


@pytest.mark.parametrize("tiers", [(), (0.0,), (float("nan"),)])
def test_a_song_without_targets_is_refused(tiers: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):
        tier_for(1.0, tiers)
    with pytest.raises(ValueError):
        tempo_for(1.0, tiers)


def test_an_offer_says_everything_about_the_next_song() -> None:
    limits = Limits(grips=(Grip.INDEX, Grip.KEY))
    offer = next_offer(SETTLED, limits, (0.5, 0.95, 1.4))
    assert (offer.rate, offer.tempo, offer.tier) == (1.0, 1.0, 2)
    assert offer.mix == pytest.approx({"index": 0.5, "key": 0.5})
    assert offer.resting == ()


def test_the_tier_of_an_offer_is_that_at_the_offered_tempo() -> None:
    fast = replace(SETTLED, x=log2(1.06))
    offer = next_offer(fast, LIMITS, (0.9, 1.0), previous_tempo=1.0)
    assert (offer.tempo, offer.tier) == (1.05, 2)


def test_a_recording_keeps_its_own_tempo_whatever_is_wanted():
    fast = replace(SETTLED, x=1.0)
    assert next_offer(fast, LIMITS, (0.9, 1.0)).tempo > 1.0
    offer = next_offer(fast, LIMITS, (0.9, 1.0), own_tempo=True)
    assert (offer.tempo, offer.tier) == (1.0, 2)


def test_a_resting_grip_is_named() -> None:
    grips = list(SETTLED.grips)
    grips[Grip.RING] = replace(grips[Grip.RING], hits=0.2, resting=True)
    offer = next_offer(replace(SETTLED, grips=tuple(grips)), LIMITS)
    assert offer.resting == ("ring",)
    assert offer.mix["ring"] == pytest.approx(0.05)
    assert (offer.tempo, offer.tier) == (1.0, 0)


def test_an_offer_never_leaves_the_limits() -> None:
    tight = Limits(rate_min=0.2, rate_max=0.7)
    assert next_offer(SETTLED, tight).rate == 0.7
    assert next_offer(replace(SETTLED, x=-3.0), tight).rate == 0.2


def test_the_reason_follows_the_play() -> None:
    up = update(SETTLED, LIMITS, [phrase(16, 16)])
    down = update(SETTLED, LIMITS, [phrase(16, 6)])
    held = update(SETTLED, LIMITS, [phrase(16, 16, flags=frozenset({Flag.PAIN}))])
    steady = update(SETTLED, LIMITS, [phrase(15, 12)])
    top = replace(SETTLED, x=LIMITS.x_max)
    table = [
        (up.state, [up], OfferReason.MORE),
        (down.state, [down], OfferReason.LESS),
        (held.state, [held], OfferReason.HELD),
        (steady.state, [steady], OfferReason.SAME),
        (SETTLED, [], OfferReason.SAME),
        (top, [], OfferReason.HIGHEST),
        (replace(SETTLED, x=LIMITS.x_min), [], OfferReason.LOWEST),
        (end_of_song(down.state, LIMITS, 16, 6), [down], OfferReason.EASY_WIN),
    ]
    for state, changes, reason in table:
        offer = next_offer(state, LIMITS, changes=changes)
        assert offer.reason == reason
        assert offer.sentence.endswith(".")


def test_no_sentence_sounds_like_having_failed() -> None:
    down = update(SETTLED, LIMITS, [phrase(16, 0)])
    sentence = next_offer(down.state, LIMITS, changes=[down]).sentence.lower()
    assert not any(word in sentence for word in ("easier", "slower", "miss", "fail", "down", "low"))
