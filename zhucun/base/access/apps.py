"""The room 权限."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "zhucun.base.access"
    verbose_name = "权限"
