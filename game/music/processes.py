"""Starting a process of our own, the same way on every platform."""

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any

_lock = threading.Lock()


def start(process: Any) -> None:
    """Start ``process``, a ``Process`` of multiprocessing's *spawn* context.

    The parent's main module is not imported in the child: it needs nothing of it, and it would
    bring the whole game, pygame included, along. May be called from any thread.
    """
    with _lock, _without_main():
        process.start()


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide from ``multiprocessing`` where the main module came from."""
    names: dict[str, Any] = vars(sys.modules["__main__"])
    hidden: dict[str, Any] = {
        name: names[name] for name in ("__spec__", "__file__") if name in names
    }
    try:
        names["__spec__"] = None
        names.pop("__file__", None)
        yield
    finally:
        names.update(hidden)
