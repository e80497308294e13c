"""What stands on the cover of a team's book."""

from dataclasses import dataclass

COVER_PAGES = 2
"""How many pages a cover takes in a PDF: the cover and its inside with 填写说明."""


@dataclass(frozen=True)
class Cover:
    """The cover of one team's book for one year: everything it says; an empty text leaves its line free for the pen."""

    county_name: str
    year: int
    township: str
    village: str
    team_name: str
    unit: str
    leader: str
    number: str
