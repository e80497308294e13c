"""What is done to cases: opened, heard, approved, carried out, appealed, closed; one module per part of the way."""
