"""What a file is, how many pixels it will have and whether it is whole: read from its first bytes, before any decoding."""

from dataclasses import dataclass
from enum import Enum

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG segments that hold the size of the picture."""
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length."""
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


class Kind(Enum):
    """Kinds of files told apart."""

    PNG = "png"
    JPEG = "jpeg"
    PDF = "pdf"
    HEIC = "heic"
    OTHER = "other"


@dataclass(frozen=True)
class Header:
    """Width and height in pixels as announced, and whether the end of the picture is there."""

    width: int
    height: int
    whole: bool


def kind_of(content: bytes) -> Kind:
    """What a file is by its content; the name is not trusted."""
    if content.startswith(PNG_SIGNATURE):
        return Kind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return Kind.HEIC
    return Kind.PDF if b"%PDF-" in content[:1024] else Kind.OTHER


def header(content: bytes, kind: Kind) -> Header | None:
    """The header of a PNG or JPEG, or None when it has none that can be understood."""
    return _png(content) if kind is Kind.PNG else _jpeg(content)


def _png(content: bytes) -> Header | None:
    if len(content) < 33 or content[12:16] != b"IHDR":
        return None
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    return Header(width, height, b"IEND" in content[33:])


def _jpeg(content: bytes) -> Header | None:
    size, at = (0, 0), 2
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _SIZES:
            size = (int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big"))
        if marker == 0xDA:
            return Header(*size, whole=content.find(b"\xff\xd9", at) > 0) if size[0] else None
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
    return None
