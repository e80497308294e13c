"""What every page says of the installation: its host, filing number and complaint channel (国办函〔2026〕12号)."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import SimpleLazyObject

from zhucun.base.timeline import clock

from .parameters import parameter
from .policy import on


@dataclass(frozen=True)
class SitePolicy:
    """The names the county gives this installation."""

    ROOM: ClassVar = "site"
    GROUP: ClassVar = "系统署名"

    title: str = parameter("驻村工作队管理系统", "系统名称")
    host: str = parameter("县驻村办", "主办单位")
    filing: str = parameter("未备案", "备案编号", note="国办函〔2026〕12号：上线前备案并显示")
    complaints: str = parameter("请向县驻村办提出", "投诉建议渠道", note="每个页面都要有投诉建议入口")


def context(request) -> dict:
    """`site` for every template, read when a page first uses it; refusals before the clock was asked ask it here."""
    return {"site": SimpleLazyObject(lambda: on(getattr(request, "today", None) or clock.today(), SitePolicy))}
