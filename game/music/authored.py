"""The author's own chart: levels become rungs, grips become places across the prescribed ones.

Between two levels whole phrases take the denser one. What is below the lowest level, and inside a
level that more than doubles what was there, enters by its place in the metre, as the notes of a
melody do.
"""

from dataclasses import replace

import numpy as np

from game.core import ACROSS_THE_HAND, Grip
from game.music.metre import BEAT, Candidates, candidates, enter_early
from game.music.song import Song

#: A melody note that begins this near to a target is the one it stands for.
SAME_NOTE_US = 100_000


def authored_candidates(
    song: Song, chosen: list[Grip], phrases: np.ndarray, tempo: float, first_by_us: int
) -> tuple[Candidates, np.ndarray]:
    """The author's targets on their rungs, and the place of each among the grips ``chosen``.

    ``chosen`` are the prescribed grips in order across the hand. A grip that is not among them
    goes to the nearest one that is, of two equally near to the one on the side of the thumb. Of
    targets at one instant the one of the lowest level stays, and among those one whose grip is
    prescribed.
    """
    grip = song.authored["grip"]
    across = np.argsort(np.array(ACROSS_THE_HAND))
    distance = np.abs(across[grip][:, None] - across[np.array(chosen)][None, :])
    place = distance.argmin(axis=1)

    order = np.lexsort(
        (grip, distance.min(axis=1) > 0, song.authored["level"], song.authored["time_us"])
    )
    times = song.authored["time_us"][order]
    kept = np.sort(order[np.append(True, np.diff(times) > 0)])
    level = song.authored["level"][kept]
    notes = candidates(song, song.line[kept], phrases, tempo, first_by_us)

    big = _big_levels(level)
    rung = np.where(big, notes.rung, 0) + 100 * level.astype(np.int64)
    return (
        replace(
            notes,
            pitch=_pitches(song, song.authored["time_us"][kept]),
            rung=enter_early(np.unique(rung, return_inverse=True)[1], notes.time_us, first_by_us),
            single=big & (notes.rung > BEAT),
        ),
        place[kept],
    )


def _big_levels(level: np.ndarray) -> np.ndarray:
    """For every target whether its level is the lowest or more than doubles those below it."""
    big = np.zeros(len(level), bool)
    for number in np.unique(level):
        big[level == number] = (level == number).sum() > (level < number).sum()
    return big


def _pitches(song: Song, time_us: np.ndarray) -> np.ndarray:
    """The pitch that each target stands for: the melody's there, 0 if it is silent."""
    melody = song.melody_notes
    pitches = np.zeros(len(time_us), dtype=np.int64)
    if not len(melody):
        return pitches
    onset = melody["time_us"]
    after = np.minimum(np.searchsorted(onset, time_us), len(onset) - 1)
    before = np.maximum(np.searchsorted(onset, time_us, side="right") - 1, 0)
    for i, (a, b) in enumerate(zip(after, before, strict=True)):
        nearest = min(a, b, key=lambda note: abs(int(onset[note]) - int(time_us[i])))
        ends = int(onset[b]) + int(melody["duration_us"][b])
        if abs(int(onset[nearest]) - int(time_us[i])) <= SAME_NOTE_US:
            pitches[i] = melody["pitch"][nearest]
        elif onset[b] <= time_us[i] <= ends + SAME_NOTE_US:
            pitches[i] = melody["pitch"][b]
    return pitches
