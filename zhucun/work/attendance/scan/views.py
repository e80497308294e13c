"""The picture around every bubble, its middle exactly in the middle, and its parts."""

import cv2
import numpy as np

from zhucun.work.attendance.book import geometry as g

from .arrays import Floats, Points
from .surface import PIXELS_A_MM

ROWS, COLUMNS = 41, 49
"""Pixels of the picture around a bubble: 6.8 by 8.2 mm, free of the printed neighbours."""

Y, X = np.mgrid[-(ROWS // 2) : ROWS // 2 + 1, -(COLUMNS // 2) : COLUMNS // 2 + 1] / PIXELS_A_MM
RADIUS = np.hypot(X, Y)
"""mm from the middle of the bubble."""
ROUND = np.hypot(X / (g.BUBBLE_WIDTH / 2), Y / (g.BUBBLE_HEIGHT / 2))
"""The same as a share of the ring's own radius: 1 on the ring."""
EXCESS = np.where(ROUND > 0, RADIUS - RADIUS / np.maximum(ROUND, 1e-6), -2.0)
"""mm outside the ring, negative inside."""

INNER = ROUND <= 0.8
PEN = ROUND <= 0.85
RING = np.abs(EXCESS) <= 0.12
MOAT = (EXCESS >= 0.35) & (EXCESS <= 0.7)
AROUND_RING = np.abs(EXCESS) <= 0.45
BEYOND = (EXCESS >= 0.6) & (EXCESS <= 0.9)
OUTER = (EXCESS >= 0.45) & (np.abs(X) <= 3.5) & (np.abs(Y) <= 2.9)


def views_of(image: Floats, centres: Points) -> Floats:
    """The picture around every bubble, its middle exactly in the middle: bubbles by rows by columns."""
    down, across = np.mgrid[-(ROWS // 2) : ROWS // 2 + 1, -(COLUMNS // 2) : COLUMNS // 2 + 1].astype(np.float32)
    middle = centres.astype(np.float32)
    x = (middle[:, 0, None, None] + across).reshape(-1, COLUMNS)
    y = (middle[:, 1, None, None] + down).reshape(-1, COLUMNS)
    views = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(views.reshape(len(centres), ROWS, COLUMNS))
