"""Locks on files that the operating system lets go of when a process dies, however it dies."""

import contextlib
import os
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

#: What this process holds. The system's locks do not keep two parts of one process apart, and
#: closing a second descriptor of a locked file would let go of the first one's lock.
_held: set[tuple[int, str]] = set()
_guard = threading.Lock()


class FileLock:
    """An exclusive lock on ``path``, a file made for this purpose."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key = (os.getpid(), os.path.realpath(path))
        self._descriptor: int | None = None

    def acquire(self, wait_s: float = 0.0) -> bool:
        """Take the lock, waiting at most ``wait_s``; False if somebody else holds it.

        Raises OSError if the file cannot be made.
        """
        until = time.monotonic() + wait_s
        while not self._try():
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)
        return True

    def release(self) -> None:
        """Let go. The file stays: removing it while another waits would split the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            with _guard:
                _held.discard(self._key)

    def remove(self) -> None:
        """Remove the file of a lock that is never taken again, once it was let go."""
        # Where an open file cannot be removed, one that looks at it just now leaves it behind.
        with contextlib.suppress(OSError):
            self.path.unlink()

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _try(self) -> bool:
        with _guard:
            if self._key in _held:
                return False
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _lock(descriptor):
                os.close(descriptor)
                return False
            self._descriptor = descriptor
            _held.add(self._key)
            return True


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        # lockf, not flock: a forked child does not inherit it, so that a worker process that
        # outlives a killed game does not make the game look alive.
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        return True
