"""Tests of what must hold everywhere: races, rights, hostile input, nothing in clear."""
