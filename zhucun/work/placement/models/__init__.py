"""A round of placement: what villages need, who is put forward, what was proposed, decided and objected to."""

from .proposals import Line, Lock, Objection, Proposal, Seat
from .rounds import Candidate, Need, Quota, Round

__all__ = ["Candidate", "Line", "Lock", "Need", "Objection", "Proposal", "Quota", "Round", "Seat"]
