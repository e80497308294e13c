"""Marks and leave from the ledger workbook, compared and written in bulk."""

from .leaves import LeavePlan, plan_leaves, write_leaves
from .months import MonthPlan, plan_months, write_months

__all__ = ["LeavePlan", "MonthPlan", "plan_leaves", "plan_months", "write_leaves", "write_months"]
