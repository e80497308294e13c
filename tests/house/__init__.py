"""Tests of the whole house: they read the tree and hold for every room, present and to come."""
