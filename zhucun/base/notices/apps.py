"""The room 待办提醒."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhucun.base.notices"
    verbose_name = "待办提醒"
