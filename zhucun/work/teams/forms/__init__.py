"""What may be typed on the pages of teams: one module per noun, every field with a sentence that says how to mend it."""
