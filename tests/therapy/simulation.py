"""Simulated patients play whole sessions: the difficulty rule in its loop, without glove or music.

A phrase is 16 synthetic targets at the wanted rate, as ``docs/therapy.md`` counts them; a song
ends after 160 s. Everything that makes the real loop harder is kept: targets come into view
3 s ahead, a phrase is committed 3 s before it starts, so the phrase before it often counts only for
the one after; ease-off takes away targets not yet in view; the mix changes between songs. Also
run by the benchmarks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import log2

import numpy as np

from game.core.grips import GRIPS
from game.therapy.difficulty import (
    Change,
    DifficultyState,
    Limits,
    PhraseTotals,
    Reason,
    end_of_song,
    is_due,
    mix,
    start_of_session,
    update,
)
from game.therapy.ease_off import eases_off, staying
from game.therapy.ramp import Ramp, next_ramp_target, ramp_result
from game.therapy.simulated import (
    Contact,
    SimulatedPatient,
    simulated_patient,
    virtual_patient,
)

LOOK_AHEAD_US = 3_000_000
WINDOW_US = 200_000
RELEASE_US = 25_000  # contacts no further apart are one press (the glove's contact detection)
CHORD_US = 40_000
SAME_GRIP_US = 444_445
PHRASE_TARGETS = 16
SONG_US = 160_000_000
REST_US = 20_000_000


@dataclass
class Asked:
    """A target that was asked, and what became of it."""

    time_us: int
    grip: int
    hit_us: int | None = None
    fist: bool = False


class Table:
    """Matches an actor's presses to targets: the nearest open target of the grip within ±200 ms."""

    def __init__(self, actor: SimulatedPatient) -> None:
        self.actor = actor
        self.asked: list[Asked] = []
        self.presses: list[tuple[int, int]] = []
        self.reached_us = -(10**12)
        self._open: list[Asked] = []
        self._closed_until = [-(10**12)] * len(GRIPS)
        self._contacts: list[Contact] = []

    def ask(self, time_us: int, grip: int) -> Asked:
        target = Asked(time_us, grip)
        self.actor.cue(time_us, grip)
        self.asked.append(target)
        self._open.append(target)
        return target

    def advance(self, until_us: int) -> None:
        """Judge every press before ``until_us``."""
        if until_us <= self.reached_us:
            return
        self.reached_us = until_us
        for contact in self.actor.contacts(until_us):
            self._contacts.append(contact)
            bounce = contact.start_us - self._closed_until[contact.grip] <= RELEASE_US
            self._closed_until[contact.grip] = max(contact.end_us, self._closed_until[contact.grip])
            if not bounce:
                self.presses.append((contact.start_us, contact.grip))
                self._press(contact)
        self._open = [
            t for t in self._open if t.hit_us is None and t.time_us + WINDOW_US >= until_us
        ]

    def _press(self, contact: Contact) -> None:
        near = [
            target
            for target in self._open
            if target.grip == contact.grip
            and target.hit_us is None
            and abs(contact.start_us - target.time_us) <= WINDOW_US
        ]
        if near:
            best = min(near, key=lambda target: abs(contact.start_us - target.time_us))
            best.hit_us = contact.start_us

    def mark_fists(self, targets: Sequence[Asked]) -> None:
        """Note the hits that came with three or more contacts closed."""
        for target in targets:
            if target.hit_us is not None:
                closed = {
                    c.grip
                    for c in self._contacts
                    if c.start_us <= target.hit_us + CHORD_US and c.end_us > target.hit_us
                }
                target.fist = len(closed) >= 3
        first = min((t.time_us for t in targets), default=self.reached_us)
        self._contacts = [c for c in self._contacts if c.end_us > first - 1_000_000]

    def outcomes(self, targets: Sequence[Asked]) -> list[bool | None]:
        """Hit or not, None where it is not known yet."""
        return [
            True
            if t.hit_us is not None
            else (False if t.time_us + WINDOW_US < self.reached_us else None)
            for t in targets
        ]


@dataclass(frozen=True)
class PhraseResult:
    """One phrase as it was played, and the rate it was committed at."""

    rate: float
    asked: int
    hits: int
    eased: bool

    @property
    def success(self) -> float:
        return self.hits / self.asked


Rule = Callable[[DifficultyState, Limits, Sequence[PhraseTotals]], Change]


@dataclass
class Session:
    """What a session left: its phrases, the changes in order, the state after it."""

    state: DifficultyState
    phrases: list[PhraseResult] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    ramp_targets: int = 0
    targets: int = 0
    rule: Rule = update

    def success(self, last: int | None = None) -> float:
        """Hits ÷ targets over the last phrases (all by default)."""
        chosen = self.phrases if last is None else self.phrases[-last:]
        return sum(p.hits for p in chosen) / sum(p.asked for p in chosen)

    def poor_phrases(self) -> int:
        return sum(phrase.success < 0.5 for phrase in self.phrases)

    def level(self) -> float:
        """The median of x over the second half of play."""
        half = self.phrases[len(self.phrases) // 2 :]
        return float(np.median([log2(phrase.rate) for phrase in half]))


def grips_of_phrase(
    rng: np.random.Generator, shares: Sequence[float], times_us: Sequence[int]
) -> list[int]:
    """A grip for every time, by the shares, with room between targets of the same grip."""
    last_us = [-SAME_GRIP_US] * len(GRIPS)
    grips: list[int] = []
    for time_us in times_us:
        free = [
            share if time_us - last_us[g] >= SAME_GRIP_US else 0.0 for g, share in enumerate(shares)
        ]
        if sum(free) == 0.0:
            free = list(shares)
        grip = int(rng.choice(len(GRIPS), p=np.array(free) / sum(free)))
        last_us[grip] = time_us
        grips.append(grip)
    return grips


def play_ramp(
    actor: SimulatedPatient, limits: Limits, rng: np.random.Generator, song_us: int = SONG_US
) -> tuple[Change, list[Asked]]:
    """The first song, on a melody of three to four notes a second."""
    gaps = rng.choice([250_000, 250_000, 500_000], size=2 * song_us // 250_000)
    times = np.cumsum(gaps)
    times = times[times < song_us]
    grips = grips_of_phrase(rng, mix(DifficultyState.first(limits), limits), times.tolist())
    table = Table(actor)
    ramp, last_us = Ramp(), 2_000_000
    while True:
        step = ramp.next_step(limits, table.outcomes(table.asked))
        if step is None:
            break
        index = next_ramp_target(times, last_us, step.spacing_us)
        if index is None:
            break
        table.advance(int(times[index]) - LOOK_AHEAD_US)
        # Asked again at the moment the target comes into view: more is known by now.
        step = ramp.next_step(limits, table.outcomes(table.asked))
        if step is None:
            break
        index = next_ramp_target(times, last_us, step.spacing_us)
        if index is None:
            break
        last_us = int(times[index])
        table.ask(last_us, grips[index])
        ramp = ramp.asked_one(step)
    table.advance(last_us + 2 * WINDOW_US)
    table.mark_fists(table.asked)
    change = ramp_result(
        ramp,
        limits,
        [t.time_us for t in table.asked],
        table.outcomes(table.asked),
        presses=len(table.presses),
        fist_hits=sum(t.fist for t in table.asked),
    )
    return change, table.asked


def _totals(targets: Sequence[Asked], presses: Sequence[tuple[int, int]], x: float) -> PhraseTotals:
    asked, hits, fists, trailing = ([0] * len(GRIPS) for _ in range(4))
    for target in targets:
        hit = target.hit_us is not None
        asked[target.grip] += 1
        hits[target.grip] += hit
        fists[target.grip] += target.fist
        trailing[target.grip] = trailing[target.grip] + 1 if hit else 0
    pressed = [sum(grip == g for _, grip in presses) for g in GRIPS]
    return PhraseTotals(
        asked=tuple(asked),
        hits=tuple(hits),
        presses=tuple(pressed),
        fist_hits=tuple(fists),
        trailing_hits=tuple(trailing),
        tier_rate=2.0**x,
        x_at_commit=x,
    )


def block_rule(state: DifficultyState, limits: Limits, phrases: Sequence[PhraseTotals]) -> Change:
    """What the weighted up-down rule is compared with: 10 % more after a block that reached the
    success aimed for, 5 % less after one that did not; no clamps, no holds, no rests."""
    asked = sum(sum(phrase.asked) for phrase in phrases)
    hits = sum(sum(phrase.hits) for phrase in phrases)
    raised = hits >= limits.success_target * asked
    after = limits.clip(state.x + log2(1.10 if raised else 0.95))
    reason = Reason.RAISED if raised else Reason.LOWERED
    return Change(replace(state, x=after), state.x, after, reason, {"asked": asked, "hits": hits})


def play_session(
    actor: SimulatedPatient,
    limits: Limits,
    state: DifficultyState,
    phrases: int,
    seed: int,
    rule: Rule = update,
) -> Session:
    """So many phrases, in songs of 160 s with rests between."""
    session = Session(state, rule=rule)
    rng = np.random.default_rng([seed, 77])
    table = Table(actor)
    start_us = 10_000_000
    while len(session.phrases) < phrases:
        start_us = _play_song(session, table, limits, rng, phrases, start_us) + REST_US
    return session


def _play_song(
    session: Session,
    table: Table,
    limits: Limits,
    rng: np.random.Generator,
    phrases: int,
    start_us: int,
) -> int:
    shares = mix(session.state, limits)
    song_start_us, next_us = start_us, start_us
    waiting: list[tuple[list[Asked], float, bool]] = []
    gathered: list[PhraseTotals] = []
    asked = hits = 0
    presses_from = len(table.presses)

    def close(before_us: float) -> None:
        """Count the phrases whose last target has expired."""
        nonlocal gathered, asked, hits, presses_from
        while waiting and waiting[0][0][-1].time_us + WINDOW_US < before_us:
            targets, x, eased = waiting.pop(0)
            table.mark_fists(targets)
            end_us = targets[-1].time_us + WINDOW_US
            count = sum(time_us <= end_us for time_us, _ in table.presses[presses_from:])
            presses = table.presses[presses_from : presses_from + count]
            presses_from += count
            totals = _totals(targets, presses, x)
            gathered.append(totals)
            asked += len(targets)
            hits += sum(totals.hits)
            session.phrases.append(PhraseResult(2.0**x, len(targets), sum(totals.hits), eased))
            if is_due(gathered, 30.0):
                _apply(session, limits, gathered)
                gathered = []

    while len(session.phrases) + len(waiting) < phrases and next_us - song_start_us < SONG_US:
        table.advance(next_us - LOOK_AHEAD_US)
        close(table.reached_us)
        x = session.state.x
        gap_us = round(1_000_000 / 2.0**x)
        times = [next_us + k * gap_us for k in range(PHRASE_TARGETS)]
        targets: list[Asked] = []
        planned = list(zip(times, grips_of_phrase(rng, shares, times), strict=True))
        eased = False
        while planned:
            table.advance(planned[0][0] - LOOK_AHEAD_US)
            known = [o for o in table.outcomes(targets) if o is not None]
            if not eased and eases_off(known):
                eased = True
                keep = staying([1] * len(planned))
                planned = [target for target, stays in zip(planned, keep, strict=True) if stays]
            targets.append(table.ask(*planned.pop(0)))
        waiting.append((targets, x, eased))
        session.targets += len(targets)
        next_us = times[-1] + gap_us
    table.advance(next_us + 2 * WINDOW_US)
    close(float("inf"))
    if gathered:
        _apply(session, limits, gathered)
    session.state = end_of_song(session.state, limits, asked, hits)
    return next_us


def _apply(session: Session, limits: Limits, gathered: Sequence[PhraseTotals]) -> None:
    change = session.rule(session.state, limits, gathered)
    session.changes.append(change)
    session.state = change.state


def first_session(
    severity: str,
    seed: int,
    phrases: int,
    limits: Limits | None = None,
    *,
    kind: str = "",
    rule: Rule = update,
) -> Session:
    """The ramp, then so many phrases, by one simulated patient."""
    limits = limits or Limits()
    ramp, asked = play_ramp(
        simulated_patient(severity, seed, kind=kind), limits, np.random.default_rng([seed, 5])
    )
    actor = simulated_patient(severity, seed, play_seed=1, targets_before=len(asked), kind=kind)
    session = play_session(actor, limits, ramp.state, phrases, seed, rule)
    session.changes.insert(0, ramp)
    session.ramp_targets = len(asked)
    return session


def later_sessions(
    severity: str, seed: int, sessions: int, phrases: int, learning: float = 0.02
) -> list[Session]:
    """A first session and further ones, the hand growing faster by ``learning`` each time."""
    limits = Limits()
    patient = replace(virtual_patient(severity, seed), learning=learning)
    played = [first_session(severity, seed, phrases, limits)]
    for number in range(1, sessions):
        state = start_of_session(played[-1].state, limits).state
        rng = np.random.default_rng([seed, number])
        actor = SimulatedPatient(patient, rng, play=number)
        played.append(play_session(actor, limits, state, phrases, seed * 1000 + number))
    return played


def success_at(severity: str, seed: int, rate: float, targets: int = 400) -> float:
    """The share hit at a fixed rate, rested: one point of the patient's psychometric curve."""
    rested = replace(virtual_patient(severity, seed), fatigue=0.0)
    table = Table(SimulatedPatient(rested, np.random.default_rng([seed, 8])))
    rng = np.random.default_rng([seed, 9])
    limits = Limits()
    gap_us = round(1_000_000 / rate)
    times = [5_000_000 + k * gap_us for k in range(targets)]
    for time_us, grip in zip(
        times, grips_of_phrase(rng, mix(DifficultyState.first(limits), limits), times), strict=True
    ):
        table.ask(time_us, grip)
    table.advance(times[-1] + 1_000_000)
    return sum(t.hit_us is not None for t in table.asked) / targets


def rate_of_success(severity: str, seed: int, success: float = 0.8, targets: int = 400) -> float:
    """The highest rate at which the hand still reaches ``success``, between .05 and 5 targets/s."""
    rates = np.geomspace(0.05, 5.0, 28)
    curve = [success_at(severity, seed, float(rate), targets) for rate in rates]
    above = [k for k, share in enumerate(curve) if share >= success]
    if not above:
        return 0.0
    k = above[-1]
    if k + 1 == len(rates):
        return float(rates[-1])
    share = (curve[k] - success) / (curve[k] - curve[k + 1])
    return float(rates[k] * (rates[k + 1] / rates[k]) ** share)
