"""What is counted of teams and their people; labels and order stand in the catalogue of indicators."""

from datetime import date

from django.db.models import IntegerField, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Replace

from zhucun.base.access.figure import Figure
from zhucun.base.access.scope import Scope
from zhucun.base.people.models import COLLEGE, DEPUTY_SECTION, PARTY, Record
from zhucun.base.timeline.periods import Period

from .models import Posting, Team


def teams(period: Period, scope: Scope) -> Figure:
    """驻村工作队: teams in force on the period's last day; a unit's are those it leads."""
    return Figure(Team.objects.on(period.until).within(scope))


def people(period: Period, scope: Scope) -> Figure:
    """驻村人员: distinct people with a posting in force on the period's last day."""
    return _people(period, scope, Q())


def mean_age(period: Period, scope: Scope) -> Figure:
    """平均年龄: mean of completed years on the last day over distinct people in post, one decimal, halves rounded up."""
    return Figure(in_post(period, scope), adding=_age_on(period.until), mean=True, of=(period, scope, "in post"))


def college(period: Period, scope: Scope) -> Figure:
    """大专以上: people in post whose 学历 is 研究生, 大学本科 or 大学专科 on the last day."""
    return _people(period, scope, Q(record__education__in=COLLEGE))


def postgraduates(period: Period, scope: Scope) -> Figure:
    """研究生: people in post whose 学历 is 研究生."""
    return _people(period, scope, Q(record__education=Record.Education.POSTGRADUATE))


def doctors(period: Period, scope: Scope) -> Figure:
    """博士: people in post whose 学位 is 博士."""
    return _people(period, scope, Q(record__degree=Record.Degree.DOCTOR))


def party_members(period: Period, scope: Scope) -> Figure:
    """党员: people in post who are 中共党员 or 中共预备党员."""
    return _people(period, scope, Q(record__political__in=PARTY))


def deputy_section(period: Period, scope: Scope) -> Figure:
    """副科以上: people in post of rank 乡科级副职 and above."""
    return _people(period, scope, Q(record__rank__in=DEPUTY_SECTION))


def agriculture(period: Period, scope: Scope) -> Figure:
    """涉农专业: people in post whose subject of study belongs to agriculture."""
    return _people(period, scope, Q(record__agriculture=True))


def rural_experience(period: Period, scope: Scope) -> Figure:
    """农村工作经历: people in post who have worked in the countryside before."""
    return _people(period, scope, Q(record__rural=True))


def poverty_relief(period: Period, scope: Scope) -> Figure:
    """脱贫攻坚驻村: people in post who were stationed in a village in the years of poverty relief."""
    return _people(period, scope, Q(record__poverty_relief=True))


def leaders_transferred(period: Period, scope: Scope) -> Figure:
    """调整队长: postings as 队长 or 第一书记兼队长 whose last day lies in the period, ended by 调整 (no fault)."""
    return _ended(period, scope, Posting.Ending.TRANSFER, leaders=True)


def members_transferred(period: Period, scope: Scope) -> Figure:
    """调整队员: the same of 副队长 and 队员."""
    return _ended(period, scope, Posting.Ending.TRANSFER, leaders=False)


def leaders_recalled(period: Period, scope: Scope) -> Figure:
    """召回队长: postings of leaders whose last day lies in the period, ended by 召回 (fault)."""
    return _ended(period, scope, Posting.Ending.RECALL, leaders=True)


def members_recalled(period: Period, scope: Scope) -> Figure:
    """召回队员: the same of 副队长 and 队员."""
    return _ended(period, scope, Posting.Ending.RECALL, leaders=False)


def in_post(period: Period, scope: Scope) -> QuerySet[Posting]:
    """Postings in force on the period's last day, with the person's record of that day as `record`.

    Nobody is in two teams on one day (no_overlapping_postings_per_person; the locked check of the action on SQLite),
    so these postings are distinct people.
    """
    return Posting.objects.on(period.until).within(scope).with_record(period.until)


def _people(period: Period, scope: Scope, where: Q) -> Figure:
    return Figure(in_post(period, scope), where, of=(period, scope, "in post"))


def _age_on(day: date) -> Combinable:
    """Completed years on `day`: both days as numbers, 20221207 − 19810402, and their difference without the last four digits."""
    born = Cast(Replace(Cast("person__born", TextField()), Value("-"), Value("")), IntegerField())
    return (Value(int(f"{day:%Y%m%d}")) - born) / Value(10_000)


def _ended(period: Period, scope: Scope, ending: str, *, leaders: bool) -> Figure:
    roles = Q(role__in=Posting.LEADERS)
    rows = Posting.objects.ended_in(period).within(scope).with_record(period.until)
    return Figure(rows, Q(roles if leaders else ~roles, ending=ending), of=(period, scope, "ended"))
