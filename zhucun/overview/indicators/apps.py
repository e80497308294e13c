"""The room 指标."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "zhucun.overview.indicators"
    verbose_name = "指标"
