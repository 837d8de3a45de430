"""From the command to the first frame, with a cold and a warm numba cache."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks.measure import Figure


def _start(until: str, cache: str, data: str) -> float:
    """Seconds from launching the game to its first frame, or to being ready to play."""
    environment = {
        **os.environ,
        "SDL_VIDEODRIVER": "dummy",
        "NUMBA_CACHE_DIR": cache,
        "GRIPTUNE_DATA": data,
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    }
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.start_probe", until], env=environment, check=True
    )
    return time.perf_counter() - began


def figures() -> Iterator[Figure]:
    data = tempfile.mkdtemp()
    try:
        for until, name in (("frame", "first frame"), ("ready", "ready to play")):
            cache = tempfile.mkdtemp()
            try:
                cold = _start(until, cache, data)
                warm = min(_start(until, cache, data) for _ in range(3))
            finally:
                shutil.rmtree(cache, ignore_errors=True)
            yield Figure(f"start to {name}, cold numba cache", cold, "s", False)
            yield Figure(f"start to {name}, warm numba cache", warm, "s", False)
    finally:
        shutil.rmtree(data, ignore_errors=True)
