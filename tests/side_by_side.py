"""What may run beside what when the tests run on several cores (``pytest -n auto``).

A file's tests stay on one worker, so that what they share is made once. Files in real time never
run beside each other: those with a window, with the firmware's simulator, or marked ``real_time``.
(pytest-xdist's own marks for groups name tests anew, which pytest 9.2 does not let it do.)
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from xdist.scheduler import LoadScopeScheduling

_ROOT = Path(__file__).resolve().parent.parent

IN_REAL_TIME = re.compile(r"^tests/hil/|pytest\.mark\.(display|real_time)")


@cache
def group(file: str) -> str:
    """The group of ``file`` (as node identifiers name it): its own, or that of real time."""
    text = file + "\n"
    path = _ROOT / file
    if path.is_file():
        text += path.read_text(encoding="utf-8")
    return "real time" if IN_REAL_TIME.search(text) else file


class SideBySide(LoadScopeScheduling):
    """Hands whole groups to workers; the one in real time first, because it takes longest."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid.partition("::")[0])

    def _assign_work_unit(self, node: Any) -> None:
        if "real time" in self.workqueue:
            self.workqueue.move_to_end("real time", last=False)
        super()._assign_work_unit(node)
