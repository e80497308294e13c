"""佐证: documents attached to any record; kept once by content, shown to whoever may see the record."""
