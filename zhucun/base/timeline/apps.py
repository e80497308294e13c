"""The room 时间."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "zhucun.base.timeline"
    verbose_name = "时间"
