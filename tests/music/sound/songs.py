"""Songs made by hand, for sounds that can be measured."""

from pathlib import Path

import numpy as np

from game.music.song import CONTROL, NOTE, TEMPO, Song

SECOND = 1_000_000


def notes(*rows):
    """NOTE rows from (start s, length s, pitch[, velocity, channel, program, drum])."""
    made = np.zeros(len(rows), NOTE)
    for out, row in zip(made, rows, strict=True):
        start, length, pitch, *rest = row
        velocity, channel, program, drum = (*rest, *(100, 0, 0, False)[len(rest) :])
        out["time_us"], out["duration_us"] = round(start * SECOND), round(length * SECOND)
        out["pitch"], out["velocity"] = pitch, velocity
        out["channel"], out["program"], out["drum"] = channel, program, drum
    return made[np.argsort(made["time_us"], kind="stable")]


def controls(*rows):
    """CONTROL rows from (start s, channel, kind, value)."""
    made = np.zeros(len(rows), CONTROL)
    for out, (start, channel, kind, value) in zip(made, rows, strict=True):
        out["time_us"], out["channel"] = round(start * SECOND), channel
        out["kind"], out["value"] = kind, value
    return made


def song(sounding, seconds, control_rows=None, melody_channel=0, path="made.mid"):
    length = round(seconds * SECOND)
    return Song(
        path=Path(path),
        title="made",
        notes=sounding,
        controls=controls() if control_rows is None else control_rows,
        tempo_map=np.array([(0, 500_000)], TEMPO),
        beats_us=np.arange(0, length + 1, 500_000),
        bar_beats=np.arange(0, max(1, length // 500_000), 4),
        melody=np.flatnonzero((sounding["channel"] == melody_channel) & ~sounding["drum"]),
        melody_track=0,
        melody_reason="made so",
        length_us=length,
        content_hash="0",
    )


def band(seconds=20, seed=1, level=100):
    """Flute, piano chords, strings, bass and drums for so long."""
    random = np.random.default_rng(seed)
    rows = [
        (k / 2, 0.45, int(random.integers(60, 80)), level, 0, 73, False) for k in range(seconds * 2)
    ]
    for bar in range(0, seconds, 2):
        rows += [(bar, 1.9, p, level * 0.8, 1, 0, False) for p in (48, 52, 55, 60)]
        rows += [(bar, 1.9, p, level * 0.6, 2, 48, False) for p in (60, 64, 67)]
        for beat in range(4):
            low = int(random.integers(36, 48))
            rows.append((bar + beat / 2, 0.48, low, level * 0.9, 3, 33, False))
            rows.append((bar + beat / 2, 0.1, 36 if beat % 2 else 38, level, 9, 0, True))
    return song(notes(*rows), seconds)
