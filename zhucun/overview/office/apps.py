"""The room 名录 制度 账号 留痕."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "zhucun.overview.office"
    verbose_name = "名录、制度和账号"
