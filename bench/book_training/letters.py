"""How the four letters look in a bubble at 6 px/mm, averaged over a clean page as the reader sees it."""

import cv2
import numpy as np

from zhucun.work.attendance.scan.bubbles import centres_of
from zhucun.work.attendance.scan.finding import find
from zhucun.work.attendance.scan.grid import OPTIONS, grid
from zhucun.work.attendance.scan.light import ink
from zhucun.work.attendance.scan.registering import Places
from zhucun.work.attendance.scan.views import ROUND, views_of

from .page import draw, some_page


def letters() -> np.ndarray:
    """Ink of the four letters without the ring, 0 to 255: options by rows by columns."""
    page = some_page(np.random.default_rng(0), full=True)
    pixels = cv2.cvtColor(draw(page), cv2.COLOR_GRAY2BGR)
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    (found,) = find(small)
    where = grid(page)
    still = Places(np.zeros((len(where), 2)), np.zeros_like(where.bubbles), np.ones(len(where)), np.zeros(len(where)))
    dark = ink(found.surface.straightened(small)).dark
    views = views_of(dark, centres_of(where, still))
    mean = views.reshape(len(where), OPTIONS, *views.shape[1:]).mean(0)
    return np.clip(np.rint(mean * (ROUND < 0.9) * 255), 0, 255).astype(np.uint8)
