"""Tests of the whole: the house, journeys, browser; each room keeps its own beside it."""
