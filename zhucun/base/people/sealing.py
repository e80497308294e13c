"""Encrypting what must not be read from the database: AES-256-GCM bound to its place, and a blind index to find it."""

import hmac
import os
from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhucun.base.journal.keys import derive, fingerprint

VERSION = "v1"
CLOSED = "加密内容打不开：现在的密钥与保存时的不同，或内容被改动过。请把原来的 secret.key 放回数据目录。"


def seal(text: str, place: str) -> str:
    """`v1$key$token` for `text` at `place` (“table:field:pk”); empty text stays empty. A token moved elsewhere cannot be opened."""
    if not text:
        return ""
    nonce = os.urandom(12)
    sealed = AESGCM(derive("sealing:v1")).encrypt(nonce, text.encode(), place.encode())
    return f"{VERSION}${fingerprint()[:8]}${b64encode(nonce + sealed).decode()}"


def unseal(token: str, place: str) -> str:
    """The text sealed at `place`; raises ValueError with a sentence when the key or the place is not the right one."""
    if not token:
        return ""
    try:
        version, key, body = token.split("$")
        if (version, key) != (VERSION, fingerprint()[:8]):
            raise InvalidTag
        raw = b64decode(body)
        return AESGCM(derive("sealing:v1")).decrypt(raw[:12], raw[12:], place.encode()).decode()
    except (InvalidTag, ValueError):  # ValueError: not a token at all
        raise ValueError(CLOSED) from None


def blind_index(text: str) -> str:
    """A keyed fingerprint of an ID number, upper-cased, for finding and for uniqueness; empty for empty."""
    return hmac.new(derive("blind-index:v1"), text.upper().encode(), sha256).hexdigest() if text else ""
