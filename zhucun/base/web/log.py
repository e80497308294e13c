"""Log lines without what identifies a person or opens a door, tracebacks included."""

import logging
import re

# The order matters: the longer pattern first. \d takes full-width digits too.
_MASKS = [
    (re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"), "[口令]"),
    (
        re.compile(
            r"(?i)(password\w*|passwd|secret\w*|token|csrfmiddlewaretoken|csrftoken|sessionid|authorization|cookie|api_?key)"
            r"(['\"]?\s*[=:]\s*)(?:b?['\"])?(?:bearer\s+|basic\s+)?[^\s'\",;&)}]+"
        ),
        r"\1\2[口令]",
    ),
    (re.compile(r"(?<![0-9A-Za-z])\d{6}[ \-]?(?:18|19|20)\d{6}[ \-]?\d{2,3}[0-9XxＸ]?(?!\d)"), "[证件号]"),
    (re.compile(r"(?<![0-9A-Za-z])\d{15,19}[XxＸ]?(?!\d)"), "[证件号]"),
    (re.compile(r"(?<![0-9A-Za-z])\d{4}(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?(?!\d)"), "[卡号]"),
    (re.compile(r"(?<!\d)1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)"), "[电话]"),
]


def masked(text: str) -> str:
    """The text with ID and card numbers of 15 to 19 digits, mobile numbers, passwords and tokens taken out."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


class MaskingFormatter(logging.Formatter):
    """Formats a record whole, with its traceback, and masks the result; so nothing can slip past in an argument."""

    def __init__(self, fmt: str | None = None, datefmt: str | None = None, style: str = "%") -> None:
        super().__init__(fmt or "%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt, style)  # type: ignore[arg-type]

    def format(self, record: logging.LogRecord) -> str:
        """One masked entry."""
        return masked(super().format(record))
