"""Floor: what everything stands on."""
