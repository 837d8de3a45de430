"""The bridge's kernels in plain C, compiled when the benchmark runs and called through ctypes.

They answer one question: what does numba cost, beside ``cc -O3`` on the same loops in the same
run? The twins take the same arrays as the kernels, so that a run of one can be compared with a run
of the other, value by value.
"""

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.ctypeslib import ndpointer
from numpy.typing import NDArray

_SOURCES = ("decode.c", "detect.c")

_I64 = ndpointer(np.int64, flags="C_CONTIGUOUS")
_U8 = ndpointer(np.uint8, flags="C_CONTIGUOUS")
_U16 = ndpointer(np.uint16, flags="C_CONTIGUOUS")
_BOOL = ndpointer(np.bool_, flags="C_CONTIGUOUS")


class NoCompilerError(Exception):
    """There is no C compiler here; the message is the line to print."""


class Twins:
    """``decode`` and ``detect``: called with the kernels' own arguments."""

    def __init__(self, library: ctypes.CDLL) -> None:
        i64 = ctypes.c_int64
        self._decode = library.decode_runs
        self._decode.restype = None
        self._decode.argtypes = [
            _U8, i64, i64, _I64, _I64, _I64, _I64, _I64, _U16,
            _I64, _U8, _U8, _I64, _I64, _I64, _U8, _U8, _I64, _I64,
        ]  # fmt: skip
        self._detect = library.detect
        self._detect.restype = i64
        self._detect.argtypes = [_I64, _U8, _U8, i64, _I64, _I64, i64, _I64, _I64, _U8, _BOOL]

    def decode(
        self, data: NDArray[np.uint8], carried: int, *arrays: NDArray[np.generic]
    ) -> tuple[int, int, int, int]:
        """As ``firmware_bridge.frames._decode_runs``."""
        results = np.zeros(4, np.int64)
        self._decode(data, data.size, carried, *arrays, results)
        used, samples, frames, messages = results.tolist()
        return used, samples, frames, messages

    def detect(
        self,
        times: NDArray[np.int64],
        masks: NDArray[np.uint8],
        unbroken: NDArray[np.uint8],
        settings: NDArray[np.int64],
        electrodes: NDArray[np.int64],
        *arrays: NDArray[np.generic],
    ) -> int:
        """As ``firmware_bridge.contacts._detect``."""
        count = len(electrodes)
        return int(
            self._detect(times, masks, unbroken, times.size, settings, electrodes, count, *arrays)
        )


@contextmanager
def compiled() -> Iterator[Twins]:
    """Compile the twins into a folder that goes again. Raises NoCompilerError."""
    compiler = os.environ.get("CC", "cc")
    if shutil.which(compiler) is None or os.name == "nt":
        raise NoCompilerError(f"C twins skipped: there is no C compiler called {compiler} here")
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        library = Path(folder) / "twins.so"
        command = [compiler, "-O3", "-shared", "-fPIC", "-o", str(library)]
        done = subprocess.run(
            [*command, *(str(here / source) for source in _SOURCES)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stderr.splitlines() or ["it said nothing"])[0]
            raise NoCompilerError(f"C twins skipped: {compiler} could not compile them: {said}")
        yield Twins(ctypes.CDLL(str(library)))
