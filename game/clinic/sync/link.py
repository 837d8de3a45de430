"""A station's connection to its server: JSON over HTTP(S), the certificate pinned at pairing.

Only what Python brings: this runs beside a game.
"""

import hashlib
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from game.clinic.security.errors import ClinicError
from game.clinic.security.transport import is_loopback

TIMEOUT_S = 20.0
_MOST_ANSWER = 64_000_000


class OfflineError(Exception):
    """The server cannot be reached now; the message says why. Everything waits."""


class RefusedByServerError(Exception):
    """The server refuses this station, or what it asked; the message is the server's sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Link:
    """A connection that is opened when it is needed, and again after it broke.

    ``certificate`` is the server's own (PEM), the only one that is believed; empty takes what the
    system believes. Raises ClinicError for a URL that cannot be used.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        certificate: str = "",
        timeout_s: float = TIMEOUT_S,
        version: str = "",
    ) -> None:
        self.url = checked_url(url)
        parts = urlsplit(self.url)
        self._host, self._port = parts.hostname or "", parts.port
        self._secure = parts.scheme == "https"
        self._certificate = certificate
        self._timeout_s = timeout_s
        self._headers = {"User-Agent": f"Griptune/{version}" if version else "Griptune"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str, tag: str = "") -> tuple[Any, str]:
        """The document at ``path`` and its tag; None if it still has ``tag``."""
        headers = {"If-None-Match": tag} if tag else {}
        status, answer, new_tag = self._ask("GET", path, None, headers)
        return (None, tag) if status == 304 else (answer, new_tag)

    def post(self, path: str, document: Mapping[str, Any]) -> Any:
        """Send ``document``; gives the answer."""
        body = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/json"})[1]

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Any, str]:
        fresh = self._connection is None
        try:
            return self._once(method, path, body, headers)
        except OfflineError:
            # A connection that was kept open may have been closed at the other end meanwhile.
            if fresh:
                raise
        return self._once(method, path, body, headers)

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Any, str]:
        try:
            if self._connection is None:
                self._connection = self._opened()
            self._connection.request(method, path, body, {**self._headers, **headers})
            response = self._connection.getresponse()
            content = response.read(_MOST_ANSWER + 1)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            why = str(error) or type(error).__name__
            raise OfflineError(f"{self.url} does not answer ({why})") from error
        except BaseException:
            self.close()  # interrupted half way: nothing of it may be taken for the next answer
            raise
        return self._read(response, content)

    def _read(self, response: http.client.HTTPResponse, content: bytes) -> tuple[int, Any, str]:
        status, tag = response.status, response.headers.get("ETag", "")
        if status == 304:
            return status, None, tag
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError) as error:
            self.close()
            if status >= 500 or status == 200:
                raise OfflineError(f"{self.url} answers with something else ({status})") from error
            raise RefusedByServerError(status, f"{self.url} answers with {status}") from error
        if status == 200:
            return status, answer, tag
        sentence = str(answer.get("error", status)) if isinstance(answer, dict) else str(status)
        if status >= 500 or status == 429:
            raise OfflineError(f"{self.url} cannot take it now: {sentence}")
        raise RefusedByServerError(status, sentence)

    def _opened(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        return http.client.HTTPSConnection(
            self._host,
            self._port,
            timeout=self._timeout_s,
            context=_believing(self._certificate),
        )


def checked_url(url: str) -> str:
    """``url`` as a server's. Raises ClinicError unless it is https, or http on this machine."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ClinicError(f"“{url}” is no address of a server: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ClinicError(f"“{url}” is no address of a server: write https://NAME:PORT")
    if parts.username or parts.query or parts.fragment:
        raise ClinicError(f"“{url}” is no address of a server: write https://NAME:PORT")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ClinicError(
            "health data does not cross a network in the clear: the server's address has to "
            "begin with https"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def certificate_of(url: str, timeout_s: float = TIMEOUT_S) -> tuple[str, str]:
    """The certificate that the server at ``url`` shows (PEM), and its SHA-256; believed by nobody
    yet. Raises OfflineError."""
    parts = urlsplit(checked_url(url))
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection(
                (parts.hostname, parts.port or 443), timeout=timeout_s
            ) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
        ):
            shown = secure.getpeercert(binary_form=True) or b""
    except OSError as error:
        raise OfflineError(f"{url} does not answer ({error})") from error
    return ssl.DER_cert_to_PEM_cert(shown), hashlib.sha256(shown).hexdigest()


def believed_by_the_system(url: str, timeout_s: float = TIMEOUT_S) -> bool:
    """Whether the server's certificate is one that this system trusts anyway."""
    parts = urlsplit(checked_url(url))
    with suppress(OSError):
        context = ssl.create_default_context()
        with (
            socket.create_connection(
                (parts.hostname, parts.port or 443), timeout=timeout_s
            ) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname),
        ):
            return True
    return False


def _believing(certificate: str) -> ssl.SSLContext:
    if not certificate:
        return ssl.create_default_context()
    context = ssl.create_default_context(cadata=certificate)
    # Exactly this certificate, whatever names it was made for: the machine may have moved.
    context.check_hostname = False
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    return context
