"""One's own account: a new passphrase."""

from starlette.responses import Response

from game.clinic.audit_trail import note
from game.clinic.security.errors import RefusedError
from game.clinic.visit import Visit
from game.core.say import mark


def page(visit: Visit) -> Response:
    """The form."""
    return visit.show("account.html")


def change(visit: Visit) -> Response:
    """A new passphrase for whoever knows the old one; every session of the account ends."""
    old, new, again = (str(visit.form.get(name, "")) for name in ("old", "new", "again"))
    if new != again:
        raise RefusedError(400, mark("The two new passphrases are not the same."))
    if visit.clinic.accounts.sign_in(visit.account.name, old).account is None:
        raise RefusedError(400, mark("That is not your present passphrase."))
    visit.clinic.accounts.set_passphrase(visit.account.id, new)
    note(visit.clinic, visit.account.name, "edit", "own passphrase")
    return visit.go("/sign-in", "saved")
