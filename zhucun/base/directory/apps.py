"""The room 名录."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "zhucun.base.directory"
    verbose_name = "名录"
