"""The room 工作台."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "zhucun.overview.desk"
    verbose_name = "工作台"
