"""Files as scanners, phones and WeChat write them: jpg with EXIF, png, pdf of one or more pictures."""

import struct
import zlib

import cv2
import numpy as np


def jpeg(picture: np.ndarray, quality: int, orientation: int = 1) -> bytes:
    """A JPEG; with an orientation other than 1, an EXIF note that says how a phone was held."""
    ok, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert ok
    data = data.tobytes()
    if orientation == 1:
        return data
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 0)
    note = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + data[2:]


def png(picture: np.ndarray) -> bytes:
    """A PNG; two-valued grey pictures in one bit."""
    grey = picture.ndim == 2 and bool(np.isin(picture[::7, ::7], (0, 255)).all())
    ok, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_BILEVEL, int(grey)])
    assert ok
    return data.tobytes()


def pdf(pictures: list[np.ndarray], dpi: float, quality: int, turns: list[int] | None = None) -> bytes:
    """A PDF of scans, one a page: JPEG inside, two-valued ones in one bit; `turns` are quarter turns noted in /Rotate."""
    objects: list[bytes] = [b"", b""]
    kids = []
    for i, picture in enumerate(pictures):
        height, width = picture.shape[:2]
        if picture.ndim == 2 and set(np.unique(picture[::9, ::9])) <= {0, 255}:
            body, kind = (
                zlib.compress(np.packbits(picture > 127, axis=1).tobytes(), 1),
                b"/DeviceGray /BitsPerComponent 1 /Filter /FlateDecode",
            )
        else:
            space = b"/DeviceGray" if picture.ndim == 2 else b"/DeviceRGB"
            body, kind = jpeg(picture, quality), space + b" /BitsPerComponent 8 /Filter /DCTDecode"
        w, h = width * 72 / dpi, height * 72 / dpi
        image, content, page = len(objects) + 1, len(objects) + 2, len(objects) + 3
        objects.append(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace %s/Length %d>>stream\n%s\nendstream"
            % (width, height, kind, len(body), body)
        )
        draw = f"q {w:.3f} 0 0 {h:.3f} 0 0 cm /I Do Q".encode()
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw))
        turn = 90 * (turns[i] if turns else 0)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {w:.3f} {h:.3f}]/Rotate {turn}/Contents {content} 0 R"
            f"/Resources<</XObject<</I {image} 0 R>>>>>>".encode()
        )
        kids.append(f"{page} 0 R")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
