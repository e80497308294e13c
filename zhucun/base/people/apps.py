"""The room 人员."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhucun.base.people"
    verbose_name = "人员"
