"""Which grips the next song asks for: discounted success per grip, weights, rests.

A grip that goes worse than the others is asked for more often (it needs the practice), one that
goes better less; after a song that went badly the sign flips for one song, an easy win. A grip
that cannot be made *rests*: it stays in the chart as a rare invitation and comes back by itself.
Without the rest one impossible grip would drag an able hand's rate down for all the others.

Formulas: ``docs/therapy.md``, "Grip mix".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from game.core.grips import GRIPS, Grip
from game.therapy.limits import Limits

#: What is remembered of a grip fades by this factor per target of it, towards a guess worth
#: four targets at the success aimed for.
MEMORY, GUESS_TARGETS = 0.98, 4.0

#: How strongly the mix leans on the difference of success, and how far it may lean.
LEAN, LEAST_LEAN, MOST_LEAN = 1.5, 0.5, 1.5

#: A grip below this success after this many targets rests; so many hits in a row bring it back.
REST_BELOW, REST_AFTER_TARGETS, RETURN_AFTER_HITS = 0.30, 12, 3

#: All resting grips *together* get at most 1 target in 20. Each alone would already meet the
#: rule; four of them would then fail a fifth of all targets, and no rate could reach 80 %.
RESTING_SHARE = 1 / 20

#: A song this far below the success aimed for, on at least so many targets, is followed by an
#: easy win.
POOR_SONG_MARGIN, POOR_SONG_TARGETS = 0.20, 12


@dataclass(frozen=True)
class GripRecord:
    """What is remembered of one grip.

    ``hits`` and ``targets`` are the discounted sums a and b of ``docs/therapy.md``; ``seen`` counts
    the targets since it started or came back; ``run`` is its hits in a row so far.
    """

    hits: float
    targets: float = GUESS_TARGETS
    seen: int = 0
    run: int = 0
    resting: bool = False

    @classmethod
    def fresh(cls, success_target: float) -> "GripRecord":
        """A grip of which nothing is known: four targets at the success aimed for."""
        return cls(hits=GUESS_TARGETS * success_target)

    @property
    def success(self) -> float:
        """The discounted success p̂ = a/b."""
        return self.hits / self.targets

    def after(
        self, asked: int, hits: int, trailing_hits: int, success_target: float
    ) -> "GripRecord":
        """This record after ``asked`` more targets of the grip, of which ``hits`` were hit.

        ``trailing_hits`` are the hits in a row at their end; a run that began earlier goes on if
        all of them were hit.
        """
        if asked == 0:
            return self
        kept = MEMORY**asked
        return replace(
            self,
            hits=kept * self.hits + hits + (1 - kept) * GUESS_TARGETS * success_target,
            targets=kept * self.targets + asked + (1 - kept) * GUESS_TARGETS,
            seen=self.seen + asked,
            run=self.run + hits if hits == asked else trailing_hits,
        )


def best_grip(records: Sequence[GripRecord], limits: Limits) -> Grip:
    """The prescribed grip with the highest discounted success; of equals, the first."""
    return max(sorted(limits.grips), key=lambda grip: records[grip].success)


def rest_and_return(
    records: Sequence[GripRecord], limits: Limits
) -> tuple[tuple[GripRecord, ...], tuple[Grip, ...], tuple[Grip, ...]]:
    """The records with rests begun and ended, and the grips that now rest and that came back.

    Three hits in a row bring a grip back; it restarts as if nothing were known of it. The best
    prescribed grip never rests: if it did, it is woken with what is known of it.
    """
    changed = list(records)
    rested: list[Grip] = []
    returned: list[Grip] = []
    for grip in sorted(limits.grips):
        if changed[grip].resting and changed[grip].run >= RETURN_AFTER_HITS:
            changed[grip] = GripRecord.fresh(limits.success_target)
            returned.append(grip)
    best = best_grip(changed, limits)
    for grip in sorted(limits.grips):
        record = changed[grip]
        if grip == best:
            if record.resting:
                changed[grip] = replace(record, resting=False)
                returned.append(grip)
        elif (
            not record.resting and record.seen >= REST_AFTER_TARGETS and record.success < REST_BELOW
        ):
            changed[grip] = replace(record, resting=True, run=0)
            rested.append(grip)
    return tuple(changed), tuple(rested), tuple(returned)


def resting_grips(records: Sequence[GripRecord], limits: Limits) -> tuple[Grip, ...]:
    """The prescribed grips that rest.

    The best one is left out even if its record says it rests, as it can after the prescription
    has changed.
    """
    best = best_grip(records, limits)
    return tuple(grip for grip in sorted(limits.grips) if records[grip].resting and grip != best)


def mix(records: Sequence[GripRecord], limits: Limits, easy_win: bool = False) -> tuple[float, ...]:
    """The share of each grip in the next song, in code order, summing to 1.

    w ∝ base·clip(1 + 1.5(p̄ − p̂), .5, 1.5), where p̄ is the mean of p̂ over the prescribed grips
    that do not rest; ``easy_win`` flips the sign. Grips that are not prescribed get 0, and those
    that rest share at most 1/20 between them.
    """
    resting = resting_grips(records, limits)
    active = [grip for grip in sorted(limits.grips) if grip not in resting]
    mean_success = sum(records[grip].success for grip in active) / len(active)
    lean = -LEAN if easy_win else LEAN
    weights = [0.0] * len(GRIPS)
    for grip in active:
        tilt = 1.0 + lean * (mean_success - records[grip].success)
        weights[grip] = limits.weights[grip] * min(max(tilt, LEAST_LEAN), MOST_LEAN)
    awake = sum(weights)
    asleep = sum(limits.weights[grip] for grip in resting)
    # A resting grip that was prescribed as a rarity anyway must not become more frequent by it.
    resting_share = min(RESTING_SHARE, asleep / (awake + asleep))
    shares = [weight / awake * (1.0 - resting_share) for weight in weights]
    for grip in resting:
        shares[grip] = resting_share * limits.weights[grip] / asleep
    return tuple(shares)


def was_poor(asked: int, hits: int, success_target: float) -> bool:
    """Whether a song went so badly that the next one should be an easy win."""
    if asked < POOR_SONG_TARGETS:
        return False
    return hits / asked < success_target - POOR_SONG_MARGIN
