"""The sheet 人员 of the ledger workbook."""

from collections.abc import Iterator
from datetime import date

from zhucun.base.directory.models import Division
from zhucun.base.web.sheets import Column, Sheet, options

from .models import Person, Record

PEOPLE = Sheet(
    "人员",
    key=("人员编号",),
    columns=(
        Column(
            "人员编号",
            "number",
            required=True,
            kind="code",
            max_length=40,
            hint="全县不重复，一个人一个编号，以后都用这个编号。",
        ),
        Column("姓名", "name", required=True, kind="name", max_length=40),
        Column("性别", "sex", required=True, kind="choice", **options(Person.Sex)),
        Column("民族", "ethnicity", max_length=20),
        Column(
            "出生年月",
            "born",
            required=True,
            kind="month_date",
            hint="写成 1985-03 或 1985-03-12；只有年月的记当月 1 日。",
        ),
        Column("政治面貌", "political", required=True, kind="choice", **options(Record.Political)),
        Column("学历", "education", required=True, kind="choice", **options(Record.Education)),
        Column("学位", "degree", kind="choice", **options(Record.Degree)),
        Column("所学专业", "major", max_length=60),
        Column("涉农专业", "agriculture", required=True, kind="yesno"),
        Column("职级", "rank", required=True, kind="choice", **options(Record.Rank)),
        Column("派出单位", "unit", required=True, max_length=80, hint="与“派出单位”工作表里的单位名称一字不差。"),
        Column("农村工作经历", "rural", required=True, kind="yesno"),
        Column("脱贫攻坚驻村", "poverty_relief", required=True, kind="yesno", hint="是否参加过脱贫攻坚驻村帮扶。"),
        Column("特长", "skills", max_length=200),
        Column(
            "身份证号码",
            "id_number",
            kind="identity",
            max_length=18,
            sealed=True,
            hint="先把单元格设成“文本”再填，否则 Excel 会把末三位变成 0。加密保存。",
        ),
        Column("联系电话", "phone", kind="code", max_length=40, sealed=True, hint="加密保存。"),
        Column("籍贯", "native_place", max_length=60),
    ),
    beyond=(
        Column("入党时间", "party_joined_on", kind="month_date"),
        Column("毕业院校", "school", max_length=60),
        Column("工作职务", "post", max_length=80),
        Column("专业技术职务", "title", max_length=40),
        Column("人员身份", "identity", kind="choice", **options(Record.Identity)),
        Column("家庭住址", "address", max_length=120, sealed=True),
        Column("开户行", "bank", max_length=60),
        Column("银行卡号", "bank_card", kind="identity", max_length=30, sealed=True),
        Column("紧急联系人及电话", "emergency", max_length=60, sealed=True),
    ),
)

SEALED = tuple(name for name, column in PEOPLE.fields.items() if column.sealed)


def person_rows(county: Division, day: date | None) -> Iterator[list]:
    """People with what held of them on `day` (their earliest record where it began later), or their latest record."""
    records = record_by_person(county, day)
    for person in Person.objects.filter(county=county).order_by("number").iterator(chunk_size=2000):
        record = records.get(person.pk)
        if record is not None:
            yield [column.written(_value(column.field, person, record)) for column in PEOPLE.columns]


def record_by_person(county: Division, day: date | None) -> dict:
    """Each person's record in force on `day` (the earliest one where it began later), or the latest one of all."""
    found: dict = {}
    records = Record.objects.filter(person__county=county).select_related("unit").order_by("person", "start")
    for record in records.iterator(chunk_size=2000):
        if day is None or record.person_id not in found or record.start <= day:
            found[record.person_id] = record
    return found


def _value(name: str, person: Person, record: Record):
    if name == "unit":
        return record.unit.name
    return getattr(record if hasattr(Record, name) else person, name)
