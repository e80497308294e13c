"""What may be typed; one module per noun."""
