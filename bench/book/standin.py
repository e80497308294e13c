"""A page drawn by the examiner itself, for its own test: bubbles, two codes and a title, nothing of the product's."""

import cv2
import numpy as np
import segno

from bench.book import files
from bench.book.forms import SCALE


def book(teams: int = 2, people: int = 3) -> tuple[bytes, list[dict]]:
    """A PDF and its layout."""
    pages, layout = [], []
    for number in range(teams):
        picture = np.full((210 * SCALE, 297 * SCALE, 3), 255, np.uint8)
        team, month = f"S{number:03}", "2022-11"
        cv2.putText(
            picture, f"ATTENDANCE {team} {month}", (800, 300), cv2.FONT_HERSHEY_SIMPLEX, 3, (0, 0, 0), 6, cv2.LINE_AA
        )
        text = f"ZC1*{team}*202211*V01*1/1*AB{number:02}*01234567"
        matrix = np.array([list(row) for row in segno.make(text, error="q", micro=False).matrix], np.uint8)
        for x, y in ((2600, 100), (220, 1800)):
            picture[y : y + 170, x : x + 170] = cv2.resize(
                (1 - matrix) * 255, (170, 170), interpolation=cv2.INTER_NEAREST
            )[..., None]
        bubbles = []
        for place in range(people):
            for day in range(1, 31):
                for row, option in enumerate("村视假休"):
                    x, y, w, h = 44 + 7.5 * day - 6, 46 + 26 * place + 6.2 * row, 4.6, 3.4
                    middle = (round((x + w / 2) * SCALE), round((y + h / 2) * SCALE))
                    cv2.ellipse(picture, middle, (23, 17), 0, 0, 360, (0, 0, 0), 2, cv2.LINE_AA)
                    bubbles.append(
                        {"person": f"{team}P{place}", "day": day, "option": option, "x": x, "y": y, "w": w, "h": h}
                    )
        pages.append(picture)
        layout.append({"page": number + 1, "team": team, "month": month, "version": 1, "part": 1, "bubbles": bubbles})
    return files.pdf(pages, SCALE * 25.4, 95), layout
