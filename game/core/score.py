"""The score of a play: 0 to 10 000, the same scale for every song."""

from game.core.data import Judgements, Mask, Rows, Window

#: The score of a perfect play of any song.
PERFECT = 10_000


def score(targets: Rows, judgements: Judgements, window: Window, asked: Mask | None = None) -> int:
    """The mean credit of the targets, times 10 000, rounded down.

    A hit at asynchrony *a* earns ``1 − ½ (|a| / w)²``, where *w* is the wider half-window: 1 in
    time, and ½ at the very edge of the window, since a pinch that counts as a hit must not be worth
    next to nothing to the hand that made it. The square is kind where tapping is normally biased:
    20 to 80 ms early (Repp 2005) costs at most 8 % at ±200 ms. A miss earns nothing. Near, wrong
    and extra presses take nothing away.

    Example, window ±200 ms, four targets: hits at 0, −100 and +200 ms and a miss earn
    1 + 0.875 + 0.5 + 0 = 2.375 of 4, and score 5937.

    ``targets`` and ``judgements.targets`` have a row per target; ``asked`` leaves targets out
    (glove faults, a play broken off). Without any target the score is 0. Computed in whole
    numbers, so that it is the same on every machine. Raises ValueError if the lengths differ.
    """
    judged = judgements.targets
    if len(judged) != len(targets):
        raise ValueError(f"{len(targets)} targets cannot have {len(judged)} judgements")
    if asked is not None:
        judged = judged[asked]
    if not len(judged):
        return 0
    asynchrony_us: list[int] = judged["asynchrony_us"][judged["hit"]].tolist()
    # Twice the credit of a hit is 2 − a²/w². With a window of width 0 every hit is at 0.
    whole = max(window.early_us, window.late_us, 1) ** 2
    twice_the_credit = sum(2 * whole - a * a for a in asynchrony_us)
    return PERFECT * twice_the_credit // (2 * whole * len(judged))
