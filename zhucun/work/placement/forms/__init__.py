"""What may be typed in a round, one module per noun."""
