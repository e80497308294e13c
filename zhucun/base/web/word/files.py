"""An official document as bytes and as a download; the same document is always the same bytes."""

import re
from datetime import UTC, date, datetime, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from docx.document import Document as WordFile

from .layout import laid_out
from .papers import Document, written

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNDATED = date(2000, 1, 1)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file knows


def to_docx(document: Document) -> bytes:
    """The document as a .docx; it names no person, only the office."""
    word_document = laid_out(document)
    _properties(word_document, document)
    written_to = BytesIO()
    word_document.save(written_to)
    return _timeless(written_to)


def docx_response(document: Document, filename: str) -> HttpResponse:
    """The document as a download; the name is sent by RFC 6266, Chinese included, and ends with .docx."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', " ", filename).strip().removesuffix(".docx") or "公文"
    response = HttpResponse(to_docx(document), content_type=TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.docx")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _properties(file: WordFile, document: Document) -> None:
    about, issuer = file.core_properties, written(document.issuer)[:255]
    about.author = about.last_modified_by = issuer
    about.title = written(document.title)[:255]
    about.comments = about.keywords = about.subject = about.category = ""
    about.language = "zh-CN"
    about.revision = 1
    about.created = about.modified = datetime.combine(document.day or UNDATED, time(), UTC)


def _timeless(packed: BytesIO) -> bytes:
    """The same file without the moment at which each of its parts was packed."""
    again = BytesIO()
    with ZipFile(packed) as old, ZipFile(again, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = ZipInfo(part.filename, EARLIEST)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 3
            new.writestr(entry, old.read(part))
    return again.getvalue()
