"""A certificate of the server's own, for clinics that have none: made once and kept.

Stations pin it when they are paired; browsers ask once. ``cryptography`` is imported only when a
certificate has to be made or looked at.
"""

import hashlib
import ipaddress
import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from game.clinic.security.errors import ClinicError

_LIFE = timedelta(days=5 * 365)
#: Made anew this long before it runs out.
_SPARE = timedelta(days=30)


@dataclass(frozen=True)
class Certificate:
    """Where certificate and key lie (PEM), and the certificate's SHA-256 in hexadecimal."""

    certificate: Path
    key: Path
    fingerprint: str


def given_certificate(certificate: Path, key: Path) -> Certificate:
    """The clinic's own certificate. Raises ClinicError if the two cannot be used together."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            certificate,
            key,
            password=lambda: "",  # never asks on the terminal
        )
        return Certificate(certificate, key, fingerprint(certificate.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ClinicError(
            f"the certificate {certificate} cannot be used with the key {key}: {error}"
        ) from error


def own_certificate(folder: Path, names: tuple[str, ...], now: datetime) -> Certificate:
    """The server's own certificate in ``folder``, made for ``names`` if there is none that holds.

    Raises ClinicError if it cannot be written.
    """
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not (certificate.exists() and key.exists() and _holds(certificate, names, now)):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(certificate, key, names, now)
        except OSError as error:
            raise ClinicError(f"no certificate can be kept in {folder}: {error}") from error
    return given_certificate(certificate, key)


def fingerprint(pem: str) -> str:
    """SHA-256 of the first certificate in ``pem``, in hexadecimal. Raises ValueError."""
    end = "-----END CERTIFICATE-----"
    first = pem[: pem.index(end) + len(end)]
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first[first.index("-----BEGIN") :])).hexdigest()


def _holds(certificate: Path, names: tuple[str, ...], now: datetime) -> bool:
    from cryptography import x509

    try:
        kept = x509.load_pem_x509_certificate(certificate.read_bytes())
        extension = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, x509.ExtensionNotFound):
        return False
    held = {str(name.value) for name in extension.value}
    return set(names) <= held and kept.not_valid_after_utc > now + _SPARE


def _make(certificate: Path, key: Path, names: tuple[str, ...], now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Griptune clinic")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        # A station's clock may be a little behind.
        .not_valid_before(now.astimezone(UTC) - timedelta(days=1))
        .not_valid_after(now.astimezone(UTC) + _LIFE)
        .add_extension(x509.SubjectAlternativeName([_name(n) for n in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    # The key is its owner's alone from its first byte on.
    handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _name(name: str) -> Any:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
