"""Keys for one purpose each, derived from the installation's secret, which lives outside the database and its backups."""

from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def derive(purpose: str, secret: str | None = None) -> bytes:
    """32 bytes for `purpose`, HKDF-SHA256 (RFC 5869) of the secret key; other purposes give unrelated keys."""
    return _derived(purpose, settings.SECRET_KEY if secret is None else secret)


@cache
def _derived(purpose: str, secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"zhucun", info=purpose.encode()).derive(secret.encode())


def fingerprint() -> str:
    """Sixteen hex digits that tell whether two installations hold the same secret, without telling it."""
    return derive("fingerprint").hex()[:16]
