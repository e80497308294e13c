"""Pages of attendance: one module per noun; each page loads what may be seen, makes one call, answers."""
