"""The room 选派."""

from django.apps import AppConfig


class PlacementConfig(AppConfig):
    name = "zhucun.work.placement"
    verbose_name = "分村选队"
