"""Scanners, copiers and phone cameras: from a filled page to the bytes of a file, by named conditions."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from zhucun.work.attendance.book.geometry import PAGE_HEIGHT, PAGE_WIDTH

from .page import SCALE


@dataclass(frozen=True)
class Shot:
    """How a picture is taken; lengths on the paper in mm, angles in degrees, light as a share."""

    wide: int = 3600
    high: int = 2700
    phone: bool = True
    turn: float = 0.0
    tilt: float = 0.06
    curl: float = 0.0
    fold: float = 0.0
    shadow: float = 0.0
    shadow_edge: float = 6.0
    glare: float = 0.0
    warm: float = 0.08
    light: float = 0.85
    blur: float = 0.07
    motion: float = 0.0
    noise: float = 0.012
    grain: float = 1.0
    calmed: bool = False
    size: int = 0
    quality: int = 88
    grey: bool = False
    bilevel: bool = False
    copied: int = 0
    coffee: bool = False
    seal: bool = False
    streaks: bool = False
    covered: bool = False
    sharp: float = 0.0
    specks: bool = False
    app: bool = False
    margin: float = 0.05


PHONE, SCAN = Shot(), Shot(3508, 2480, False, tilt=0, warm=0.0, light=0.97, blur=0.05, noise=0.008, quality=85)
CONDITIONS: dict[str, Callable[[np.random.Generator], Shot]] = {
    "scan": lambda r: replace(SCAN, turn=r.normal(0, 0.6)),
    "scan grey 200": lambda r: replace(SCAN, wide=2339, high=1654, turn=r.normal(0, 0.6), grey=True),
    "scan 150": lambda r: replace(SCAN, wide=1754, high=1240, turn=r.normal(0, 0.8), quality=75),
    "scan bilevel": lambda r: replace(SCAN, bilevel=True, turn=r.normal(0, 0.6)),
    "copied": lambda r: replace(SCAN, copied=int(r.integers(1, 3)), turn=r.normal(0, 0.8)),
    "streaks": lambda r: replace(SCAN, streaks=True),
    "phone": lambda r: replace(PHONE, turn=r.normal(0, 3), curl=r.normal(0, 1.0)),
    "phone turned": lambda r: replace(PHONE, turn=float(r.choice([90, 180, 270])) + r.normal(0, 4)),
    "phone askew": lambda r: replace(PHONE, turn=r.uniform(0, 360), margin=0.1),
    "phone tilted": lambda r: replace(PHONE, tilt=0.25, turn=r.normal(0, 4)),
    "curl": lambda r: replace(PHONE, curl=float(r.choice([-1, 1])) * r.uniform(2, 14)),
    "fold": lambda r: replace(PHONE, fold=r.uniform(0.4, 1.5), shadow=0.15),
    "shadow": lambda r: replace(PHONE, shadow=r.uniform(0.3, 0.6), shadow_edge=r.uniform(2, 20)),
    "hard shadow": lambda r: replace(PHONE, shadow=r.uniform(0.4, 0.65), shadow_edge=r.uniform(0.4, 2)),
    "glare": lambda r: replace(PHONE, glare=r.uniform(0.3, 0.8)),
    "dim": lambda r: replace(PHONE, light=r.uniform(0.3, 0.5), noise=0.035, warm=0.2),
    "dark": lambda r: replace(
        PHONE,
        light=r.uniform(0.2, 0.45),
        noise=r.uniform(0.04, 0.13),
        grain=r.uniform(1, 2),
        warm=r.uniform(0, 0.25),
        calmed=bool(r.random() < 0.5),
        sharp=float(r.choice([0.0, 0.0, r.uniform(0.3, 1.0)])),
    ),
    "warm": lambda r: replace(PHONE, warm=r.uniform(0.2, 0.4)),
    "defocus": lambda r: replace(PHONE, blur=r.uniform(0.18, 0.34)),
    "motion": lambda r: replace(PHONE, motion=r.uniform(0.3, 0.8)),
    "wechat": lambda r: replace(PHONE, size=1280, quality=int(r.integers(55, 80)), margin=0.03),
    "wechat 1600": lambda r: replace(PHONE, size=1600, quality=int(r.integers(60, 80)), curl=r.normal(0, 1.5)),
    "jpeg": lambda r: replace(PHONE, quality=int(r.integers(18, 35))),
    "coffee": lambda r: replace(PHONE, coffee=True),
    "seal": lambda r: replace(SCAN, seal=True),
    "covered": lambda r: replace(PHONE, covered=True),
    "app": lambda r: replace(
        PHONE, app=True, sharp=r.uniform(0.0, 1.0), turn=r.normal(0, 2), grey=bool(r.random() < 0.4)
    ),
    "sharpened": lambda r: replace(PHONE, sharp=r.uniform(0.4, 1.5), turn=r.normal(0, 2)),
    "scan 110": lambda r: replace(SCAN, wide=1286, high=909, turn=r.normal(0, 0.8), quality=int(r.integers(60, 90))),
    "specks": lambda r: replace(SCAN, specks=True, blur=r.uniform(0.03, 0.1)),
}
NORMAL_USE = ("scan", "scan grey 200", "phone", "phone turned", "shadow", "wechat 1600", "phone", "scan")


def shoot(sheet: np.ndarray, shot: Shot, random: np.random.Generator) -> bytes:
    """The JPEG of a page: `sheet` is reflectance 0 to 1 at 12 px/mm in blue, green, red."""
    paper = sheet * np.array([0.97, 0.98, 1.0], np.float32) if random.random() < 0.5 else sheet
    for spoil, wanted in ((_coffee, shot.coffee), (_seal, shot.seal), (_streaks, shot.streaks), (_specks, shot.specks)):
        paper = spoil(paper, random) if wanted else paper
    for _ in range(shot.copied):
        paper = _copied(paper, random)
    image = _seen(np.clip(paper * 255, 0, 255).astype(np.uint8), shot, random)
    image = _lit(image, shot, random)
    if shot.covered:
        _finger(image, random)
    image = _optics(image, shot, random)
    if shot.size:
        scale = shot.size / max(image.shape)
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if shot.sharp:
        calm = cv2.GaussianBlur(image, (0, 0), 1.2)
        image = cv2.addWeighted(image, 1 + shot.sharp, calm, -shot.sharp, 0)
    if shot.app:
        image = _evened(image, random)
    if shot.grey or shot.bilevel:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if shot.bilevel:
        image = np.where(image > random.uniform(110, 170), 255, 0).astype(np.uint8)
        return cv2.imencode(".png", image)[1].tobytes()
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, shot.quality])[1].tobytes()


def _seen(paper: np.ndarray, shot: Shot, random: np.random.Generator) -> np.ndarray:
    """The page before the lens: turned, tilted, curled and folded, on a desk."""
    wide, high = (shot.wide, shot.high)
    if 45 < shot.turn % 180 < 135:
        wide, high = high, wide
    corners = np.array([(0, 0), (PAGE_WIDTH, 0), (PAGE_WIDTH, PAGE_HEIGHT), (0, PAGE_HEIGHT)])
    turned = _turned(corners, shot.turn)
    turned = turned * (1 + random.normal(0, shot.tilt / 3, (4, 1))) + random.normal(0, 20 * shot.tilt, (4, 2))
    span = np.ptp(turned, axis=0)
    share = 1 - 2 * shot.margin if shot.phone else 1.0
    zoom = min(wide * share / span[0], high * share / span[1]) if shot.phone else wide / PAGE_WIDTH
    target = (turned - turned.mean(0)) * zoom + (wide / 2, high / 2)
    matrix = cv2.getPerspectiveTransform(target.astype(np.float32), corners.astype(np.float32))
    step = 12
    x, y = np.meshgrid(np.arange(0, wide + step, step), np.arange(0, high + step, step))
    mesh = np.stack([x, y, np.ones_like(x)], 2) @ matrix.T
    mm = mesh[..., :2] / mesh[..., 2:]
    mm = mm + _bent(mm, shot, random)
    dense = cv2.resize(((mm * SCALE) - 0.5).astype(np.float32), None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)
    dense = dense[:high, :wide]
    desk = tuple(int(v) for v in random.uniform(20, 150, 3)) if shot.phone else (252, 252, 252)
    return cv2.remap(
        paper, dense[..., 0], dense[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=desk
    )


def _turned(corners: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    return corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def _bent(mm: np.ndarray, shot: Shot, random: np.random.Generator) -> np.ndarray:
    """How far curl and fold move what is seen, in mm."""
    u = mm[..., 0] / PAGE_WIDTH * 2 - 1
    v = mm[..., 1] / PAGE_HEIGHT * 2 - 1
    bend = np.zeros_like(mm)
    if shot.curl:
        lean = random.uniform(-0.4, 0.4)
        t = u + lean * v + random.uniform(-0.3, 0.3)
        wave = np.cos(t * np.pi / 2 * random.uniform(0.7, 1.3))
        bend += (shot.curl * wave)[..., None] * np.array([random.normal(0, 0.25), 1.0])
    if shot.fold:
        across = u if random.random() < 0.5 else v
        ridge = np.maximum(0, 1 - np.abs(across - random.uniform(-0.3, 0.3)) / random.uniform(0.3, 1.0))
        bend += (shot.fold * ridge)[..., None] * random.normal(0, 0.8, 2)
    return bend


def _lit(image: np.ndarray, shot: Shot, random: np.random.Generator) -> np.ndarray:
    """Uneven, coloured light, shadows and glare."""
    high, wide = image.shape[:2]
    y, x = np.mgrid[0:high:16, 0:wide:16].astype(np.float32)
    u, v = x / wide - 0.5, y / high - 0.5
    light = np.full(u.shape, shot.light, np.float32)
    if shot.phone:
        light *= 1 + random.normal(0, 0.12) * u + random.normal(0, 0.12) * v - random.uniform(0, 0.35) * (u * u + v * v)
    glare = np.zeros_like(light)
    if shot.glare:
        centre = random.uniform(-0.35, 0.35, 2)
        spread = random.uniform(0.05, 0.15)
        glare = shot.glare * np.exp(-((u - centre[0]) ** 2 + (v - centre[1]) ** 2) / spread**2).astype(np.float32)
    size = (wide, high)
    light = cv2.resize(light, size)
    if shot.shadow:
        light *= _shadow(size, shot, random)
    colour = np.array([1 - shot.warm, 1 - 0.3 * shot.warm, 1.0], np.float32)
    result = image.astype(np.float32) * light[:, :, None] * colour
    if shot.glare:
        result = result + (255 - result) * np.clip(cv2.resize(glare, size), 0, 1)[:, :, None]
    return result


def _shadow(size: tuple[int, int], shot: Shot, random: np.random.Generator) -> np.ndarray:
    """The light left by a shadow with a straight or broken edge, some mm soft."""
    small = (size[0] // 4, size[1] // 4)
    mask = np.zeros(small[::-1], np.float32)
    points = random.uniform(-0.2, 1.2, (4, 2)) * small
    hull = cv2.convexHull(points.astype(np.float32)).astype(np.int32)
    cv2.fillPoly(mask, [hull], 1.0)
    soft = shot.shadow_edge * size[0] / PAGE_WIDTH / 4 / 2
    return 1 - shot.shadow * cv2.resize(cv2.GaussianBlur(mask, (0, 0), max(soft, 0.6)), size)


def _optics(image: np.ndarray, shot: Shot, random: np.random.Generator) -> np.ndarray:
    """Blur of lens and motion, noise, and eight bits."""
    dots = image.shape[1] / PAGE_WIDTH if image.shape[1] > image.shape[0] else image.shape[0] / PAGE_WIDTH
    if shot.blur * dots > 0.35:
        image = cv2.GaussianBlur(image, (0, 0), shot.blur * dots)
    if shot.motion:
        length = max(1, round(shot.motion * dots))
        kernel = np.zeros((2 * length + 1,) * 2, np.float32)
        angle = random.uniform(0, np.pi)
        arm = np.array([np.cos(angle), np.sin(angle)]) * length / 2
        ends = np.rint((np.stack([length - arm, length + arm])) * 16).astype(int)
        cv2.line(kernel, ends[0].tolist(), ends[1].tolist(), 1.0, 1, cv2.LINE_8, 4)
        image = cv2.filter2D(image, -1, kernel / kernel.sum())
    tile = random.normal(0, 255 * shot.noise, (512, 512, 3)).astype(np.float32)
    if shot.phone:
        tile = 0.6 * tile + 0.7 * cv2.GaussianBlur(tile, (0, 0), shot.grain) * 2 * shot.grain
    repeat = (-(-image.shape[0] // 512), -(-image.shape[1] // 512), 1)
    noisy = image + np.tile(tile, repeat)[: image.shape[0], : image.shape[1]] * np.sqrt(np.maximum(image, 8) / 160)
    picture = np.clip(noisy, 0, 255).astype(np.uint8)
    return np.asarray(cv2.medianBlur(picture, 3) if shot.calmed else picture)


def _finger(image: np.ndarray, random: np.random.Generator) -> None:
    """A finger that holds the page at an edge."""
    high, wide = image.shape[:2]
    side = random.integers(4)
    along = random.uniform(0.05, 0.95)
    ends = ((along * wide, 0), (wide, along * high), (along * wide, high), (0, along * high))
    centre = np.rint(ends[side]).astype(int)
    long, thick = int(random.uniform(0.06, 0.11) * wide), int(random.uniform(0.02, 0.03) * wide)
    axes = (thick, long) if side % 2 == 0 else (long, thick)
    cv2.ellipse(image, centre.tolist(), axes, 0, 0, 360, (110, 140, 190), -1, cv2.LINE_AA)


def _copied(paper: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A photocopy: greys lost, contrast raised, speckles."""
    grey = cv2.GaussianBlur(paper, (0, 0), 1.2) @ np.array([0.2, 0.5, 0.3], np.float32)
    knee = random.uniform(0.45, 0.62)
    copied = 1 / (1 + np.exp(-(grey - knee) * random.uniform(7, 12)))
    copied = (copied - copied.min()) / (np.ptp(copied) + 1e-6)
    specks = random.integers(0, (grey.shape[0], grey.shape[1]), (400, 2))
    for row, column in specks:
        copied[row : row + random.integers(1, 4), column : column + random.integers(1, 4)] *= 0.4
    return np.repeat(copied[:, :, None], 3, 2).astype(np.float32)


def _coffee(paper: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A ring of coffee somewhere on the grid."""
    centre = (np.array([random.uniform(60, 260), random.uniform(55, 165)]) * SCALE).astype(int)
    radius = int(random.uniform(25, 42) * SCALE)
    mask = np.zeros(paper.shape[:2], np.uint8)
    cv2.circle(mask, centre.tolist(), radius, 40, -1, cv2.LINE_AA)
    cv2.circle(mask, centre.tolist(), radius, 255, int(random.uniform(0.8, 2.0) * SCALE), cv2.LINE_AA)
    soft = cv2.GaussianBlur(mask, (0, 0), 4)[:, :, None].astype(np.float32) / 255
    return paper * (1 - soft * random.uniform(0.25, 0.6) * np.array([0.9, 0.6, 0.4], np.float32))


def _seal(paper: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A round red seal on the edge of the grid."""
    centre = (np.array([random.uniform(80, 250), random.uniform(160, 190)]) * SCALE).astype(int)
    mask = np.zeros(paper.shape[:2], np.uint8)
    cv2.circle(mask, centre.tolist(), 20 * SCALE, 255, int(1.2 * SCALE), cv2.LINE_AA)
    for angle in np.linspace(0, 2 * np.pi, 14):
        at = centre + 15.5 * SCALE * np.array([np.cos(angle), np.sin(angle)])
        cv2.rectangle(mask, (at - 18).astype(int).tolist(), (at + 18).astype(int).tolist(), 255, 6)
    soft = cv2.GaussianBlur(mask, (0, 0), 2)[:, :, None].astype(np.float32) / 255
    return paper * (1 - soft * random.uniform(0.6, 0.95) * np.array([0.75, 0.8, 0.15], np.float32))


def _streaks(paper: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Dirt on the scanner's glass: thin lines down the whole page, and bands of another brightness."""
    paper = paper.copy()
    for _ in range(random.integers(1, 4)):
        x = int(random.uniform(45, 275) * SCALE)
        paper[:, x : x + random.integers(1, 4)] *= random.uniform(0.5, 0.9)
    for _ in range(random.integers(0, 3)):
        y = int(random.uniform(40, 180) * SCALE)
        paper[y : y + int(random.uniform(1, 20) * SCALE)] *= random.uniform(0.85, 1.0)
    return paper


def _specks(paper: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Drops of toner or ink all over the page."""
    paper = paper.copy()
    for _ in range(int(random.integers(50, 600))):
        at = (random.uniform(0, 1, 2) * (paper.shape[1], paper.shape[0]) * 16).astype(int)
        radius = int(random.lognormal(1.3, 0.5) * 16)
        cv2.circle(paper, at.tolist(), radius, (random.uniform(0.0, 0.7),) * 3, -1, cv2.LINE_AA, 4)
    return paper


def _evened(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """What a scanning app makes of a photo: the light evened out, the paper white, the contrast raised."""
    small = cv2.resize(image, None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA)
    light = cv2.GaussianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), (0, 0), 3)
    light = cv2.resize(light, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(image, light, scale=255.0).astype(np.float32) / 255
    low, high = random.uniform(0.02, 0.3), random.uniform(0.85, 0.97)
    return np.clip((even - low) / (high - low) * 255, 0, 255).astype(np.uint8)
