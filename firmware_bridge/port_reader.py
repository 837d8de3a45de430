"""Reading a serial port while somebody else draws: as few questions to the system as can be.

Whoever reads a glove shares the interpreter with whoever draws the game. A thread that gives it
away, for a rest, a wait or a read, has it back only half a millisecond and more after what it
waited for, if a frame is being drawn. Asked one after the other those three made one press in a
hundred known 2 ms later than in one call, which gives the interpreter away once.
"""

import os
import select
import sys
import time
from typing import Any

import numpy as np
import serial
from numba import njit, types
from numpy.typing import NDArray

#: A read waits for this long when nothing comes.
READ_TIMEOUT_S = 0.005

#: A fifth of a second of the fastest line; what a stall left is taken in pieces.
_MOST_AT_ONCE = 16_384

#: Where the one call was tried; elsewhere the three are asked one by one.
_IN_ONE_CALL = sys.platform.startswith("linux") and sys.byteorder == "little"

_GONE = -1
_POLLIN = 1

# From the C library that Python itself is linked with: poll(2), read(2), usleep(3).
_i32, _i64, _u32, _u64 = types.int32, types.int64, types.uint32, types.uint64
_poll: Any = types.ExternalFunction("poll", _i32(types.voidptr, _u64, _i32))
_read: Any = types.ExternalFunction("read", _i64(_i32, types.voidptr, _u64))
_usleep: Any = types.ExternalFunction("usleep", _i32(_u32))


@njit(cache=True, nogil=True)
def _rest_and_read(
    descriptor: int,
    rest_us: int,
    timeout_ms: int,
    asked: NDArray[np.int32],
    into: NDArray[np.uint8],
) -> int:
    """Rest, wait for bytes and read them; how many, or ``_GONE``. ``asked`` is (2,), a pollfd."""
    if rest_us > 0:
        _usleep(rest_us)
    asked[0] = descriptor
    asked[1] = _POLLIN
    if _poll(asked.ctypes, 1, timeout_ms) <= 0:  # nothing came, or a signal did
        return 0
    if (asked[1] >> 16) & _POLLIN == 0:
        return _GONE
    count = _read(descriptor, into.ctypes, into.size)
    return count if count > 0 else _GONE


class PortReader:
    """Reads an open port, in the one thread that owns it."""

    def __init__(self, port: serial.Serial) -> None:
        self._port = port
        self._asked = np.zeros(2, np.int32)
        self._into = np.zeros(_MOST_AT_ONCE, np.uint8)

    def read(self, rest_s: float) -> bytes:
        """After ``rest_s``, what has come; if nothing has, what comes within ``READ_TIMEOUT_S``.

        Empty if nothing does. Raises an OSError if the port is gone.
        """
        if _IN_ONE_CALL:
            descriptor, timeout_ms = self._port.fileno(), round(READ_TIMEOUT_S * 1e3)
            count = _rest_and_read(
                descriptor, round(rest_s * 1e6), timeout_ms, self._asked, self._into
            )
            if count == _GONE:
                raise serial.SerialException("the port is gone")
            return self._into[:count].tobytes()
        if rest_s > 0:
            time.sleep(rest_s)
        return _by_pyserial(self._port) if sys.platform == "win32" else _by_select(self._port)


def warm_up() -> None:
    """Compile the call, or load it from the cache."""
    if _IN_ONE_CALL:
        heard, said = os.pipe()
        try:
            os.write(said, b"\0")
            _rest_and_read(heard, 1, 1, np.zeros(2, np.int32), np.zeros(4, np.uint8))
        finally:
            os.close(heard)
            os.close(said)


def _by_select(port: serial.Serial) -> bytes:
    descriptor = port.fileno()
    data = _at_once(descriptor)
    if data:
        return data
    ready, _, _ = select.select([descriptor], [], [], READ_TIMEOUT_S)
    if not ready:
        return b""
    data = _at_once(descriptor)
    if not data:  # the end of a line that was hung up
        raise serial.SerialException("the port is gone")
    return data


def _at_once(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _MOST_AT_ONCE)
    except BlockingIOError:
        return b""


def _by_pyserial(port: serial.Serial) -> bytes:
    waiting: int = port.in_waiting
    data: bytes = port.read(max(1, waiting))
    if data and not waiting:
        # The one byte that was waited for: with it come those that an adapter sent together.
        data += port.read(port.in_waiting)
    return data
