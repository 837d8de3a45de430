"""What a station keeps of its pairing: one file in the data folder, for its owner's eyes."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from game.clinic.security.errors import ClinicError
from game.clinic.sync.link import (
    Link,
    RefusedByServerError,
    believed_by_the_system,
    certificate_of,
    checked_url,
)

FILE_NAME = "station.json"


@dataclass(frozen=True)
class Pairing:
    """The server, what it calls this station, the secret token, and the pinned certificate."""

    server: str
    station: str
    name: str
    token: str
    certificate: str = ""

    def link(self, version: str = "") -> Link:
        """A connection to the server."""
        return Link(self.server, self.token, self.certificate, version=version)


def read_pairing(data_dir: Path) -> Pairing | None:
    """The pairing of this data folder; None if it is not paired. Raises ClinicError: damaged."""
    path = data_dir / FILE_NAME
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Pairing(**{name: str(value) for name, value in document.items()})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ClinicError(f"{path} cannot be read: pair this station again") from error


def write_pairing(data_dir: Path, pairing: Pairing) -> None:
    """Keep the pairing, all of it or nothing. Raises ClinicError if it cannot be written."""
    path = data_dir / FILE_NAME
    new = path.with_suffix(".new")
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(pairing), file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise ClinicError(f"the pairing cannot be kept in {data_dir}: {error}") from error


def forget_pairing(data_dir: Path) -> bool:
    """Forget the pairing; whether there was one."""
    path = data_dir / FILE_NAME
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def certificate_to_pin(url: str, fingerprint: str = "") -> tuple[str, str]:
    """The certificate to pin (PEM) and its fingerprint; empty if the system trusts it anyway.

    Raises ClinicError if the server shows another one than ``fingerprint``, OfflineError if it
    does not answer. Without a fingerprint somebody has to compare it before it is believed.
    """
    url = checked_url(url)
    if url.startswith("http:"):
        return "", ""
    if not fingerprint and believed_by_the_system(url):
        return "", ""
    certificate, shown = certificate_of(url)
    wanted = "".join(c for c in fingerprint.lower() if c in "0123456789abcdef")
    if fingerprint and wanted != shown:
        raise ClinicError(
            f"the server shows another certificate ({shown}): ask whoever runs it, for somebody "
            "may be in between"
        )
    return certificate, shown


def pair(url: str, code: str, certificate: str = "", version: str = "") -> Pairing:
    """Pair with the server at ``url``. Raises ClinicError for a code that it refuses."""
    link = Link(url, certificate=certificate, version=version)
    try:
        answer = link.post("/sync/pair", {"code": code})
    except RefusedByServerError as error:
        raise ClinicError(f"the server refuses: {error}") from error
    finally:
        link.close()
    return Pairing(
        link.url, str(answer["station"]), str(answer["name"]), str(answer["token"]), certificate
    )
