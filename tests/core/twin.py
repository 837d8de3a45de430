"""The judge once more, slowly: plain objects and lists, written from the contract sentence by
sentence, sharing no code with the kernel. The oracle of its tests."""

from dataclasses import dataclass, field

import numpy as np

from game.core import JUDGED, PRESS, Judgements


@dataclass
class Target:
    index: int
    time: int
    grip: int
    hit_by: "Press | None" = None
    near: list["Press"] = field(default_factory=list)
    wrong: list["Press"] = field(default_factory=list)

    def distance(self, press):
        return abs(press.time - self.time)


@dataclass
class Press:
    index: int
    edge: int
    time: int
    grip: int
    outcome: str = ""
    target: Target | None = None
    released: int | None = None


def nearest(candidates, press):
    """Of two equally near the earlier; targets at one time are earlier in the order they stand."""
    best = None
    for target in sorted(candidates, key=lambda t: (t.time, t.index)):
        if best is None or target.distance(press) < best.distance(press):
            best = target
    return best


def judge_one(press, targets, window):
    def is_open(target):
        opens, closes = target.time - window.early_us, target.time + window.late_us
        expired = press.time > closes
        return target.hit_by is None and not expired and opens <= press.time <= closes

    near_us = max(window.near_us, window.early_us, window.late_us)
    own = [t for t in targets if t.grip == press.grip]
    others = [t for t in targets if t.grip != press.grip]

    candidates = [t for t in own if is_open(t)]
    if candidates:
        press.outcome, press.target = "hit", nearest(candidates, press)
        press.target.hit_by = press
        return
    close = [t for t in own if t.hit_by is None and t.distance(press) <= near_us]
    if close:
        press.outcome, press.target = "near", nearest(close, press)
        press.target.near.append(press)
        return
    mistaken = [t for t in others if is_open(t)]
    if mistaken:
        press.outcome, press.target = "wrong grip", nearest(mistaken, press)
        press.target.wrong.append(press)
        return
    press.outcome = "extra"


def judge_slowly(targets, edges, window):
    """What ``game.core.judge`` must answer."""
    asked = [Target(i, int(row["time_us"]), int(row["grip"])) for i, row in enumerate(targets)]
    presses = []
    for i, edge in enumerate(edges):
        time, grip = int(edge["time_us"]), int(edge["grip"])
        if edge["down"]:
            press = Press(len(presses), i, time, grip)
            judge_one(press, asked, window)
            presses.append(press)
        else:
            begun = [p for p in presses if p.grip == grip and p.time <= time]
            if begun and begun[-1].released is None:
                begun[-1].released = time
    return Judgements(
        np.array([target_row(t) for t in asked], JUDGED),
        np.array([press_row(p) for p in presses], PRESS),
    )


def target_row(target):
    wrong_grip = target.wrong[-1].grip if target.wrong else -1
    if target.hit_by is not None:
        press = target.hit_by
        dwell = -1 if press.released is None else press.released - press.time
        return (True, press.time - target.time, press.index, 0, wrong_grip, dwell)
    if target.near:
        press = min(target.near, key=target.distance)  # the first of equals
        asynchrony = press.time - target.time
        return (False, asynchrony, press.index, 2 if asynchrony < 0 else 3, wrong_grip, -1)
    return (False, 0, -1, 4 if target.wrong else 1, wrong_grip, -1)


def press_row(press):
    outcome = ["hit", "near", "wrong grip", "extra"].index(press.outcome)
    return (press.edge, outcome, -1 if press.target is None else press.target.index)
