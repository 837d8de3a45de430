"""How the benchmarks measure: best of several runs, with the environment beside the figures."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Figure:
    """One measured figure. ``higher_is_better`` tells ``--compare`` which way is worse."""

    name: str
    value: float
    unit: str
    higher_is_better: bool = True


def rate(work: Callable[[], object], amount: float, *, runs: int = 5) -> float:
    """``amount`` per second of the quickest of ``runs`` runs (the one least disturbed)."""
    best = float("inf")
    for _ in range(runs):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return amount / best


def percentiles(samples: Iterable[float], *which: float) -> tuple[float, ...]:
    """The asked percentiles of ``samples``."""
    return tuple(float(v) for v in np.percentile(np.fromiter(samples, float), which))


def environment() -> dict[str, object]:
    """What the figures were measured on."""
    import numba

    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "llvmlite": version("llvmlite"),
    }


def _processor() -> str:
    try:
        for line in (
            Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
        ):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def as_document(figures: list[Figure]) -> dict[str, object]:
    """What ``--json FILE`` keeps."""
    return {"environment": environment(), "figures": [asdict(f) for f in figures]}


def load(path: Path) -> dict[str, Figure]:
    """The figures kept in ``path``, by name; raises ValueError if it is no such file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {row["name"]: Figure(**row) for row in document["figures"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no benchmark figures: {error}") from error


def compared(old: dict[str, Figure], new: dict[str, Figure]) -> list[str]:
    """One line per figure that both runs have, with the ratio new to old."""
    lines = []
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if not before.value:
            continue
        ratio = after.value / before.value
        better = ratio > 1 if before.higher_is_better else ratio < 1
        mark = "=" if 0.95 < ratio < 1.05 else "better" if better else "worse"
        lines.append(
            f"{name:<52} {before.value:14,.3g} -> {after.value:14,.3g} {after.unit:<12} "
            f"x {ratio:.2f}  {mark}"
        )
    return lines
