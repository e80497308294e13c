"""The room 佐证."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "zhucun.base.evidence"
    verbose_name = "佐证"
