"""留痕: who did what to what, when, and why; append-only, chained by a keyed hash, anchored outside the database."""
