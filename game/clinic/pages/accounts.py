"""Accounts: who may sign in, as what."""

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.security.roles import ROLE_NAMES, Role
from game.clinic.visit import Visit


def page(visit: Visit) -> Response:
    """Every account, and the form for another."""
    return visit.show(
        "accounts.html",
        accounts=visit.clinic.accounts.all(),
        roles=[(role.value, visit.words.tr(ROLE_NAMES[role])) for role in Role],
        role_names={role: visit.words.tr(ROLE_NAMES[role]) for role in Role},
    )


def add(visit: Visit) -> Response:
    """A new account."""
    made = visit.clinic.accounts.add(
        visit.field("name", 200), visit.field("role", 40), str(visit.form.get("passphrase", ""))
    )
    note(visit.clinic, visit.account.name, "edit", f"account {made.id} added as {made.role}")
    return visit.go("/accounts", "added")


def disable(visit: Visit) -> Response:
    """Shut an account, and end its sessions."""
    shut = visit.clinic.accounts.set_disabled(visit.path("id"), True)
    note(visit.clinic, visit.account.name, "edit", f"account {shut.id} shut")
    return visit.go("/accounts", "disabled")


def enable(visit: Visit) -> Response:
    """Open an account again."""
    opened = visit.clinic.accounts.set_disabled(visit.path("id"), False)
    note(visit.clinic, visit.account.name, "edit", f"account {opened.id} opened")
    return visit.go("/accounts", "enabled")


def passphrase(visit: Visit) -> Response:
    """A new passphrase for somebody who forgot theirs."""
    changed = visit.clinic.accounts.set_passphrase(
        visit.path("id"), str(visit.form.get("passphrase", ""))
    )
    note(visit.clinic, visit.account.name, "edit", f"account {changed.id} passphrase")
    return visit.go("/accounts", "saved")
