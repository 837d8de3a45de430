"""The guided check of a glove: an open hand, then each grip in turn, then what was found.

The thin part around it shows :attr:`GuidedCheck.prompt` and calls :meth:`GuidedCheck.step` often.
"""

from dataclasses import dataclass, field

from firmware_bridge.diagnosis import (
    FINGERS,
    STUCK_SHARE,
    Answer,
    Evidence,
    Finding,
    Reading,
    diagnose,
)
from firmware_bridge.edges import GRIP_COUNT
from firmware_bridge.glove import Glove

#: How many pinches of each grip are asked for.
PINCHES = 3

#: The hand is open for this long: two readings of the levels come, one a second.
REST_US = 2_500_000

#: Before what is read of an open hand counts: time to open it.
_SETTLE_US = 500_000

#: After the last pinch of a step: what comes with it, and its release.
_TAIL_US = 400_000

#: A last pinch that is held is waited for this long: levels come once a second.
_HOLD_US = 1_500_000

#: A glove that is not heard for this long is gone. A computer that is busy misses it for less.
_LOST_US = 1_500_000

#: A virtual glove, and the lights of a real one, are cued to this beat.
_CUE_AFTER_US = 400_000
_CUE_EVERY_US = 500_000


@dataclass
class _Step:
    """One part of the check: the open hand (``grip`` None), or one grip."""

    grip: int | None
    begin_us: int
    presses: list[tuple[int, int]] = field(default_factory=list)
    enough_us: int | None = None  # when the last pinch came
    level: int | None = None  # of the contact that was asked for, while it was closed


class GuidedCheck:
    """Asks for each grip of ``grips`` in turn, for at most ``limit_us`` each.

    Starts at ``now_us``. When :attr:`done`, :attr:`findings` says what is wrong. A grip that reads
    closed while the hand is open is not asked for.
    """

    def __init__(
        self,
        glove: Glove,
        now_us: int,
        *,
        limit_us: int = 10_000_000,
        grips: tuple[int, ...] = tuple(range(GRIP_COUNT)),
    ) -> None:
        self._glove = glove
        self._limit_us = limit_us
        self._left = list(grips)
        self._step = _Step(None, now_us)
        self._answers: list[Answer] = []
        self._levels: list[int | None] = []
        self._looks = 0  # at the open hand
        self._closed_looks = [0] * GRIP_COUNT
        self._readings: list[Reading] = []
        self._readings_seen = glove.health.readings
        self._heard_us = now_us
        self._lost = False
        self._noisy = False
        self._now_us = now_us
        self.done = False
        self.findings: tuple[Finding, ...] = ()
        glove.begin(now_us)

    def step(self, now_us: int) -> None:
        """Take in what the glove felt up to ``now_us``, and go on to the next grip if it is time.

        Ends early if the glove is lost: nothing more can be asked of it.
        """
        if self.done:
            return
        self._now_us = now_us
        edges, _ = self._glove.poll()
        step = self._step
        step.presses += [
            (int(time_us), int(grip))
            for time_us, grip, down in edges.tolist()
            if down and time_us >= step.begin_us
        ]
        self._look(now_us)
        if self._lost:
            self._finish()
        elif self._over(now_us):
            self._next(now_us)

    def _look(self, now_us: int) -> None:
        health = self._glove.health
        if health.link != "lost":
            self._heard_us = now_us
        self._lost = now_us - self._heard_us > _LOST_US
        self._noisy = self._noisy or health.link == "degraded"
        settled = now_us - self._step.begin_us >= _SETTLE_US
        if self._step.grip is None and settled:
            self._looks += 1
            for grip in range(GRIP_COUNT):
                self._closed_looks[grip] += (health.contacts | health.stuck) >> grip & 1
        if health.readings != self._readings_seen:
            self._readings_seen = health.readings
            # The hand may just be opening while it is asked to be open.
            if settled or self._step.grip is not None:
                self._readings.append(Reading(health.levels, health.levels_closed))
                asked = self._step.grip
                if asked is not None and health.levels_closed >> asked & 1:
                    self._step.level = health.levels[asked]

    def _over(self, now_us: int) -> bool:
        step = self._step
        if step.grip is None:
            return now_us - step.begin_us >= REST_US
        if now_us - step.begin_us >= self._limit_us:
            return True
        if step.enough_us is None:
            counts = [sum(g == grip for _, g in step.presses) for grip in range(GRIP_COUNT)]
            if max(counts) >= PINCHES:
                step.enough_us = now_us
        if step.enough_us is None:
            return False
        held = self._glove.health.contacts >> step.grip & 1
        waits = _HOLD_US if held and step.level is None else _TAIL_US
        return now_us - step.enough_us >= waits

    def _next(self, now_us: int) -> None:
        step = self._step
        if step.grip is not None:
            self._glove.cancel_cues()
            self._answers.append(Answer(step.grip, tuple(step.presses)))
            self._levels.append(step.level)
        else:
            self._left = [grip for grip in self._left if self._closed_share(grip) < STUCK_SHARE]
        if not self._left:
            self._finish()
            return
        grip = self._left.pop(0)
        self._step = _Step(grip, now_us)
        for pinch in range(PINCHES):
            self._glove.cue(now_us + _CUE_AFTER_US + pinch * _CUE_EVERY_US, grip)

    def _finish(self) -> None:
        self.done = True
        self.findings = diagnose(
            Evidence(
                rest_closed=tuple(self._closed_share(grip) for grip in range(GRIP_COUNT)),
                readings=tuple(self._readings),
                answers=tuple(self._answers),
                lost=self._lost,
                noisy=self._noisy,
            )
        )

    def _closed_share(self, grip: int) -> float:
        return self._closed_looks[grip] / max(self._looks, 1)

    # -- for the screen -----------------------------------------------------------------------

    @property
    def prompt(self) -> str:
        """What the patient is asked to do now."""
        grip = self._step.grip
        if grip is None:
            return "Open the hand and keep it still"
        return f"Pinch thumb and {_WHERE[grip]}, three times; hold the last"

    @property
    def grip(self) -> int | None:
        """The grip that is asked for now; None while the hand shall be open."""
        return self._step.grip

    @property
    def remaining_s(self) -> float:
        """How long this step takes at most from now on."""
        limit_us = REST_US if self._step.grip is None else self._limit_us
        return max(0.0, (self._step.begin_us + limit_us - self._now_us) / 1e6)

    @property
    def felt(self) -> tuple[int, ...]:
        """The pinches felt in this step, per grip."""
        return tuple(sum(g == grip for _, g in self._step.presses) for grip in range(GRIP_COUNT))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What came for each grip that was asked for so far."""
        return tuple(self._answers)

    @property
    def levels(self) -> tuple[int | None, ...]:
        """The level of each of these contacts while it was closed; None: none was told then."""
        return tuple(self._levels)


_WHERE = tuple(
    f"{name} finger" if name in ("index", "middle", "ring", "little") else name for name in FINGERS
)
