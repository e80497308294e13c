"""The room 驻村工作队."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "zhucun.work.teams"
    verbose_name = "驻村工作队"
