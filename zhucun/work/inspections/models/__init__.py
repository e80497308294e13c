"""Rounds and visits; findings and corrections; circulars and their receipts."""

from .circulars import Circular, Delivery
from .findings import Correction, Finding, Step
from .rounds import Draw, Presence, Round, Visit

__all__ = ["Circular", "Correction", "Delivery", "Draw", "Finding", "Presence", "Round", "Step", "Visit"]
