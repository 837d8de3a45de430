"""The audit log, and a backup of everything."""

import os
import tempfile
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from game.clinic.audit_trail import note
from game.clinic.visit import Visit
from game.records.backup import back_up

ROWS = 500


def page(visit: Visit) -> Response:
    """The latest entries."""
    note(visit.clinic, visit.account.name, "view", "the audit log")
    return visit.show("audit.html", rows=visit.clinic.store.audit_log(ROWS))


def backup(visit: Visit) -> Response:
    """A backup to keep elsewhere: one file, counted and hashed."""
    handle, name = tempfile.mkstemp(suffix=".db", prefix="griptune-backup-")
    os.close(handle)
    path = Path(name)
    path.unlink()
    back_up(visit.clinic.store, path)
    note(visit.clinic, visit.account.name, "export", "a backup of all records")
    at = visit.clinic.here().strftime("%Y-%m-%d")
    return FileResponse(
        path,
        filename=f"griptune-{at}.db",
        media_type="application/octet-stream",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )
