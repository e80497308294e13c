"""Pages of a round, one module per step; each page loads what may be seen, makes one call, answers."""
