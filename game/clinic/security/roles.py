"""Roles, and what a page may ask of whoever comes. What is not listed is denied."""

from enum import StrEnum

from game.core.say import mark


class Role(StrEnum):
    """What an account is for. ``display`` is the big screen on the wall, not a person."""

    PATIENT = "patient"
    DISPLAY = "display"
    THERAPIST = "therapist"
    ADMINISTRATOR = "administrator"


#: Pages for people who see health data.
STAFF = frozenset({Role.THERAPIST, Role.ADMINISTRATOR})
#: Pages about the server itself: accounts, stations, the audit log, backups.
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
#: Pseudonymous pages: the board, and one's own account.
SIGNED_IN = frozenset(Role)

#: What the pages call each role.
ROLE_NAMES = {
    Role.PATIENT: mark("Patient"),
    Role.DISPLAY: mark("Display"),
    Role.THERAPIST: mark("Therapist"),
    Role.ADMINISTRATOR: mark("Administrator"),
}


def read_role(text: str) -> Role:
    """The role called ``text``. Raises ValueError naming those there are."""
    try:
        return Role(text.strip().lower())
    except ValueError:
        raise ValueError(f"there is no role “{text}”; the roles are {', '.join(Role)}") from None
