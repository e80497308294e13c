"""What is done: marks, confirmation and correction, leave, objections, printed pages and readings; one module per noun."""
