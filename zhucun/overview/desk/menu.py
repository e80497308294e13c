"""The menu: every page one may start from, in the order of the article's four parts, shown to whoever may open it."""

from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from zhucun.base.access.models import User
from zhucun.base.access.permissions import ROLES, Permission, Role

P = Permission
TEAM = frozenset({Role.TEAM_LEADER, Role.MEMBER})
"""Roles whose whole work is one village: lists of one row would only be in their way."""


@dataclass(frozen=True)
class Entry:
    """A page of the menu: label, URL name, icon, what one must be allowed to, roles it says nothing to, pages below it."""

    label: str
    name: str
    icon: str
    permission: Permission | None = None
    not_for: frozenset[Role] = frozenset()
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A heading with its entries."""

    label: str
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group("总览", (
        Entry("首页", "desk:home", "home", below=("desk:",)),
        Entry("队伍结构", "indicators:structure", "chart-bar", P.FIGURES_VIEW),
        Entry("指标数据", "indicators:figures", "report-analytics", P.FIGURES_VIEW, below=("indicators:",)),
    )),
    Group("择优选派", (
        Entry("专门台账", "teams:ledger", "table", P.TEAM_VIEW, TEAM, ("teams:posting", "teams:")),
        Entry("工作队", "teams:teams", "users-group", P.TEAM_VIEW, below=("teams:team", "teams:post")),
        Entry("人员", "teams:people", "user", P.PERSON_VIEW, below=("teams:person",)),
        Entry("分村选队", "placement:rounds", "route", P.PLACEMENT_VIEW, below=("placement:",)),
        Entry("选派审核", "teams:reviews", "clipboard-check", P.REVIEW_EDIT, TEAM, ("teams:review",)),
        Entry("村", "office:villages", "building-cottage", P.DIRECTORY_VIEW, TEAM, ("office:village", "teams:village")),
        Entry("派出单位", "office:units", "building-bank", P.DIRECTORY_VIEW, TEAM, ("office:unit", "teams:unit")),
        Entry("台账导入导出", "exchange:home", "file-import", P.LEDGER_EXPORT, below=("exchange:",)),
    )),
    Group("日常管理", (
        Entry("出勤", "attendance:months", "calendar-check", P.ATTENDANCE_VIEW, frozenset({Role.MEMBER}), ("attendance:",)),
        Entry("出勤汇总", "attendance:summaries", "report", P.ATTENDANCE_VIEW, TEAM, tuple(f"attendance:{name}" for name in ("summaries", "county_summary", "township_summary", "unit_summary"))),
        Entry("记录本", "attendance:book", "book-2", P.BOOK_PRINT, below=("attendance:book",)),
        Entry("记录本识读", "attendance:readings", "camera", P.BOOK_READ,
              below=("attendance:reading", "attendance:upload", "attendance:question")),
        Entry("我的出勤", "attendance:mine", "calendar-event", P.LEAVE_ASK, below=("attendance:mine", "attendance:day", "attendance:object")),
        Entry("请假报备", "attendance:leaves", "calendar-off", P.ATTENDANCE_VIEW, below=("attendance:leave", "attendance:slip")),
        Entry("更正与异议", "attendance:corrections", "message-report", P.ATTENDANCE_VIEW, TEAM, ("attendance:correct", "attendance:objection")),
        Entry("督查", "inspections:rounds", "map-search", P.INSPECTION_VIEW, TEAM,
              ("inspections:round", "inspections:draw", "inspections:visit", "inspections:sheets")),
        Entry("问题台账", "inspections:findings", "flag", P.INSPECTION_VIEW,
              below=("inspections:finding", "inspections:correction", "inspections:managers")),
        Entry("督查通报", "inspections:circulars", "speakerphone", P.INSPECTION_VIEW, frozenset({Role.TEAM_LEADER, Role.MEMBER}), ("inspections:circular",)),
        Entry("提醒约谈召回", "accountability:cases", "scale", P.CASE_VIEW, below=("accountability:",)),
        Entry("调整与离任", "teams:changes", "arrows-exchange", P.TEAM_VIEW, TEAM, ("teams:changes",)),
        Entry("工作交接", "teams:handovers", "transfer", P.TEAM_VIEW, below=("teams:handover",)),
    )),
    Group("能力培育", ()),
    Group("优化保障", ()),
    Group("系统", (
        Entry("制度参数", "office:parameters", "adjustments", P.POLICY_VIEW, TEAM, ("office:parameter",)),
        Entry("制度文件", "office:documents", "file-text", P.POLICY_VIEW, below=("office:document",)),
        Entry("工作日历", "office:calendar", "calendar", P.POLICY_VIEW, below=("office:calendar",)),
        Entry("行政区划", "office:divisions", "sitemap", P.DIRECTORY_VIEW, TEAM, ("office:division",)),
        Entry("账号与职责", "office:accounts", "key", P.ACCOUNT_EDIT, below=("office:account", "office:duty")),
        Entry("留痕日志", "office:journal", "history", P.JOURNAL_VIEW, below=("office:journal",)),
        Entry("运行状况", "office:health", "stethoscope", P.HEALTH_VIEW, below=("office:health",)),
    )),
)  # fmt: skip

EITHER = {
    P.ACCOUNT_EDIT: (P.ACCOUNT_EDIT, P.DUTY_EDIT),
    P.PLACEMENT_VIEW: (P.PLACEMENT_VIEW, P.NEED_EDIT, P.CANDIDATE_EDIT),
}
"""Pages shared by several: administrators of both kinds; the county, townships and units, each with its part of a round."""


@dataclass(frozen=True)
class Shown:
    """An entry as a template draws it."""

    label: str
    url: str
    icon: str
    active: bool = False


@dataclass(frozen=True)
class ShownGroup:
    """A group as a template draws it."""

    label: str
    items: list[Shown] = field(default_factory=list)


def roles_on(user: User, day: date) -> frozenset[Role]:
    """The roles of the duties in force on `day`."""
    return frozenset(Role(duty.role) for duty in user.duties_on(day))


def may_open(entry: Entry, user: User, day: date) -> bool:
    """Whether the entry stands in this user's menu on `day`."""
    roles = roles_on(user, day)
    if roles and roles <= entry.not_for:
        return False
    asked = EITHER.get(entry.permission, (entry.permission,)) if entry.permission else ()
    return not asked or any(user.may(permission, day) for permission in asked)


def shown(user: User, day: date, current: str) -> list[ShownGroup]:
    """The groups with something in them for this user; the entry the page `current` lies below is active."""
    groups = [
        (group.label, [one for one in group.entries if may_open(one, user, day) and reverse(one.name)])
        for group in MENU
    ]
    active = _active([entry for _, entries in groups for entry in entries], current)
    return [
        ShownGroup(label, [Shown(one.label, reverse(one.name), one.icon, one is active) for one in entries])
        for label, entries in groups
        if entries
    ]


def _active(entries: list[Entry], current: str) -> Entry | None:
    """The entry named like the page, or the one with the longest beginning of its name."""
    best, length = None, 0
    for entry in entries:
        if entry.name == current:
            return entry
        fits = max((len(start) for start in entry.below if current.startswith(start)), default=0)
        if fits > length:
            best, length = entry, fits
    return best


def duties_in_words(user: User, day: date) -> str:
    """“县驻村办 · 祁东县”: what somebody is here, for the user menu and the greeting."""
    words = {f"{ROLES[Role(duty.role)].label}{f' · {duty.area}' if duty.area else ''}" for duty in user.duties_on(day)}
    return "；".join(sorted(words))


def menu(request: HttpRequest) -> dict:
    """Context processor: `menu`, `user_note` and what the search box needs; read when a page first uses it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(request, "today"):
        return {}
    match = request.resolver_match
    current = match.view_name if match else ""
    may_search = any(
        user.may(permission, request.today) for permission in (P.PERSON_VIEW, P.TEAM_VIEW, P.DIRECTORY_VIEW)
    )
    return {
        "menu": SimpleLazyObject(lambda: shown(user, request.today, current)),
        "user_note": SimpleLazyObject(lambda: duties_in_words(user, request.today)),
        "search_url": reverse("desk:search") if may_search else "",
        "search_hint": "查找人员、村、工作队、单位",
    }
