"""Which grip every target asks for.

Within a phrase every pitch has one grip, and the grips follow the pitch across the hand: a map
that rises with the pitch, given by the pitches at which it steps to the next grip. Phrases that
sound alike share one map. Among all such maps those are chosen that together give the mix that
was asked, in every tier that is long enough to have one, lose the fewest notes to the spacing of
equal grips, and stay near each other, so that a tune lies in the hand the same way throughout.

If no set of maps gives the mix (a song of one phrase, or of one pitch), the mix goes first: then
phrases that sound alike part, then a pitch may leave the order across the hand, and only at the
very last two notes of one pitch in a phrase get different grips.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np

#: From this many targets on the mix is promised, to within :data:`MIX_TOLERANCE` a grip.
MIX_TARGETS = 60
MIX_TOLERANCE = 0.05
#: What the search aims at, so that a promise is not kept by a hair.
_AIM = 0.04
#: More pitches than this in one map are taken together with their neighbours.
_MAX_PITCHES = 10
_MAX_MAPS = 200
_SWEEPS = 6

_SHARE_OF_PHRASE = 1.0
_NEARNESS = 0.1
_LOST_NOTE = 2.0
_CLASH = 50.0


@dataclass(frozen=True)
class Question:
    """The targets to be given grips. Arrays have a row per target, sorted by time.

    ``group`` is equal for targets whose phrases share a map; ``tier`` the tier it belongs to (0:
    none, it only shares the map). ``places`` is how many grips there are, numbered across the
    hand, and ``weights`` (places,) their shares, summing to 1. ``spacing_us`` is how far apart
    targets of one grip are kept. ``settled`` says that the targets are final, so that none may
    be lost to the spacing any more, ``insistence`` what a promised share that is missed costs
    beside one in a tier too short for a promise.
    """

    time_us: np.ndarray
    pitch: np.ndarray
    group: np.ndarray
    tier: np.ndarray
    weights: np.ndarray
    spacing_us: int
    settled: bool
    insistence: float = 200.0

    @property
    def places(self) -> int:
        """How many grips there are."""
        return len(self.weights)


def choose(question: Question) -> np.ndarray:
    """The place across the hand (int64, from 0) of every target: maps that rise with the pitch."""
    if question.places == 1 or not len(question.time_us):
        return np.zeros(len(question.time_us), dtype=np.int64)
    tiers = _sampled_tiers(question.tier)
    ordinary = _ordinary_map(question)
    groups = [
        _Group.of(question, np.flatnonzero(question.group == g), tiers, ordinary)
        for g in np.unique(question.group)
    ]
    sizes = np.array([np.count_nonzero(_within(question.tier, t)) for t in tiers], dtype=float)
    # A short tier cannot hold a mix; it counts by its length.
    importance = np.minimum(sizes / MIX_TARGETS, 1.0)
    long = sizes >= MIX_TARGETS
    picked = [int(group.own_cost.argmin()) for group in groups]

    # A row for each map, a column for each place in each tier.
    shares = [
        (group.counts / np.maximum(sizes, 1)[:, None]).reshape(len(group.maps), -1)
        for group in groups
    ]
    weights = np.tile(question.weights, len(tiers))
    of_error = np.repeat(importance, question.places) / importance.sum()
    of_over = 20 * of_error + np.repeat(question.insistence * long, question.places) / (
        importance.sum()
    )

    def cost_of(error: np.ndarray) -> np.ndarray:
        """What is wrong with the mix if the shares are off by ``error`` (maps × columns)."""
        error = np.abs(error)
        over = np.maximum(error - _AIM, 0.0)
        return np.asarray(np.square(error) @ of_error + np.square(over) @ of_over)

    # The largest groups first: what they leave, the small ones can even out.
    order = sorted(range(len(groups)), key=lambda g: -len(groups[g].members))
    total = np.sum([share[i] for share, i in zip(shares, picked, strict=True)], axis=0) - weights
    for _ in range(_SWEEPS):
        before = list(picked)
        for g in order:
            others = total - shares[g][picked[g]]
            picked[g] = int((cost_of(others + shares[g]) + groups[g].own_cost).argmin())
            total = others + shares[g][picked[g]]
        if picked == before:
            break
    place = np.zeros(len(question.time_us), dtype=np.int64)
    for group, i in zip(groups, picked, strict=True):
        place[group.members] = group.maps[i][group.bin]
    return place


@dataclass(frozen=True)
class _Group:
    """The targets under one map, and every map they could have.

    ``maps`` (maps × bins) gives the place of every bin of pitches, ``counts`` (maps × tiers ×
    places) how many targets each map gives each place, ``own_cost`` (maps,) what is wrong with
    a map whatever the other groups do.
    """

    members: np.ndarray
    bin: np.ndarray
    maps: np.ndarray
    counts: np.ndarray
    own_cost: np.ndarray

    @classmethod
    def of(
        cls, question: Question, members: np.ndarray, tiers: list[int], ordinary: np.ndarray
    ) -> "_Group":
        pitch = question.pitch[members]
        bins = _bins(pitch)
        used = int(bins.max()) + 1
        maps, onehot = rising_maps(used, question.places), _asked(used, question.places)
        tier = question.tier[members]
        here = np.array(
            [np.bincount(bins[_within(tier, t)], minlength=used) for t in tiers], dtype=float
        )
        size = len(members) / len(question.time_us)
        all_of_it = np.bincount(bins, minlength=used) / len(members)
        share = all_of_it @ onehot
        own = _SHARE_OF_PHRASE * size * ((share - question.weights) ** 2).sum(axis=1)

        usual = np.zeros((used, question.places))
        np.add.at(usual, (bins, ordinary[members]), 1 / len(members))
        agreement = onehot.reshape(len(maps), -1) @ usual.reshape(-1)
        own += _NEARNESS * size * (1 - agreement)

        # Of very many maps those that suit the phrase best are enough.
        if len(maps) > _MAX_MAPS:
            likely = np.argpartition(own, _MAX_MAPS)[:_MAX_MAPS]
            likely.sort()
            maps, onehot, own = maps[likely], onehot[likely], own[likely]

        # Neighbours too close for one grip: a map that gives them one loses a note.
        time = question.time_us[members]
        close = np.flatnonzero(np.diff(time) < question.spacing_us)
        pairs = np.zeros((used, used))
        np.add.at(pairs, (bins[close], bins[close + 1]), 1.0)
        np.fill_diagonal(pairs, 0.0)
        lost = (maps[:, :, None] == maps[:, None, :]).reshape(len(maps), -1) @ pairs.reshape(-1)
        own += (_CLASH if question.settled else _LOST_NOTE) * lost / len(question.time_us)
        counts = here @ onehot
        return cls(members, bins, maps, counts, own)


def _within(tier: np.ndarray, number: int) -> np.ndarray:
    """Which targets are in tier ``number``; number 0 stands for all, in a tier or not."""
    return tier > -1 if number == 0 else (tier > 0) & (tier <= number)


def _sampled_tiers(tier: np.ndarray) -> list[int]:
    """A dozen tiers spread over those long enough for a mix (or the last few, if none is)."""
    last = int(tier.max(initial=0))
    if last == 0:
        return [0]
    sizes = np.cumsum(np.bincount(tier[tier > 0], minlength=last + 1))
    long = [t for t in range(1, last + 1) if sizes[t] >= MIX_TARGETS]
    short = [t for t in range(1, last + 1) if MIX_TARGETS / 6 <= sizes[t] < MIX_TARGETS]
    picked = {last}
    for tiers, most in ((long, 12), (short, 5)):
        if tiers:
            picked |= {tiers[round(i)] for i in np.linspace(0, len(tiers) - 1, most)}
    return sorted(picked)


def _ordinary_map(question: Question) -> np.ndarray:
    """The place of every target if the whole song had one map."""
    order = np.argsort(question.pitch, kind="stable")
    rank = np.empty(len(order))
    rank[order] = (np.arange(len(order)) + 0.5) / len(order)
    _, inverse = np.unique(question.pitch, return_inverse=True)
    middle = np.bincount(inverse, weights=rank) / np.bincount(inverse)
    edges = np.cumsum(question.weights)[:-1]
    return np.searchsorted(edges, middle[inverse]).astype(np.int64)


def _bins(pitch: np.ndarray) -> np.ndarray:
    """The number of each target's pitch among the pitches, neighbours joined if there are many."""
    pitches, inverse, counts = np.unique(pitch, return_inverse=True, return_counts=True)
    if len(pitches) <= _MAX_PITCHES:
        return inverse
    middle = (np.cumsum(counts) - counts / 2) / counts.sum()
    joined = np.minimum((middle * _MAX_PITCHES).astype(int), _MAX_PITCHES - 1)
    return np.unique(joined, return_inverse=True)[1][inverse]


@lru_cache(maxsize=64)
def rising_maps(bins: int, places: int) -> np.ndarray:
    """Every map from ``bins`` pitches to ``places`` grips that never steps back (maps × bins)."""
    steps = np.array(
        list(combinations_with_replacement(range(bins + 1), places - 1)), dtype=np.int64
    )
    maps = (np.arange(bins)[None, :, None] >= steps[:, None, :]).sum(axis=2)
    maps = np.unique(maps, axis=0)
    maps.flags.writeable = False
    return maps


@lru_cache(maxsize=64)
def _asked(bins: int, places: int) -> np.ndarray:
    """1 where a map of :func:`rising_maps` gives a bin a place, else 0 (maps × bins × places)."""
    onehot = np.eye(places)[rising_maps(bins, places)]
    onehot.flags.writeable = False
    return onehot


def mix_error(place: np.ndarray, tier: np.ndarray, weights: np.ndarray) -> float:
    """The largest distance between share and weight of a grip over all tiers of 60 or more."""
    shares = _shares(place, tier, len(weights))
    long = shares.sum(axis=1) >= MIX_TARGETS
    if not long.any():
        return 0.0
    counts = shares[long]
    return float(np.abs(counts / counts.sum(axis=1, keepdims=True) - weights).max())


def surplus(
    place: np.ndarray, tier: np.ndarray, rung: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Targets to leave out so that the first tier without the promised mix has it.

    They are of the grip that tier has too many of, those that entered last.
    """
    shares = _shares(place, tier, len(weights))
    sizes = shares.sum(axis=1)
    error = shares / np.maximum(sizes, 1)[:, None] - weights
    wrong = (sizes >= MIX_TARGETS) & (np.abs(error).max(axis=1) > MIX_TOLERANCE)
    number = int(wrong.argmax()) + 1
    grip = int(error[number - 1].argmax())
    allowed = weights[grip] + _AIM
    size = sizes[number - 1]
    too_many = (shares[number - 1, grip] - allowed * size) / max(1 - allowed, 0.1)
    there = np.flatnonzero((tier > 0) & (tier <= number) & (place == grip))
    last_first = np.lexsort((-there, -rung[there], -tier[there]))
    return there[last_first[: max(1, int(np.ceil(too_many)))]]


def _shares(place: np.ndarray, tier: np.ndarray, places: int) -> np.ndarray:
    """How many targets each tier (rows, from tier 1) has of each place."""
    table = np.zeros((int(tier.max(initial=0)) + 1, places))
    np.add.at(table, (tier, place), 1)
    return np.cumsum(table[1:], axis=0)


def even_out(
    question: Question, place: np.ndarray, together: np.ndarray, *, thorough: bool = False
) -> np.ndarray:
    """Move targets to other grips until the mix holds, or nothing more helps.

    Targets with the same number in ``together`` move together. The spacing of equal grips is
    kept, and grips that lie near are preferred. ``thorough`` looks at every tier and not only
    at a sample of them.
    """
    place = place.copy()
    order = np.argsort(together, kind="stable")
    units = np.split(order, np.flatnonzero(np.diff(together[order])) + 1)
    owner = np.array([place[unit[0]] for unit in units])
    tiers = [t for t in _sampled_tiers(question.tier) if t > 0]
    if thorough:
        tiers = list(range(1, int(question.tier.max(initial=0)) + 1))
    inside = np.array([_within(question.tier, t) for t in tiers]).reshape(len(tiers), -1)
    sizes = inside.sum(axis=1)
    inside, sizes = inside[sizes >= MIX_TARGETS], sizes[sizes >= MIX_TARGETS]
    if not len(sizes):
        return place
    onehot = np.eye(question.places)
    error = inside @ onehot[place] / sizes[:, None] - question.weights
    # step[u]: by how much the shares change if unit u moves (units × tiers).
    step = np.array([inside[:, unit].sum(axis=1) for unit in units]) / sizes
    rows = np.arange(len(units))
    for _ in range(len(units)):
        if np.abs(error).max() <= _AIM:
            break
        best, best_gain = (-1, -1), 1e-9
        for to in range(question.places):
            changed = np.repeat(error[None], len(units), axis=0)
            changed[rows, :, owner] -= step
            changed[:, :, to] += step
            gain = (_roughness(error) - _roughness(changed)) / (np.abs(owner - to) + 1)
            gain[owner == to] = 0.0
            for unit in np.argsort(-gain)[:8]:
                if gain[unit] <= best_gain:
                    break
                if _free(question, place, units[unit], to):
                    best, best_gain = (int(unit), to), float(gain[unit])
                    break
        if best[0] < 0:
            break
        unit, to = best
        error[:, owner[unit]] -= step[unit]
        error[:, to] += step[unit]
        place[units[unit]] = to
        owner[unit] = to
    return place


def _roughness(error: np.ndarray) -> np.ndarray:
    """How bad errors of the mix (… × tiers × places) are; worst ones count most."""
    return (error**2).sum(axis=(-1, -2)) + 50 * (np.maximum(np.abs(error) - _AIM, 0.0) ** 2).sum(
        axis=(-1, -2)
    )


def _free(question: Question, place: np.ndarray, unit: np.ndarray, to: int) -> bool:
    """Whether no target of grip ``to`` lies too close to those of ``unit``."""
    there = question.time_us[place == to]
    if not len(there):
        return True
    at = np.searchsorted(there, question.time_us[unit])
    after = there[np.minimum(at, len(there) - 1)] - question.time_us[unit]
    before = question.time_us[unit] - there[np.maximum(at - 1, 0)]
    gaps = np.concatenate([after[at < len(there)], before[at > 0]])
    return bool((gaps >= question.spacing_us).all())
