"""Marks and leave from the ledger workbook: compared with what is known, then written in bulk."""
