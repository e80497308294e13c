"""Official documents as PDF, the same `Document` that base/web/word writes, as far as one font allows (GB/T 9704-2012).

`parts` says a document as plain data, `printing` sets it by typst, `answers` hands it out.
"""

from .answers import pdf_response
from .printing import to_pdf

__all__ = ["pdf_response", "to_pdf"]
