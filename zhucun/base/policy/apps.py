"""The room 制度."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "zhucun.base.policy"
    verbose_name = "制度"
