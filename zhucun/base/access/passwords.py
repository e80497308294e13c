"""What a password must be: 12 characters, or 3 of 4 classes in at least 8; never the person's own name or numbers."""

import re
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z\d]")


class ZhucunPasswordValidator:
    """quality.md “Sign-in”; the parts of the name and the user name are looked for in the password, either case."""

    def validate(self, password: str, user=None) -> None:
        """Raise ValidationError with every reason at once."""
        found = []
        classes = sum(bool(re.search(shape, password)) for shape in CLASSES)
        if len(password) < 12 and (len(password) < 8 or classes < 3):
            found.append("密码应有 12 个字符以上；或 8 个以上并含大写、小写、数字、符号中的三类。")
        own = {user.username, user.name} if user is not None else set()
        if _holds(password, own):
            found.append("密码里不能含有本人的姓名或用户名。")
        if re.search(r"1[3-9]\d{9}|\d{17}[\dXx]", password):
            found.append("密码里不能含有手机号码或身份证号码。")
        if found:
            raise ValidationError(found)

    def get_help_text(self) -> str:
        """What people are told before they choose."""
        return "12 个字符以上；或 8 个以上并含大写、小写、数字、符号中的三类。不要用姓名、手机号码、身份证号码。"


READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits nobody mistakes for another on paper (no i, l, o, 0, 1)."""


def first_password(*own: str) -> str:
    """A random first password to be read from paper and typed once: three groups of four, about 59 bits.

    None of `own` (name, user name) occurs in it, so that it passes the rule above.
    """
    while True:
        found = "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
        if not _holds(found, own):
            return found


def _holds(password: str, own: Iterable[str]) -> bool:
    """Whether one of somebody's own words is in it; a single character is no word, and "-" is in every first password."""
    return any(part and len(part) > 1 and part.lower() in password.lower() for part in own)
