"""One story per mechanism, told through the doors people use."""
