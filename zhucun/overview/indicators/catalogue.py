"""Every figure once, with its code, label, unit and definition, in the order of contract.md section 3."""

from dataclasses import dataclass

from zhucun.base.access.figure import Count, Counted, count_together
from zhucun.base.access.scope import Scope
from zhucun.base.timeline.periods import Period
from zhucun.work.accountability import figures as accountability
from zhucun.work.attendance import figures as attendance
from zhucun.work.inspections import figures as inspections
from zhucun.work.teams import figures as teams

SELECTION, MANAGEMENT = "择优选派", "日常管理"
"""The article's parts that have figures so far."""


@dataclass(frozen=True)
class Indicator:
    """A figure as people and programs know it; `county_only` ones belong to nobody smaller than a county."""

    code: str
    label: str
    unit: str
    count: Count
    part: str
    definition: str
    source: str
    county_only: bool = False


LEDGER = "专门台账：工作队、任职"
RECORDS = "专门台账：任职、人员情况"
BOOKS = "出勤记录本"
LEAVES = "请假条"
INSPECTIONS = "督查记录"
ENDINGS = "专门台账：离任记录"

INDICATORS: tuple[Indicator, ...] = (
    Indicator("teams.count", "驻村工作队", "支", teams.teams, SELECTION, "截止日当天在驻的工作队；按单位看时是该单位牵头的。", LEDGER),
    Indicator("people.count", "驻村人员", "人", teams.people, SELECTION, "截止日当天在任的人，每人只计一次。", LEDGER),
    Indicator("people.mean_age", "平均年龄", "岁", teams.mean_age, SELECTION, "在任人员截止日周岁的平均数，保留一位小数。", RECORDS),
    Indicator("people.college", "大专以上", "人", teams.college, SELECTION, "学历为研究生、大学本科或大学专科的在任人员。", RECORDS),
    Indicator("people.postgraduate", "研究生", "人", teams.postgraduates, SELECTION, "学历为研究生的在任人员。", RECORDS),
    Indicator("people.doctorate", "博士", "人", teams.doctors, SELECTION, "学位为博士的在任人员。", RECORDS),
    Indicator("people.party_members", "党员", "人", teams.party_members, SELECTION, "中共党员和中共预备党员。", RECORDS),
    Indicator("people.deputy_section", "副科以上", "人", teams.deputy_section, SELECTION, "职级为乡科级副职及以上的在任人员。", RECORDS),
    Indicator("people.agriculture", "涉农专业", "人", teams.agriculture, SELECTION, "所学专业属于涉农专业的在任人员。", RECORDS),
    Indicator("people.rural_experience", "农村工作经历", "人", teams.rural_experience, SELECTION, "有农村工作经历的在任人员。", RECORDS),
    Indicator("people.poverty_relief", "脱贫攻坚驻村", "人", teams.poverty_relief, SELECTION, "参加过脱贫攻坚驻村帮扶的在任人员。", RECORDS),
    Indicator("attendance.days", "驻村天数", "人·天", attendance.days, MANAGEMENT, "期间内记为在村（√）和视同驻村（公、培、会）的天数。", BOOKS),
    Indicator("attendance.months_due", "应驻月", "人·月", attendance.months_due, MANAGEMENT, "整月在任、并且整月在期间内的人月。", LEDGER),
    Indicator("attendance.months_met", "达标月", "人·月", attendance.months_met, MANAGEMENT, "应驻月里，驻村天数达到制度规定的人月。", BOOKS),
    Indicator("attendance.unexcused", "未报备缺勤", "人·天", attendance.unexcused, MANAGEMENT, "期间内记为未报备缺勤（×）的天数。", BOOKS),
    Indicator("leave.days", "请假", "人·天", attendance.leave_days, MANAGEMENT, "已批准的请假落在期间内的天数，含首尾；公出报备、培训、会议不算。", LEAVES),
    Indicator("inspections.rounds", "督查", "次", inspections.rounds, MANAGEMENT, "日期在期间内、已经开展的督查；按乡镇、单位看时是到过那里或查出那里问题的。", INSPECTIONS),
    Indicator("inspections.findings", "发现问题", "起", inspections.findings, MANAGEMENT, "期间内的督查发现的问题。", INSPECTIONS),
    Indicator("inspections.corrections", "整改意见", "条", inspections.corrections, MANAGEMENT, "期间内的督查提出的整改意见。", INSPECTIONS),
    Indicator("inspections.circulars", "督查通报", "期", inspections.circulars, MANAGEMENT, "印发日期在期间内的督查通报。", "督查通报", county_only=True),
    Indicator("inspections.open_findings", "未销号问题", "起", inspections.open_findings, MANAGEMENT, "截止日以前发现、到截止日还没有销号的问题。", INSPECTIONS),
    Indicator("accountability.reminded", "提醒", "人", accountability.reminded, MANAGEMENT, "期间内被提醒（口头、提醒函、通报）的人，每人只计一次。", "提醒登记"),
    Indicator("accountability.interviews", "约谈", "人次", accountability.interviews, MANAGEMENT, "约谈日期在期间内的约谈。", "约谈记录"),
    Indicator("teams.leaders_transferred", "调整队长", "人", teams.leaders_transferred, MANAGEMENT, "期间内以“调整”方式离任的队长和第一书记兼队长；调整不是过错。", ENDINGS),
    Indicator("teams.members_transferred", "调整队员", "人", teams.members_transferred, MANAGEMENT, "期间内以“调整”方式离任的副队长和队员；调整不是过错。", ENDINGS),
    Indicator("accountability.leaders_recalled", "召回队长", "人", teams.leaders_recalled, MANAGEMENT, "期间内被召回的队长和第一书记兼队长。", ENDINGS),
    Indicator("accountability.members_recalled", "召回队员", "人", teams.members_recalled, MANAGEMENT, "期间内被召回的副队长和队员。", ENDINGS),
)  # fmt: skip

BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


@dataclass(frozen=True)
class Line:
    """One indicator counted for a period and for the same span one year earlier."""

    indicator: Indicator
    now: Counted
    before: Counted

    @property
    def change(self):
        """Now minus a year earlier; None where either is missing."""
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


def counted(period: Period, scope: Scope, indicators: tuple[Indicator, ...] = INDICATORS) -> list[Counted]:
    """The values of `indicators` in their order; those of the county alone are empty in a smaller scope."""
    asked = [one for one in indicators if scope.is_county or not one.county_only]
    found = dict(zip(asked, count_together([one.count(period, scope) for one in asked]), strict=True))
    return [found.get(one, Counted(None, 0)) for one in indicators]


def compared(period: Period, scope: Scope, indicators: tuple[Indicator, ...] = INDICATORS) -> list[Line]:
    """The same with the figures of a year earlier (same span, same day)."""
    now, before = counted(period, scope, indicators), counted(period.a_year_earlier(), scope, indicators)
    return [Line(*line) for line in zip(indicators, now, before, strict=True)]
