"""What stands on a printed month page, and the code by which it is known again; pure."""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits of the hashes: no I, L, O, U, so that a code can be read aloud."""

_PLAIN = re.compile(r"[0-9A-Z-]{1,14}")
_SHAPE = re.compile(r"ZC1\*([0-9A-Z-]{1,14})\*(\d{6})\*V(\d\d)\*(\d)/(\d)\*([0-9A-Z]{4})\*([0-9A-Z]{8})")


@dataclass(frozen=True)
class Row:
    """One person on a page: 人员编号, name and role as printed, and the days (1–31) for which bubbles are printed."""

    person: str
    name: str
    role: str
    days: tuple[int, ...]


@dataclass(frozen=True)
class Day:
    """One column of a page: day of the month, weekday (一 … 日), whether it is a day of rest, and the holiday's name if any."""

    day: int
    weekday: str
    rest: bool
    name: str = ""


@dataclass(frozen=True)
class Page:
    """One month page of a team as printed: everything the printer draws, and all the reader needs to know.

    `month` is `YYYY-MM`; at most five rows; `part` of `parts` when the team is larger; `provisional` when the calendar
    of the month is not published yet.
    """

    county: str
    county_name: str
    township: str
    village: str
    team: str
    team_name: str
    leader: str
    unit: str
    month: str
    version: int
    part: int
    parts: int
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    provisional: bool = False

    def code(self, key: bytes) -> str:
        """The text of the page's QR codes: `ZC1*team*YYYYMM*Vnn*part/parts*roster(4)*MAC(8)`, at most 47 characters.

        `roster` is a hash of who stands where with which days; MAC the first 40 bits of HMAC-SHA256 over everything
        before it and the county's code, under the installation's key.
        """
        people = "|".join(f"{row.person}:{','.join(map(str, row.days))}" for row in self.rows)
        roster = _digits(sha256(people.encode()).digest(), 4)
        month = self.month.replace("-", "")
        text = f"ZC1*{team_token(self.team)}*{month}*V{self.version:02}*{self.part}/{self.parts}*{roster}"
        return f"{text}*{_mac(text, self.county, key)}"


def team_token(number: str) -> str:
    """A team's number as it stands in a code: itself when short and plain, else a hash of ten digits."""
    return number if _PLAIN.fullmatch(number) else "H" + _digits(sha256(number.encode()).digest(), 10)


def is_code(text: str) -> bool:
    """Whether a text has the shape of a page's code."""
    return _SHAPE.fullmatch(text) is not None


def is_ours(text: str, county: str, key: bytes) -> bool:
    """Whether a page's code was printed for that county by the installation with that key."""
    body, _, mac = text.rpartition("*")
    return is_code(text) and hmac.compare_digest(mac, _mac(body, county, key))


def _mac(text: str, county: str, key: bytes) -> str:
    return _digits(hmac.new(key, f"{text}*{county}".encode(), sha256).digest(), 8)


def _digits(digest: bytes, n: int) -> str:
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - 5 * n)
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(n)))
