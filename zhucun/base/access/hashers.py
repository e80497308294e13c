"""Argon2id with the agreed cost, and no more than four at once, so that a flood of sign-ins cannot eat the memory."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

_AT_ONCE = BoundedSemaphore(4)


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id, 19,456 KiB, two passes, one lane (quality.md)."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the password is the hashed one."""
        with _AT_ONCE:
            return super().verify(password, encoded)
