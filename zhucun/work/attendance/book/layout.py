"""Where every bubble of a printed book stands, for those who simulate or check filling."""

from collections.abc import Sequence

from .geometry import OPTIONS, bubble
from .pages import Page, Row


def layout(pages: Sequence[Page], before: int = 0) -> list[dict[str, object]]:
    """Per page the places of its bubbles, as `print_book --layout` writes them (contract, section 2).

    `page` counts the pages of the PDF from 1, after `before` others (a cover has `COVER_PAGES`). In `bubbles`, `x` and `y`
    are the left and top of the box around the bubble's outline, `w` and `h` its size, all in mm from the paper's top left corner.
    """
    return [
        {
            "page": number,
            "team": page.team,
            "month": page.month,
            "version": page.version,
            "part": page.part,
            "bubbles": [one for place, row in enumerate(page.rows) for one in _bubbles(place, row)],
        }
        for number, page in enumerate(pages, start=before + 1)
    ]


def _bubbles(place: int, row: Row) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for day in row.days:
        for option in OPTIONS:
            box = bubble(place, day, option)
            spot = {"x": round(box.x, 3), "y": round(box.y, 3), "w": round(box.w, 3), "h": round(box.h, 3)}
            found.append({"person": row.person, "day": day, "option": option, **spot})
    return found
