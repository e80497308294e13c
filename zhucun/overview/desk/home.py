"""What the home page shows each role: what waits, what to do, where the area stands, what changed lately."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from zhucun.base.access.models import User
from zhucun.base.access.permissions import Permission, Role
from zhucun.base.access.request import Request
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Standing
from zhucun.base.timeline.models import in_force
from zhucun.overview.indicators import asked, pictures, structure
from zhucun.overview.indicators.catalogue import BY_CODE, compared
from zhucun.work.teams.models import Posting, Team

from .menu import roles_on

P = Permission
WEEKDAYS = "一二三四五六日"
RECENT_DAYS = 60
MOST_CHANGES = 6
MOST_ROWS = 12
HEADLINES = tuple(
    BY_CODE[code]
    for code in (
        "teams.count", "people.count", "people.mean_age", "people.college", "people.postgraduate", "people.party_members",
        "people.deputy_section", "people.agriculture", "people.rural_experience", "people.poverty_relief",
        "teams.leaders_transferred", "teams.members_transferred",
    )
)  # fmt: skip
PICTURES = ("age", "education")


@dataclass(frozen=True)
class Quick:
    """Something one does often: one click from the home page."""

    label: str
    name: str
    icon: str
    permission: Permission
    note: str
    query: str = ""
    roles: frozenset[Role] = frozenset()
    """Only for whoever has one of these roles, where the right alone would show it to too many; empty for everybody."""

    @property
    def url(self) -> str:
        """Where it is done."""
        return reverse(self.name) + self.query


ROSTER = "no,township,village,category,condition,team,role,name,sex,born,political,education,major,rank,unit,post,start,term_end"
"""The columns of the printed 花名册 (domain.md 3.1) that fit one A4 sheet in landscape."""

QUICK = (
    Quick("确认出勤", "attendance:months", "calendar-check", P.ATTENDANCE_CONFIRM, "上月出勤，逐队核对后确认"),
    Quick("上传记录本", "attendance:upload", "camera", P.ATTENDANCE_CONFIRM, "扫描件或照片，自动读出"),
    Quick("印记录本", "attendance:book", "printer", P.ATTENDANCE_CONFIRM, "按在任人员印好，月底前印下月的"),
    Quick("请假、报备", "attendance:leave_ask", "calendar-event", P.LEAVE_ASK, "填好就知道由谁批"),
    Quick("我的出勤", "attendance:mine", "calendar-check", P.LEAVE_ASK, "哪天记了什么，不对可以提异议"),
    Quick(
        "出勤汇总",
        "attendance:unit_summary",
        "report",
        P.ATTENDANCE_VIEW,
        "本单位派出人员各月的天数",
        roles=frozenset({Role.UNIT}),
    ),
    Quick("导入台账", "exchange:home", "file-import", P.LEDGER_IMPORT, "Excel 台账或花名册，先预览再写入"),
    Quick("派人", "teams:teams", "user-plus", P.POSTING_EDIT, "在工作队页面办理到任、调整、期满"),
    Quick("督查计划", "inspections:round_plan", "map-search", P.INSPECTION_PLAN, "定日期、方式，随机抽村"),
    Quick("处理线索", "accountability:leads", "alert-triangle", P.CASE_OPEN, "查出的问题该提醒还是约谈"),
    Quick("登记人员", "teams:person_new", "id", P.PERSON_EDIT, "新选派的人先登记情况"),
    Quick("成立工作队", "teams:team_open", "users-group", P.TEAM_EDIT, "选村、选牵头单位"),
    Quick(
        "打印花名册", "teams:ledger", "printer", P.LEDGER_EXPORT, "在任人员，A4 横排", f"?format=print&cols={ROSTER}"
    ),
    Quick("选派审核", "teams:reviews", "clipboard-check", P.REVIEW_EDIT, "对照五条标准填审核表"),
    Quick("工作交接", "teams:handovers", "transfer", P.HANDOVER_EDIT, "离任人员的交接清单"),
    Quick("队伍结构统计表", "indicators:structure", "chart-bar", P.FIGURES_VIEW, "与上年同日比较"),
    Quick("账号与职责", "office:accounts", "key", P.ACCOUNT_EDIT, "开立、停用账号，重设密码"),
    Quick("授予职责", "office:accounts", "shield-check", P.DUTY_EDIT, "授予和收回角色"),
    Quick("查看留痕日志", "office:journal", "history", P.JOURNAL_VIEW, "谁在何时对何事做了什么"),
    Quick("运行状况", "office:health", "stethoscope", P.HEALTH_VIEW, "数据库、备份和日志锚点"),
)
MOST_QUICK = 6


def greeting(moment: datetime) -> str:
    """早上好, 上午好, 中午好, 下午好 or 晚上好."""
    for until, words in ((9, "早上好"), (12, "上午好"), (14, "中午好"), (18, "下午好")):
        if moment.hour < until:
            return words
    return "晚上好"


def weekday(day: date) -> str:
    """星期三."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def quick_actions(user: User, day: date) -> list[Quick]:
    """What this user may do often, six at most."""
    roles = roles_on(user, day)
    offered = (one for one in QUICK if user.may(one.permission, day) and (not one.roles or one.roles & roles))
    return list(islice(offered, MOST_QUICK))


@dataclass(frozen=True)
class Change:
    """Somebody came to a village or left it."""

    day: date
    posting: Posting
    what: str
    tone: str


TONES = {Posting.Ending.RECALL: "red", Posting.Ending.TRANSFER: "blue"}


def recent_changes(scope: Scope, day: date) -> list[Change]:
    """Postings of the area that began or ended in the last 60 days, newest first."""
    since = day - timedelta(days=RECENT_DAYS)
    rows = Posting.objects.within(scope).select_related("person", "team__village__township", "unit")
    begun = rows.filter(start__gt=since, start__lte=day).order_by("-start", "pk")[:MOST_CHANGES]
    ended = rows.filter(end__gt=since + timedelta(days=1), end__lte=day + timedelta(days=1)).order_by("-end", "pk")[
        :MOST_CHANGES
    ]
    changes = [Change(one.start, one, "到任", "green") for one in begun]
    changes += [Change(one.last_day, one, one.get_ending_display(), TONES.get(one.ending, "gray")) for one in ended]
    return sorted(changes, key=lambda one: one.day, reverse=True)[:MOST_CHANGES]


def picture(request: Request) -> dict:
    """The area's headline figures beside last year's, and two charts of its structure."""
    wanted = asked.read(request)
    lines = compared(wanted.period, wanted.area.scope, HEADLINES)
    divided = structure.divided(wanted.period, wanted.area.scope, PICTURES)
    stats = [
        {"label": one.indicator.label, "value": one.now.value, "unit": one.indicator.unit, "previous": one.before.value,
         "url": wanted.records(one.indicator.code)}
        for one in lines
    ]  # fmt: skip
    return {
        "asked": wanted,
        "stats": stats,
        "charts": pictures.charts(divided, wanted),
        "empty": not lines[0].now.n and not lines[1].now.n,
    }


def teams_of(scope: Scope, day: date) -> tuple[QuerySet[Team], int]:
    """The first teams of the area on `day` with their people, leaders and village's class, and how many there are."""
    leaders = Posting.objects.on(day).filter(role__in=Posting.LEADERS).select_related("person")
    standings = Prefetch("village__standings", Standing.objects.on(day), to_attr="now")
    rows = Team.objects.on(day).within(scope).annotate(people=Count("postings", filter=in_force(day, "postings__")))
    rows = rows.select_related("village__township", "lead_unit").prefetch_related(
        Prefetch("postings", leaders, to_attr="leaders"), standings
    )
    return rows.order_by("village", "number")[:MOST_ROWS], Team.objects.on(day).within(scope).count()


def people_of(unit_scope: Scope, day: date) -> tuple[QuerySet[Posting], int]:
    """The first people a unit has in post on `day`, and how many there are."""
    rows = Posting.objects.on(day).within(unit_scope).select_related("person", "team__village__township")
    return rows.order_by("team__village", "start")[:MOST_ROWS], rows.count()


def areas_of(user: User, day: date, role: Role) -> Scope:
    """The areas of the duties of one role."""
    scope = Scope()
    for duty in user.duties_on(day):
        if duty.role == role:
            scope |= duty.scope
    return scope


def contacts(posting: Posting, day: date) -> list[tuple[str, str]]:
    """Whom a member asks: (what they are, their names) of the township, the sending unit and the county office."""
    village = posting.team.village
    near = Q(duties__role=Role.TOWNSHIP, duties__township=village.township_id) | Q(
        duties__role=Role.OFFICE, duties__county=village.county_id
    )
    users = (
        User.objects.filter(near, in_force(day, "duties__"), is_active=True)
        .values_list("name", "duties__role")
        .distinct()
    )
    names = {role: "、".join(name for name, one in users if one == role) for role in (Role.TOWNSHIP, Role.OFFICE)}
    unit = posting.unit
    found = [
        (f"{village.township}经办人", names[Role.TOWNSHIP]),
        (f"{unit}联络员", " ".join(filter(None, (unit.contact, unit.phone)))),
        ("县驻村办", names[Role.OFFICE]),
    ]
    return [(label, text) for label, text in found if text]
