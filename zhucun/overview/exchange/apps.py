"""The room 导入导出."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "zhucun.overview.exchange"
    verbose_name = "导入导出"
