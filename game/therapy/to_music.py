"""From the level to music: which tier, at which tempo, with which grips, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, log2

from game.core.grips import GRIPS, Grip
from game.therapy.difficulty import Change, mix, resting
from game.therapy.limits import Limits
from game.therapy.state import DifficultyState

#: The tempo factor between songs, its grid, and how much further from the song's own tempo one
#: song may go than the one before. A grid, because every tempo of a song has to be synthesised.
SLOWEST_TEMPO, FASTEST_TEMPO, TEMPO_STEP = 0.80, 1.10, 0.05

#: A rate has changed over a play if it moved by more than this, in octaves (3.5 %).
_NOTICED = 0.05


class OfferReason(StrEnum):
    """Why the next song is as it is: the machine code."""

    MORE = "more"
    LESS = "less"
    SAME = "same"
    EASY_WIN = "easy_win"
    HELD = "held"
    HIGHEST = "highest"
    LOWEST = "lowest"


# Said after a song, so nothing here may sound like having failed ("FINGER" 2025, docs/therapy.md).
_SENTENCES = {
    OfferReason.MORE: "That went well: the next song asks for a little more.",
    OfferReason.LESS: "The next song leaves a little more time for each pinch.",
    OfferReason.SAME: "This pace suits the hand: the next song keeps it.",
    OfferReason.EASY_WIN: "The next song leans on the grips that go best.",
    OfferReason.HELD: "The next song keeps this pace.",
    OfferReason.HIGHEST: "The next song stays at the fastest pace that is prescribed.",
    OfferReason.LOWEST: "The next song stays at the gentlest pace that is prescribed.",
}


@dataclass(frozen=True)
class Offer:
    """What the next song asks for.

    ``rate`` is the wanted cue rate 2^x in targets per second; ``tempo`` the tempo factor;
    ``tier`` the tier (from 1) of that song to start with, 0 if no song was named; ``mix`` the
    share of each prescribed grip by its label, summing to 1; ``resting`` the labels of those that
    rest (their shares are upper bounds, not wishes); ``reason`` the code, ``sentence`` the same
    in plain English, fit for a patient.
    """

    rate: float
    tempo: float
    tier: int
    mix: dict[str, float]
    resting: tuple[str, ...]
    reason: OfferReason
    sentence: str


def tier_for(rate: float, tier_rates: Sequence[float]) -> int:
    """The tier (from 1) whose rate is nearest in ratio to ``rate``; of equals, the sparser.

    ``tier_rates`` are targets per second over the whole song at the tempo that is played, tier 1
    first. Raises ValueError if there is none or one is not above 0.
    """
    _check_rates(rate, tier_rates)
    distances = [abs(log2(tier_rate / rate)) for tier_rate in tier_rates]
    return distances.index(min(distances)) + 1


def tempo_for(rate: float, tier_rates: Sequence[float], previous: float = 1.0) -> float:
    """The tempo factor for the next song, 0.80 to 1.10.

    The tiers carry the difficulty; they are at most 15 % apart, so inside a song's range the
    music keeps its own tempo. Only where the wanted rate lies beyond the densest tier or below
    the sparsest (``tier_rates`` at tempo 1.0) does tempo help, by as much as is missing, on a
    grid of 0.05, and at most one step further from 1.0 than ``previous``, the tempo of the song
    before: a familiar song shifts by little at a time. Back towards 1.0 it goes at once.
    """
    _check_rates(rate, tier_rates)
    if rate > max(tier_rates):
        missing = rate / max(tier_rates)
        missing = min(missing, FASTEST_TEMPO, max(previous, 1.0) + TEMPO_STEP)
    elif rate < min(tier_rates):
        missing = rate / min(tier_rates)
        missing = max(missing, SLOWEST_TEMPO, min(previous, 1.0) - TEMPO_STEP)
    else:
        missing = 1.0
    return round(round(missing / TEMPO_STEP) * TEMPO_STEP, 2)


def next_offer(
    state: DifficultyState,
    limits: Limits,
    tier_rates: Sequence[float] = (),
    *,
    changes: Sequence[Change] = (),
    previous_tempo: float = 1.0,
    own_tempo: bool = False,
) -> Offer:
    """What the next song should be, after a play whose ``changes`` led to ``state``.

    ``tier_rates`` are those of the song that is offered, at tempo 1.0; without them the tempo is
    1.0, and so it is for a recording, which keeps its ``own_tempo``. Rate, mix and rests are
    already as the next song needs them.
    """
    rate = limits.rate_within(state.rate)
    tempo = 1.0
    if tier_rates and not own_tempo:
        tempo = tempo_for(rate, tier_rates, previous_tempo)
    tier = tier_for(rate, [tier_rate * tempo for tier_rate in tier_rates]) if tier_rates else 0
    shares = mix(state, limits)
    reason = _reason(state, limits, changes)
    return Offer(
        rate=rate,
        tempo=tempo,
        tier=tier,
        mix={grip.label: shares[grip] for grip in GRIPS if grip in limits.grips},
        resting=tuple(Grip(grip).label for grip in resting(state, limits)),
        reason=reason,
        sentence=_SENTENCES[reason],
    )


def _reason(state: DifficultyState, limits: Limits, changes: Sequence[Change]) -> OfferReason:
    if state.easy_win:
        return OfferReason.EASY_WIN
    moved = state.x - changes[0].before if changes else 0.0
    if moved > _NOTICED:
        return OfferReason.MORE
    if moved < -_NOTICED:
        return OfferReason.LESS
    if any(change.reason.is_hold for change in changes):
        return OfferReason.HELD
    if state.x >= limits.x_max:
        return OfferReason.HIGHEST
    if state.x <= limits.x_min:
        return OfferReason.LOWEST
    return OfferReason.SAME


def _check_rates(rate: float, tier_rates: Sequence[float]) -> None:
    if not (isfinite(rate) and rate > 0):
        raise ValueError(f"a cue rate must be above 0 targets/s, not {rate}")
    if not tier_rates or not all(isfinite(r) and r > 0 for r in tier_rates):
        raise ValueError("a song needs at least one tier, and every tier a rate above 0")
