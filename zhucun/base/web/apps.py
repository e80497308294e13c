"""The room's name for Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """页面家具."""

    name = "zhucun.base.web"
    label = "web"
    verbose_name = "页面家具"
