"""Photos without what a phone writes into them (place, time, device): only what is needed to draw the picture is kept.

Keeping it would turn a monthly upload into the covert punch-in that the rules forbid (domain.md, section 4).
"""

from .headers import Kind, kind_of

_ADOBE = 0xEE
"""The one application segment that changes how colours are decoded."""
_DROPPED = frozenset({*range(0xE1, 0xF0), 0xFE}) - {_ADOBE}
_RESTARTS = range(0xD0, 0xD8)
_BARE = {0x01, 0xD8, *_RESTARTS}
"""Markers without a length, of no use outside the drawn part."""
_DRAWS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"sBIT", b"bKGD", b"pHYs"})
_MOST_PARTS = 100_000
"""Parts of a picture that are looked through; a large PNG has thousands, and a made-up picture must not take long."""
_BEGINNING = 64
"""Bytes kept of what is no picture: enough to say what it is."""


def without_metadata(content: bytes) -> bytes:
    """A JPEG or PNG without EXIF, comments and whatever follows its end; of a file of another kind its beginning, a PDF whole.

    What stands in the images inside a PDF is not looked for: PDFs must not be kept. A broken picture ends where it breaks.
    """
    kind = kind_of(content)
    if kind is Kind.JPEG:
        return _jpeg(content)
    if kind is Kind.PNG:
        return _png(content)
    return content if kind is Kind.PDF else content[:_BEGINNING]


def _jpeg(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    for _ in range(_MOST_PARTS):
        if content[at : at + 1] != b"\xff":
            break
        marker = content[at + 1 : at + 2]
        if marker == b"\xff":  # fill
            at += 1
        elif marker == b"\xd9" or not marker:
            kept.append(content[at : at + 2])
            break
        elif marker[0] in _BARE:
            at += 2
        else:
            after = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
            after = _end_of_scan(content, after) if marker == b"\xda" else after
            if marker[0] not in _DROPPED:
                kept.append(content[at:after])
            at = after
    return b"".join(kept)


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the drawn part of a JPEG that begins at `at` is over: at the next marker that is neither stuffing nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        if content[at + 1] and content[at + 1] not in _RESTARTS:
            return at
        at += 2


def _png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    for _ in range(_MOST_PARTS):
        if at + 12 > len(content):
            break
        name, after = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4], "big")
        if name in _DRAWS:
            kept.append(content[at:after])
        if name == b"IEND":
            break
        at = after
    return b"".join(kept)
