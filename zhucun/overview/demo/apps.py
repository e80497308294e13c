"""The room 演示县."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "zhucun.overview.demo"
    verbose_name = "演示县"
