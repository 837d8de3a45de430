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
    cache, data = tempfile.mkdtemp(), tempfile.mkdtemp()
    try:
        for heat in ("cold", "warm"):
            for until in ("frame", "ready") if heat == "cold" else ("frame", "ready", "ready"):
                if until == "ready" and heat == "cold":
                    shutil.rmtree(cache)
                seconds = _start(until, cache, data)
            yield Figure(f"start to ready to play, {heat} cache", seconds, "s", False)
    finally:
        shutil.rmtree(cache, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
