"""The universe of the tests: one small county, its people by name, built through actions only.

430426 祁东县
├── 430426102 金桥镇      clerk_jin (乡镇经办人)
│   ├── 石桥村 示范村、穷村   team_shiqiao (县财政局 leads, 县农业农村局 joins)
│   │     wang 第一书记兼队长 (县财政局, born 1981-04-02, 大学本科, 党员, 乡科级副职)
│   │     li   队员 (县农业农村局, born 1990-09-15, 研究生, 预备党员, 涉农)
│   └── 清水村 一般村        no team
└── 430426103 鸟江镇      clerk_niao
    └── 高岭村 重点村、乱村   team_gaoling (县公安局 leads)
          zhao 队长 (县公安局, born 1975-12-08, 大学专科, 党员)
          qian 队员 (县公安局, born 1968-01-20, 高中及以下, 群众), 调整 after 2022-06-30
office (县驻村办) · contact_finance (县财政局联络员) · member_li (li's account) · leader_county (县领导)
sysadmin · secadmin · auditor · stranger (an account without any duty)
"""

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from zhucun.base.access import actions as access
from zhucun.base.access.permissions import Role as R
from zhucun.base.directory import actions as directory
from zhucun.base.people import actions as people
from zhucun.work.teams import actions as teams

AT = datetime(2021, 5, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2022, 12, 7)
NOW = datetime(2022, 12, 7, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MAY_2021 = date(2021, 5, 20)
PASSWORD = "Correct-horse-42"


@dataclass(frozen=True)
class Facts:
    """What a test person is, for `person()`."""

    name: str
    number: str
    born: date
    unit: object
    education: str = "undergraduate"
    political: str = "party"
    sex: str = "male"
    rank: str = "staff"
    degree: str = "bachelor"
    agriculture: bool = False
    rural: bool = False
    poverty_relief: bool = False


def person(world: SimpleNamespace, facts: Facts, **identity):
    """Register a person of the cast."""
    record = {
        key: getattr(facts, key)
        for key in ("unit", "education", "political", "rank", "degree", "agriculture", "rural", "poverty_relief")
    }
    fields = {"name": facts.name, "number": facts.number, "born": facts.born, "sex": facts.sex} | identity
    return people.register(county=world.county, identity_fields=fields, record_fields=record, by=world.caretaker, at=AT)


def account(world: SimpleNamespace, username: str, name: str, role: R | None = None, area=None):
    """Open an account and give it its duty from 2021 on."""
    user = access.open_account(
        username=username, name=name, password=PASSWORD, by=world.caretaker, at=AT, must_change=False
    )
    if role:
        access.grant(user=user, role=role, area=area, start=date(2021, 1, 1), end=None, by=world.caretaker, at=AT)
    return user


def build() -> SimpleNamespace:
    """The whole universe; every name of the docstring is an attribute."""
    world = SimpleNamespace(caretaker=access.caretaker())
    _divisions(world)
    _units(world)
    _accounts(world)
    _teams(world)
    return world


def _divisions(world: SimpleNamespace) -> None:
    by = {"by": world.caretaker, "at": AT}
    world.county = directory.add_division(code="430426", name="祁东县", kind="县", parent=None, **by)
    world.jinqiao = directory.add_division(code="430426102", name="金桥镇", kind="镇", parent=world.county, **by)
    world.niaojiang = directory.add_division(code="430426103", name="鸟江镇", kind="镇", parent=world.county, **by)
    for name, code, town, category, conditions in (
        ("shiqiao", "430426102201", "jinqiao", "model", {"poor"}),
        ("qingshui", "430426102202", "jinqiao", "ordinary", set()),
        ("gaoling", "430426103201", "niaojiang", "key", {"disorderly"}),
    ):
        label = {"shiqiao": "石桥村", "qingshui": "清水村", "gaoling": "高岭村"}[name]
        village = directory.add_village(code=code, name=label, township=getattr(world, town), fields={}, **by)
        directory.class_village(village=village, start=date(2021, 1, 1), category=category, conditions=conditions, **by)
        setattr(world, name, village)


def _units(world: SimpleNamespace) -> None:
    for name, label, category in (
        ("finance", "县财政局", "economy"),
        ("farming", "县农业农村局", "economy"),
        ("police", "县公安局", "justice"),
    ):
        fields = {"name": label, "category": category, "level": "county"}
        setattr(world, name, directory.add_unit(county=world.county, fields=fields, by=world.caretaker, at=AT))


def _accounts(world: SimpleNamespace) -> None:
    world.office = account(world, "office", "周主任", R.OFFICE, world.county)
    world.clerk_jin = account(world, "clerk_jin", "金桥经办人", R.TOWNSHIP, world.jinqiao)
    world.clerk_niao = account(world, "clerk_niao", "鸟江经办人", R.TOWNSHIP, world.niaojiang)
    world.contact_finance = account(world, "contact_finance", "财政局联络员", R.UNIT, world.finance)
    world.leader_county = account(world, "leader_county", "分管县领导", R.COUNTY_LEADER, world.county)
    world.sysadmin = account(world, "sysadmin", "系统管理员", R.SYSTEM)
    world.secadmin = account(world, "secadmin", "安全管理员", R.SECURITY)
    world.auditor = account(world, "auditor", "审计管理员", R.AUDITOR)
    world.stranger = account(world, "stranger", "没有职责的人")
    world.member_li = account(world, "member_li", "李敏")


def _teams(world: SimpleNamespace) -> None:
    by = {"by": world.caretaker, "at": AT}
    world.wang = person(
        world,
        Facts(
            "王立新", "P001", date(1981, 4, 2), world.finance, rank="section_deputy", rural=True, poverty_relief=True
        ),
    )
    world.li = person(
        world,
        Facts(
            "李敏",
            "P002",
            date(1990, 9, 15),
            world.farming,
            "postgraduate",
            "probationary",
            "female",
            "staff",
            "master",
            True,
        ),
    )
    world.zhao = person(world, Facts("赵刚", "P003", date(1975, 12, 8), world.police, "college", rural=True, degree=""))
    world.qian = person(world, Facts("钱有余", "P004", date(1968, 1, 20), world.police, "school", "none", degree=""))
    people.give_account(person=world.li, user=world.member_li, **by)
    world.team_shiqiao = teams.open_team(
        number="T001", village=world.shiqiao, lead_unit=world.finance, partners=[world.farming], start=MAY_2021, **by
    )
    world.team_gaoling = teams.open_team(
        number="T002", village=world.gaoling, lead_unit=world.police, partners=[], start=MAY_2021, **by
    )
    for name, who, team, role in (
        ("wang_posting", world.wang, world.team_shiqiao, "first_secretary"),
        ("li_posting", world.li, world.team_shiqiao, "member"),
        ("zhao_posting", world.zhao, world.team_gaoling, "leader"),
        ("qian_posting", world.qian, world.team_gaoling, "member"),
    ):
        posting = teams.post(person=who, team=team, role=role, start=MAY_2021, reason="首批选派", **by)
        setattr(world, name, posting)
    teams.end_posting(posting=world.qian_posting, last_day=date(2022, 6, 30), ending="transfer", reason="年龄", **by)
