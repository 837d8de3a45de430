"""The targets of a chart as the highway needs them: tails and pickup beats worked out once."""

import numpy as np

from game.core.grips import Grip
from game.stage.pickups import pickup_times
from game.stage.view import HighwayView

#: Notes at least this long get a tail.
TAIL_FROM_US = 700_000


class Upcoming:
    """What can be known of the targets before they come into view; follows a growing chart.

    ``times`` and ``grips`` one per target; ``tail_ends`` the song_us where its tail ends (0: none);
    ``pickups`` the times of the dots before the targets that follow a long silence.
    """

    def __init__(self) -> None:
        self._count = -1
        self._look_ahead_us = 0
        self.times: list[int] = []
        self.grips: list[Grip] = []
        self.tail_ends: list[int] = []
        self.pickups: dict[int, tuple[int, ...]] = {}
        self._longest = 0
        self._times_array = np.zeros(0, np.int64)
        self._grips_array = np.zeros(0, np.uint8)

    def follow(self, view: HighwayView) -> None:
        """Takes note of targets that are new. Costs nothing while the chart is the same."""
        targets = view.targets
        if (
            len(targets) == self._count
            and view.look_ahead_us == self._look_ahead_us
            and np.array_equal(targets["time_us"], self._times_array)
            and np.array_equal(targets["grip"], self._grips_array)
        ):
            return
        self._count = len(targets)
        self._look_ahead_us = view.look_ahead_us
        self._times_array = targets["time_us"].copy()
        self._grips_array = targets["grip"].copy()
        self.times = self._times_array.tolist()
        self.grips = [Grip(g) for g in targets["grip"].tolist()]
        durations = targets["duration_us"].tolist()
        self.tail_ends = [0] * len(self.times)
        self.pickups = {}
        following: dict[Grip, int] = {}
        for i in range(len(self.times) - 1, -1, -1):
            time_us, grip = self.times[i], self.grips[i]
            if durations[i] >= TAIL_FROM_US:
                # A tail ends well before the next target of its lane.
                room = following.get(grip, 2**62) - 250_000
                end = min(time_us + durations[i], room)
                self.tail_ends[i] = end if end - time_us >= TAIL_FROM_US // 2 else 0
            following[grip] = time_us
            before = self.times[i - 1] if i else None
            dots = pickup_times(before, time_us, view.beats_us, view.look_ahead_us)
            if dots:
                self.pickups[i] = dots
        ends = [end - start for end, start in zip(self.tail_ends, self.times, strict=True) if end]
        self._longest = max([600_000, *ends])

    def in_view(self, view: HighwayView) -> tuple[int, int]:
        """First and past-the-last target of which anything can be seen."""
        start = view.song_us - self._longest
        end = view.song_us + view.look_ahead_us
        first, last = np.searchsorted(self._times_array, (start, end))
        # A pickup can be seen before its target.
        last = int(last)
        if last in self.pickups:
            last += 1
        return int(first), last
