"""How a request came, and whether that is good enough. Pure.

Staff pages and stations need TLS, or the machine itself (loopback): what is typed there must not
cross a network in the clear. Over plain HTTP only the board may be shown to others.
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(address: str) -> bool:
    """Whether ``address`` (a host as it is bound or dialled) is this machine itself."""
    if address in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def safe_enough(scheme: str, client: str, host: str) -> bool:
    """Whether a page that is not for everybody may be answered.

    Over plain HTTP both the client and the name it used have to be this machine: a page elsewhere
    whose name was pointed at this machine (DNS rebinding) comes from loopback as well.
    """
    if scheme == "https":
        return True
    return is_loopback(client) and is_loopback(_name_of(host))


def from_this_site(scheme: str, host: str, headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something was sent by one of our own pages.

    Browsers send ``Origin`` with every POST; the few that did not are older than the cookies we
    use, so a request without one is refused. ``headers`` has lower-case names.
    """
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = headers.get("origin", "")
    try:
        said = urlsplit(origin)
        return bool(host) and said.scheme == scheme and said.netloc.lower() == host.lower()
    except ValueError:
        return False


def _name_of(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
