"""Cases, the opinions on them, and appeals."""

from .cases import Appeal, Case, Opinion

__all__ = ["Appeal", "Case", "Opinion"]
