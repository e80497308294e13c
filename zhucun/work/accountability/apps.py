"""The room 提醒、约谈、召回."""

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    name = "zhucun.work.accountability"
    verbose_name = "提醒约谈召回"
