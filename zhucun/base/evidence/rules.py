"""Which files may be attached: judged by their first bytes, not by what their name says."""

SIGNATURES: dict[str, tuple[tuple[bytes, ...], str]] = {
    ".pdf": ((b"%PDF-",), "application/pdf"),
    ".png": ((b"\x89PNG\r\n\x1a\n",), "image/png"),
    ".jpg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".jpeg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".docx": ((b"PK\x03\x04",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ((b"PK\x03\x04",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
LARGEST = 10 * 1024 * 1024  # bytes, quality.md finding 6


def kind_of(name: str, first_bytes: bytes, size: int) -> tuple[str, str]:
    """(media type, "") of a file that may be attached, or ("", what is wrong with it)."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending not in SIGNATURES:
        return "", f"“{name}”的类型不能上传，请用 PDF、PNG、JPG、Word（.docx）或 Excel（.xlsx）文件。"
    signatures, kind = SIGNATURES[ending]
    if size == 0:
        return "", f"“{name}”是空文件，请检查后重新上传。"
    if size > LARGEST:
        return "", f"“{name}”有 {size / 1048576:.1f} MB，超过 10 MB，请压缩或拆分后再上传。"
    if not first_bytes.startswith(signatures):
        return "", f"“{name}”的内容和它的后缀 {ending} 不符，请重新导出后再上传。"
    return kind, ""
