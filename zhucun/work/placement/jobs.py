"""Proposals computed in a process of their own."""

from zhucun.base.web.jobs import Jobs

JOBS = Jobs("placement", "placement_job")
