"""The ways a hand makes a mark: strokes in mm around the middle of a bubble with half axes (a, b)."""

import numpy as np

Line = np.ndarray

ORDINARY = ("full", "partial", "tick", "cross", "dot", "slash")


def wobble(line: Line, amount: float, rng: np.random.Generator) -> Line:
    """The line as a hand draws it: pushed aside smoothly by about `amount` mm."""
    t = np.linspace(0, 1, len(line))[:, None]
    off = np.zeros_like(line)
    for turns in (1, 2, 4):
        phase = rng.uniform(0, 2 * np.pi, 2)
        off += np.sin(2 * np.pi * turns * t + phase) * rng.normal(0, amount / turns, 2)
    return line + off


def through(
    points: list[tuple[float, float]], rng: np.random.Generator, amount: float = 0.06, step: float = 0.3
) -> Line:
    """A wobbly way through some points."""
    corner = np.array(points, float)
    length = np.linalg.norm(np.diff(corner, axis=0), axis=1)
    at = np.concatenate([[0], np.cumsum(length)])
    where = np.linspace(0, at[-1], max(3, int(at[-1] / step)))
    line = np.stack([np.interp(where, at, corner[:, 0]), np.interp(where, at, corner[:, 1])], 1)
    return wobble(line, amount, rng)


def turned(line: Line, angle: float) -> Line:
    """The line turned around the middle by an angle."""
    cos, sin = np.cos(angle), np.sin(angle)
    return line @ np.array([[cos, sin], [-sin, cos]])


def scribble(a: float, b: float, gap: float, slant: float, rng: np.random.Generator) -> Line:
    """To and fro over an ellipse, lines `gap` mm apart, in the direction `slant`."""
    reach = np.hypot(a * np.sin(slant), b * np.cos(slant))
    lines = max(2, int(2 * reach / gap) + 1)
    points = []
    for i, across in enumerate(np.linspace(-reach, reach, lines) * rng.uniform(0.9, 1.0)):
        # the chord of the ellipse at that distance from its middle, seen along the slant
        along = np.array([np.cos(slant), np.sin(slant)])
        foot = across * np.array([-np.sin(slant), np.cos(slant)])
        p, q = (along / (a, b)) @ (along / (a, b)), (along / (a, b)) @ (foot / (a, b))
        r = (foot / (a, b)) @ (foot / (a, b)) - 1
        root = np.sqrt(max(q * q - p * r, 0.0))
        ends = [(-q - root) / p, (-q + root) / p]
        for t in ends if i % 2 == 0 else ends[::-1]:
            points.append(tuple(foot + along * t * rng.normal(1.0, 0.06)))
    return through(points, rng, 0.05, 0.4)


def loop(a: float, b: float, rng: np.random.Generator, turns: float = 1.1) -> Line:
    """Once around an ellipse and a little more, not quite closing."""
    start = rng.uniform(0, 2 * np.pi)
    way = start + np.linspace(0, 2 * np.pi * turns, max(12, int(14 * turns))) * rng.choice([-1, 1])
    grow = np.linspace(rng.uniform(0.92, 1.0), rng.uniform(1.0, 1.1), len(way))
    return wobble(np.stack([a * np.cos(way) * grow, b * np.sin(way) * grow], 1), 0.08, rng)


def full(a: float, b: float, width: float, slant: float, size: float, rng: np.random.Generator) -> list[Line]:
    """Filled properly: scribbled over, by many hands outlined first."""
    a, b = a * size - width / 3, b * size - width / 3
    a, b = max(a, 0.25), max(b, 0.25)
    lines = [scribble(a, b, max(0.2, width * rng.uniform(0.65, 0.95)), slant, rng)]
    if rng.random() < 0.45:
        lines.insert(0, loop(a * 0.97, b * 0.97, rng, rng.uniform(1.0, 1.6)))
    return lines


def partial(a: float, b: float, width: float, slant: float, size: float, rng: np.random.Generator) -> list[Line]:
    """Filled in a hurry: lines wide apart, or only one side of the bubble."""
    if rng.random() < 0.5:
        return [scribble(a * size * 0.9, b * size * 0.9, max(0.7, width * rng.uniform(1.6, 2.6)), slant, rng)]
    share = rng.uniform(0.4, 0.75)
    line = scribble(a * share, b * rng.uniform(0.6, 0.95), max(0.25, width * 0.9), slant, rng)
    return [line + np.array([(1 - share) * a * rng.uniform(-0.9, 0.9), 0])]


def tick(a: float, b: float, width: float, slant: float, size: float, rng: np.random.Generator) -> list[Line]:
    """A tick: short down, long up."""
    s = size * rng.uniform(0.85, 1.15)
    points = [(-0.75 * a * s, -0.1 * b * s), (-0.2 * a * s, 0.85 * b * s), (0.95 * a * s, -1.05 * b * s)]
    return [turned(through(points, rng, 0.08), (slant - 0.6) * 0.2)]


def cross(a: float, b: float, width: float, slant: float, size: float, rng: np.random.Generator) -> list[Line]:
    """Two strokes across each other."""
    s, lean = size * rng.uniform(0.75, 1.05), rng.normal(0, 0.12)
    one = through([(-0.8 * a * s, -0.9 * b * s), (0.8 * a * s, 0.9 * b * s)], rng, 0.06)
    other = through([(0.8 * a * s, -0.9 * b * s), (-0.8 * a * s, 0.9 * b * s)], rng, 0.06)
    return [turned(one, lean), turned(other, lean)]


def dot(a: float, b: float, width: float, slant: float, size: float, rng: np.random.Generator) -> list[Line]:
    """A fat dot, smaller than the bubble."""
    r = max(0.25, rng.uniform(0.4, 0.65) * b * size)
    way = np.linspace(0, 2 * np.pi * rng.uniform(2, 3.5), 26)
    spiral = np.stack([np.cos(way), np.sin(way)], 1) * (r * np.linspace(0.1, 1, 26)[:, None])
    return [spiral * (rng.uniform(1.0, 1.4), 1)]


def slash(a: float, b: float, width: float, slant: float, size: float, rng: np.random.Generator) -> list[Line]:
    """One stroke through the bubble."""
    s = size * rng.uniform(0.85, 1.1)
    if rng.random() < 0.15:
        points = [(-0.95 * a * s, rng.normal(0, 0.2)), (0.95 * a * s, rng.normal(0, 0.2))]
    else:
        points = [(-0.7 * a * s, 0.95 * b * s), (0.7 * a * s, -0.95 * b * s)]
    return [through(points, rng, 0.07)]


def circle(a: float, b: float, width: float, slant: float, size: float, rng: np.random.Generator) -> list[Line]:
    """A ring around the bubble instead of a mark in it."""
    return [loop(a * rng.uniform(1.1, 1.3), b * rng.uniform(1.15, 1.45), rng, rng.uniform(0.95, 1.15))]


MARKS = {"full": full, "partial": partial, "tick": tick, "cross": cross, "dot": dot, "slash": slash, "circle": circle}


def cancel(kind: str, a: float, b: float, rng: np.random.Generator) -> list[Line]:
    """What is drawn over a mark that shall not count: an X, one line, two lines, or a wild scribble."""
    reach = rng.uniform(0.95, 1.75)
    if kind == "x":
        s = reach * 1.05
        return [through([(-a * s, -b * s), (a * s, b * s)], rng), through([(a * s, -b * s), (-a * s, b * s)], rng)]
    if kind == "scribble":
        way = [(rng.uniform(-1, 1) * a * 1.5, rng.uniform(-1, 1) * b * 1.5) for _ in range(9)]
        return [through(way, rng, 0.15)]
    tilt, lines = rng.choice([0.0, -0.6, rng.normal(0, 0.3)]), []
    for y in [0.0] if kind == "1" else [-0.4 * b, 0.4 * b]:
        y += rng.normal(0, 0.12)
        lines.append(through([(-a * reach, y - tilt * b), (a * reach, y + tilt * b)], rng, 0.05))
    return lines


def scrawl(width: float, height: float, characters: int, rng: np.random.Generator) -> list[Line]:
    """A name in running hand: that many characters in a box from (0, 0), each a few hooked strokes."""
    lines, pitch = [], width / max(characters, 1)
    for i in range(characters):
        at = np.array([pitch * (i + 0.5), height / 2])
        pen_at = at + rng.uniform(-0.4, -0.1, 2) * (pitch, height)
        way = [tuple(pen_at)]
        for _ in range(int(rng.integers(5, 11))):
            way.append(tuple(at + rng.uniform(-0.5, 0.5, 2) * (pitch * 0.95, height)))
            if rng.random() < 0.28:
                lines.append(_curved(way))
                way = [tuple(at + rng.uniform(-0.45, 0.45, 2) * (pitch, height))]
        lines.append(_curved(way))
    return [line for line in lines if len(line) > 1]


def _curved(points: list[tuple[float, float]]) -> Line:
    """Corners cut off twice, which makes handwriting out of zigzag."""
    line = np.array(points, float)
    for _ in range(3):
        if len(line) < 3:
            break
        inner = np.empty((2 * (len(line) - 1), 2))
        inner[0::2], inner[1::2] = 0.75 * line[:-1] + 0.25 * line[1:], 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.concatenate([line[:1], inner, line[-1:]])
    return line
