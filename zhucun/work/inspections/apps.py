"""The room 督查."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "zhucun.work.inspections"
    verbose_name = "督查"
