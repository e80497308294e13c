"""A PDF as the answer to a request."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhucun.base.web.word import Document

from .printing import to_pdf


def pdf_response(document: Document, filename: str) -> HttpResponse:
    """The document as a PDF that the browser shows; its name is sent by RFC 6266, Chinese included.

    Raises ValueError, with a sentence, for text the font cannot print.
    """
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', " ", filename).strip().removesuffix(".pdf") or "公文"
    response = HttpResponse(to_pdf(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
