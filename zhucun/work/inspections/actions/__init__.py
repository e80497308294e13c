"""What is done: rounds and visits, findings and corrections, circulars; one module per noun."""
