"""The catalogue says what contract.md section 3 says, in its order."""

from zhucun.overview.indicators import reference
from zhucun.overview.indicators.catalogue import INDICATORS

CONTRACT = """
teams.count people.count people.mean_age people.college people.postgraduate people.doctorate people.party_members
people.deputy_section people.agriculture people.rural_experience people.poverty_relief
attendance.days attendance.months_due attendance.months_met attendance.unexcused leave.days
inspections.rounds inspections.findings inspections.corrections inspections.circulars inspections.open_findings
accountability.reminded accountability.interviews teams.leaders_transferred teams.members_transferred
accountability.leaders_recalled accountability.members_recalled
assessment.good assessment.fairly_good assessment.fair assessment.poor commendation.barred commendation.case_winners
training.offline_sessions training.offline_attendances training.online_sessions training.online_attendances
training.visits training.visit_attendances bulletins.issues bulletins.notes bulletins.books
campaigns.duty campaigns.persuaded campaigns.leaflets liaison.villages liaison.chief_due liaison.chief_met
""".split()
LABELS = {
    "teams.count": "驻村工作队 支", "people.count": "驻村人员 人", "people.mean_age": "平均年龄 岁", "people.college": "大专以上 人",
    "people.postgraduate": "研究生 人", "people.doctorate": "博士 人", "people.party_members": "党员 人",
    "people.deputy_section": "副科以上 人", "people.agriculture": "涉农专业 人", "people.rural_experience": "农村工作经历 人",
    "people.poverty_relief": "脱贫攻坚驻村 人", "teams.leaders_transferred": "调整队长 人", "teams.members_transferred": "调整队员 人",
    "accountability.leaders_recalled": "召回队长 人", "accountability.members_recalled": "召回队员 人",
}  # fmt: skip


def test_the_order_is_the_contracts():
    codes = [one.code for one in INDICATORS if one.code in CONTRACT]
    assert codes == sorted(codes, key=CONTRACT.index)
    assert len(set(codes)) == len(codes)


def test_labels_and_units_are_the_contracts():
    known = {one.code: f"{one.label} {one.unit}" for one in INDICATORS}
    assert LABELS.items() <= known.items()


def test_every_indicator_says_how_it_is_counted_and_from_what():
    assert all(one.definition.endswith("。") and one.source and one.part for one in INDICATORS)


def test_the_reference_page_is_fresh():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), (
        "see the head of docs/reference/indicators.md"
    )
