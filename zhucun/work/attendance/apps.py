"""The room 出勤."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "zhucun.work.attendance"
    verbose_name = "出勤"
