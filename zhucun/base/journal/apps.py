"""The room 留痕."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "zhucun.base.journal"
    verbose_name = "留痕"
