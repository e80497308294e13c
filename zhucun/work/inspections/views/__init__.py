"""Pages; one module per noun; each loads what may be seen, makes one call, answers."""
