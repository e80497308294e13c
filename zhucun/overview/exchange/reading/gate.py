"""Looks at a file before anything in it is parsed; standard library only, so that the reading process stays small."""

import re
from dataclasses import dataclass
from typing import IO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

MB = 1024 * 1024
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
BEGINNING = 4096  # bytes of a part in which a document type would have to stand


@dataclass(frozen=True)
class Limits:
    """What one workbook may cost: bytes of the file, of its content and of memory, seconds of processor, rows, cells."""

    file: int = 10 * MB
    unpacked: int = 100 * MB
    memory: int = 400 * MB
    seconds: int = 40
    rows: int = 120_000
    cells: int = 3_000_000
    entries: int = 200
    ratio: int = 100
    columns: int = 500
    gap: int = 20_000


WEB = Limits()
SERVER = Limits(file=50 * MB, unpacked=1000 * MB, memory=700 * MB, seconds=300, rows=400_000, cells=16_000_000)
"""For the command line: a year of marks of 20,000 people is 250,000 rows and 480 MB unpacked, walked through piece by piece."""


class Fault(Exception):
    """Why a file is not read, in one Chinese sentence that says how to mend it."""


def glance(file: IO[bytes], limits: Limits) -> None:
    """Raise Fault unless the file begins like an .xlsx and is of bearable size; cheap enough for the web server itself."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    start = file.read(8)
    _check_kind(file, start, size)
    if size > limits.file:
        raise Fault(
            f"文件有 {size / MB:.1f} MB，超过了 {limits.file // MB} MB。请删去图片和空白格式后另存，或按工作表分几次导入。"
        )
    file.seek(0)


def check(file: IO[bytes], limits: Limits) -> None:
    """Raise Fault unless the file is a plain .xlsx of bearable size without tricks; leaves the file at its start."""
    glance(file, limits)
    try:
        with ZipFile(file) as archive:
            _check_archive(archive, limits)
    except (BadZipFile, LargeZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Fault("文件不完整或已损坏，打不开。请用 Excel 或 WPS 打开它，另存为 .xlsx 后再导入。") from None
    file.seek(0)


def _check_kind(file: IO[bytes], start: bytes, size: int) -> None:
    if size == 0:
        raise Fault("文件是空的（0 字节），请重新保存或重新下载后再导入。")
    if start.startswith(OLE):
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in file.read(4 * MB):
            raise Fault("工作簿设了打开密码，系统读不了。请在 Excel 或 WPS 中取消密码，另存后再导入。")
        raise Fault("这是旧格式的 .xls 文件，请在 Excel 或 WPS 中“另存为”Excel 工作簿（.xlsx）后再导入。")
    if start.startswith(b"%PDF"):
        raise Fault("这是 PDF 文件，不是工作簿。请提供 Excel 工作簿（.xlsx）。")
    if not start.startswith(b"PK"):
        raise Fault(
            "这不是 Excel 工作簿（.xlsx）。如果是 .csv 或网页表格，请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
        )


def _check_archive(archive: ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > limits.entries:
        raise Fault(
            f"工作簿里有 {len(entries)} 个部件，超过了 {limits.entries} 个。请把需要的工作表复制到新工作簿后再导入。"
        )
    for entry in entries:
        _check_entry(entry, limits)
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Fault(f"工作簿展开后超过 {limits.unpacked // MB} MB。请删去多余的行列和格式，或按工作表分几次导入。")
    if "xl/workbook.bin" in names:
        raise Fault("这是 .xlsb 二进制工作簿，请在 Excel 中“另存为”Excel 工作簿（.xlsx）后再导入。")
    if "[Content_Types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise Fault("这个压缩包不是 Excel 工作簿（.xlsx）。如果是 WPS 或 Word 文件，请另存为 .xlsx 后再导入。")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels", ".vml")):
            _check_markup(archive, entry)


def _check_entry(entry: ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & 0x1:
        raise Fault("工作簿的内容加了密，系统读不了。请取消密码，另存后再导入。")
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name:
        raise Fault("工作簿里有不正常的文件路径，为了安全没有读取。请用 Excel 或 WPS 打开，另存后再导入。")
    if entry.file_size > MB and entry.file_size > limits.ratio * max(entry.compress_size, 1):
        raise Fault(
            "工作簿压缩得不正常（展开后会大一百倍以上），为了安全没有读取。请用 Excel 或 WPS 打开，另存后再导入。"
        )


def _check_markup(archive: ZipFile, entry: ZipInfo) -> None:
    with archive.open(entry) as part:
        start = part.read(BEGINNING)
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in start[:200]:
        start = start.replace(b"\x00", b"")
    if DECLARATION.search(start):
        raise Fault("工作簿里有不允许的 XML 声明（DOCTYPE），为了安全没有读取。请用 Excel 或 WPS 打开，另存后再导入。")
