"""The audit log: who looked at what, changed it, or took it out."""

from game.clinic.services import Clinic


def note(clinic: Clinic, actor: str, action: str, what: str, code: str | None = None) -> None:
    """Write down that ``actor`` did ``action`` to ``what``; ``code`` is the patient's, if one's.

    ``what`` holds no health data: the log is read by whoever runs the server.
    """
    clinic.store.audit(actor, action, what, code)
