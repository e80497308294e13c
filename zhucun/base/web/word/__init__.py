"""Official documents as editable Word files in the layout of GB/T 9704-2012 (党政机关公文格式).

A room says what stands in its document as plain data; how it stands on the paper is decided here and nowhere else.
`papers` are the parts, `looks` the fonts and paragraph styles, `layout` the order on the page, `grids` tables and the
printing record, `files` the bytes and the download.
"""

from .files import docx_response, to_docx
from .papers import Attachment, Document, Heading, Paragraph, Table, day_text

__all__ = ["Attachment", "Document", "Heading", "Paragraph", "Table", "day_text", "docx_response", "to_docx"]
