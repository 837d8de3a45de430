"""The weighted up-down rule (Kaernbach 1991): how far the level moves for so many hits.

The level is x = log2(cue rate). A hit moves it up by a small step s, a miss down by the same
step times p*/(1 − p*), so that at the success aimed for, p*, the expected movement is nought
for any patient, however success falls with rate.

The steps shrink as targets are seen: s_n = s1 + (s0 − s1)·exp(−n/τ). Which of the N targets of a
phrase were hit is not known, only how many, so all of them use the *mean* of s over the N
steps. That keeps E[Δ] = 0 at p*, and differs from the step-by-step sum only by which of the
(slightly larger) first steps went to a hit and which to a miss.
"""

from math import exp, log2

#: Step at the first target and after many, in octaves; targets in which it falls by 1/e.
FIRST_STEP, LAST_STEP, STEP_TARGETS = 0.030, 0.010, 48.0

#: One update never moves the rate by more than × 1.08 up or ÷ 1.20 down.
LARGEST_RAISE, LARGEST_FALL = log2(1.08), log2(1.20)


def step_size(seen: int) -> float:
    """The step s_n in octaves after ``seen`` targets: .030 at first, .010 in the end."""
    return LAST_STEP + (FIRST_STEP - LAST_STEP) * exp(-seen / STEP_TARGETS)


def mean_step(seen: int, asked: int) -> float:
    """The mean of :func:`step_size` over the ``asked`` targets that follow ``seen`` others.

    A geometric series, summed: 16 targets from the start give .02719, and 16 after 1 000 give .01.
    """
    if asked <= 0:
        return step_size(seen)
    shrink = exp(-1.0 / STEP_TARGETS)
    total = exp(-seen / STEP_TARGETS) * (1.0 - shrink**asked) / (1.0 - shrink)
    return LAST_STEP + (FIRST_STEP - LAST_STEP) * total / asked


def movement(seen: int, asked: int, hits: int, success_target: float) -> float:
    """Δ in octaves before any bound, for ``hits`` of ``asked`` targets after ``seen`` others.

    s·[H − p*/(1 − p*)·(N − H)], written as s·(H − p*·N)/(1 − p*), which is nought without rounding
    at the success aimed for: at .80, 4 hits pay for 1 miss.
    """
    surplus = hits - success_target * asked
    return mean_step(seen, asked) * surplus / (1.0 - success_target)


def bounded(delta: float) -> float:
    """``delta`` cut to the largest step: × 1.08 up, ÷ 1.20 down."""
    return min(max(delta, -LARGEST_FALL), LARGEST_RAISE)
