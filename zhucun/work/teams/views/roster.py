"""The ledger (专门台账, 花名册) as columns, in the layout of domain.md 3.1."""

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from django.db.models import Prefetch

from zhucun.base.directory.models import Standing, Village
from zhucun.base.people.models import DEPUTY_SECTION, Person, Record
from zhucun.base.timeline.periods import age_on
from zhucun.base.web.tables import Column
from zhucun.work.teams.models import Posting
from zhucun.work.teams.rules import TeamsPolicy, term_ends

from . import links

CLASS_TONES = {"model": "green", "key": "blue", "ordinary": "gray"}
ROLE_TONES = {"first_secretary": "red", "leader": "red", "deputy": "yellow", "member": "gray"}
ENDING_TONES = {"term": "gray", "transfer": "blue", "recall": "red", "other": "gray"}
ORDER = ("team__village_id", "team__number", "place", "start")


def with_facts(postings, day: date):
    """Adds what the columns read, in a constant number of queries: people with their record, villages with their class."""
    people = Person.objects.prefetch_related(
        Prefetch("records", Record.objects.on(day).select_related("unit"), to_attr="records_now")
    )
    villages = Village.objects.select_related("township").prefetch_related(
        Prefetch("standings", Standing.objects.on(day), to_attr="standings_now")
    )
    return postings.select_related("team").prefetch_related(
        Prefetch("person", people), Prefetch("team__village", villages), "unit"
    )


def record_of(posting: Posting) -> Record | None:
    """The person's record on the day `with_facts` was asked for."""
    return next(iter(posting.person.records_now), None)


def standing_of(posting: Posting) -> Standing | None:
    """The village's class on that day."""
    return next(iter(posting.team.village.standings_now), None)


def recorded(name: str) -> Callable[[Posting], Any]:
    """Reads a column of the record, a choice by its label."""

    def read(posting: Posting) -> Any:
        record = record_of(posting)
        display = getattr(record, f"get_{name}_display", None)
        return display() if display else getattr(record, name, None)

    return read


def columns(day: date, policy: TeamsPolicy, *, manager: bool) -> tuple[Column, ...]:
    """Every column we hold of domain.md 3.1, in its order; ages and ends of terms as on `day`.

    Sensitive columns and causes only for a `manager`; team mates have no use for them.
    """
    return (
        *_place_columns(),
        *_person_columns(day),
        *_work_columns(),
        *(_sealed_columns() if manager else ()),
        *_posting_columns(policy),
        *([Column("ending_reason", "离任原因", kind="long", shown=False)] if manager else ()),
    )


def on_page(found: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same with the name first: on a phone it is the heading of each card."""
    name = next(column for column in found if column.key == "name")
    return name, *(column for column in found if column is not name)


def on_paper(found: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same behind a running number, for workbook and print."""
    numbers = count(1)
    return Column("no", "序号", lambda posting: next(numbers), kind="number"), *found


def _place_columns() -> tuple[Column, ...]:
    return (
        Column("township", "乡镇", "team.village.township.name", sort="team__village_id"),
        Column(
            "village", "驻点村", "team.village.name", sort="team__village__name", link=lambda p: links.village(p.team.village_id)
        ),
        Column(
            "category", "村类别", lambda p: getattr(standing_of(p), "get_category_display", str)(), sort="standing__category",
            kind="badge", tone=lambda p: CLASS_TONES.get(getattr(standing_of(p), "category", ""), "gray"),
        ),
        Column("condition", "村情", lambda p: getattr(standing_of(p), "conditions", []), shown=False),
        Column("team", "工作队", "team.number", sort="team__number", link=lambda p: links.team(p.team_id)),
        Column("role", "队内职务", sort="place", kind="badge", tone=lambda p: ROLE_TONES[p.role]),
        Column("name", "姓名", "person.name", sort="person__name", link=lambda p: links.person(p.person_id)),
    )  # fmt: skip


def _person_columns(day: date) -> tuple[Column, ...]:
    return (
        Column("sex", "性别", "person.sex", sort="person__sex", shown=False),
        Column("ethnicity", "民族", "person.ethnicity", shown=False),
        Column("born", "出生年月", lambda p: f"{p.person.born:%Y-%m}", sort="person__born", shown=False),
        Column("age", "年龄", lambda p: age_on(p.person.born, day), sort="-person__born", kind="number"),
        Column("political", "政治面貌", recorded("political"), sort="record__political", shown=False),
        Column("party_joined_on", "入党时间", "person.party_joined_on", kind="date", shown=False),
        Column("education", "学历", recorded("education"), sort="record__education"),
        Column("degree", "学位", recorded("degree"), shown=False),
        Column("school", "毕业院校", recorded("school"), shown=False),
        Column("major", "所学专业", recorded("major"), shown=False),
        Column("agriculture", "涉农专业", recorded("agriculture"), kind="yesno", shown=False),
        Column("title", "专业技术职务", recorded("title"), shown=False),
    )


def _work_columns() -> tuple[Column, ...]:
    return (
        Column("unit", "派出单位", "unit.name", sort="unit__name", link=lambda p: links.unit(p.unit_id)),
        Column("post", "工作职务", recorded("post"), shown=False),
        Column("unit_category", "单位类别", "unit.category", sort="unit__category", shown=False),
        Column("rank", "职级", recorded("rank"), sort="record__rank", shown=False),
        Column(
            "deputy_section",
            "副科以上",
            lambda p: getattr(record_of(p), "rank", "") in DEPUTY_SECTION,
            kind="yesno",
            shown=False,
        ),
        Column("identity", "人员身份", recorded("identity"), shown=False),
        Column("rural", "农村工作经历", recorded("rural"), kind="yesno", shown=False),
        Column("poverty_relief", "脱贫攻坚驻村", recorded("poverty_relief"), kind="yesno", shown=False),
        Column("skills", "特长", recorded("skills"), kind="long", shown=False),
        Column("native_place", "籍贯", "person.native_place", shown=False),
    )


def _sealed_columns() -> tuple[Column, ...]:
    """Sensitive columns, always masked; in clear only on the person's page, for a stated reason."""
    labels = {
        "id_number": "身份证号码",
        "phone": "联系电话",
        "address": "家庭住址",
        "bank_card": "银行卡号",
        "emergency": "紧急联系人",
    }
    return tuple(Column(name, label, partial(_masked, name), shown=False) for name, label in labels.items())


def _masked(name: str, posting: Posting) -> str:
    return posting.person.masked(name)


def _posting_columns(policy: TeamsPolicy) -> tuple[Column, ...]:
    return (
        Column("start", "到任日期", sort="start", kind="date"),
        Column(
            "term_end",
            "预计期满",
            lambda p: None if p.end else term_ends(p.start, policy),
            sort="start",
            kind="date",
            shown=False,
        ),
        Column("document", "任职文号", shown=False),
        Column("party_transferred", "党组织关系已转入", kind="yesno", shown=False),
        Column("duties", "分工", shown=False),
        Column("last_day", "离任日期", sort="end", kind="date", shown=False),
        Column(
            "ending",
            "离任方式",
            sort="ending",
            kind="badge",
            tone=lambda p: ENDING_TONES.get(p.ending, ""),
            shown=False,
        ),
    )
