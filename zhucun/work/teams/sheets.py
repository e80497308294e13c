"""The sheets 工作队 and 任职 of the ledger workbook."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from zhucun.base.directory.models import Division
from zhucun.base.timeline.periods import last_day
from zhucun.base.web.sheets import Column, Sheet, options

from .models import Posting, Team

TEAMS = Sheet(
    "工作队",
    key=("工作队编号",),
    columns=(
        Column(
            "工作队编号", "number", required=True, kind="code", max_length=40, hint="全县不重复，以后都用这个编号。"
        ),
        Column(
            "村区划代码", "village", required=True, kind="code", max_length=12, hint="驻点村的 12 位代码，见“行政村”。"
        ),
        Column("牵头单位", "lead_unit", required=True, max_length=80, hint="与“派出单位”里的单位名称一字不差。"),
        Column("参与单位", "partners", kind="many", max_length=80, hint="几个单位用、隔开，不含牵头单位。"),
        Column("成立日期", "start", required=True, kind="date"),
        Column("撤销日期", "last_day", kind="date", hint="最后一天（含）；还在的空着。"),
    ),
)

POSTINGS = Sheet(
    "任职",
    key=("工作队编号", "人员编号", "到任日期"),
    columns=(
        Column("工作队编号", "team", required=True, kind="code", max_length=40),
        Column("人员编号", "person", required=True, kind="code", max_length=40),
        Column("队内职务", "role", required=True, kind="choice", **options(Posting.Role)),
        Column("到任日期", "start", required=True, kind="date"),
        Column("离任日期", "last_day", kind="date", hint="最后一天（含）；还在任的空着。"),
        Column("离任方式", "ending", kind="choice", hint="和离任日期一起填。", **options(Posting.Ending)),
        Column("离任原因", "ending_reason", max_length=200),
        Column("文号", "document", max_length=60),
    ),
    note="一次任职一行；同一个人前后几次任职各占一行，时间不能重叠。",
    beyond=(
        Column("分工", "duties", max_length=100),
        Column("党组织关系已转入", "party_transferred", kind="yesno"),
    ),
)


def team_rows(county: Division, day: date | None) -> Iterator[list]:
    """Teams begun by `day` (all without a day); a closing after that day is not told."""
    partners = defaultdict(list)
    joined = Team.partners.through.objects.filter(team__county=county).order_by("unit__name")
    for key, unit in joined.values_list("team_id", "unit__name"):
        partners[key].append(unit)
    teams = Team.objects.filter(county=county).select_related("lead_unit").order_by("number", "pk")
    for team in teams if day is None else teams.filter(start__lte=day):
        names = "、".join(partners[team.pk])
        yield [team.number, team.village_id, team.lead_unit.name, names, team.start, _told_end(team.end, day)]


def posting_rows(county: Division, day: date | None) -> Iterator[list]:
    """Postings begun by `day` (all without a day); an ending after that day is not told."""
    postings = Posting.objects.filter(team__county=county).order_by("team__number", "start", "person__number", "pk")
    postings = postings.select_related("team", "person").defer("person__address_sealed", "person__emergency_sealed")
    for posting in (postings if day is None else postings.filter(start__lte=day)).iterator(chunk_size=2000):
        last = _told_end(posting.end, day)
        ending = [posting.get_ending_display(), posting.ending_reason] if last else ["", ""]
        start = [posting.team.number, posting.person.number, posting.get_role_display(), posting.start]
        yield [*start, last, *ending, posting.document]


def _told_end(end: date | None, day: date | None) -> date | None:
    last = last_day(end)
    return last if last is not None and (day is None or last <= day) else None
