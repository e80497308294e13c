"""Workbooks for tests, written by hand and not by the code under test."""

import io
import json
import zipfile
from copy import deepcopy
from datetime import date
from unittest import mock

from xlsxwriter import Workbook

from tests.cast import NOW
from zhucun.base.access.actions import caretaker
from zhucun.overview.exchange import actions, importing
from zhucun.overview.exchange.reading import child, gate
from zhucun.overview.exchange.reading.gate import SERVER
from zhucun.overview.exchange.reading.workbook import spooled

D = date

GOOD = {
    "行政区划": [
        {"代码": "430426", "名称": "祁东县", "类型": "县"},
        {"代码": "430426102", "名称": "金桥镇", "类型": "镇"},
    ],
    "行政村": [
        {"区划代码": "430426102201", "名称": "石桥村", "村类别": "示范村", "村情": "穷村、乱村", "需求专业": "种植、会计",
         "经度": 112.09, "纬度": 26.79, "类别起始日期": D(2021, 1, 1)},
        {"区划代码": "430426102202", "名称": "清水村", "村类别": "一般村"},
    ],
    "派出单位": [
        {"单位名称": "县财政局", "单位类别": "经济部门", "单位层级": "县", "主要负责人": "周正", "联系电话": "0734-6262001"},
        {"单位名称": "县委组织部", "单位类别": "党群部门", "单位层级": "县"},
    ],
    "人员": [
        {"人员编号": "P001", "姓名": "王立新", "性别": "男", "民族": "汉族", "出生年月": D(1981, 4, 2), "政治面貌": "中共党员",
         "学历": "大学本科", "学位": "学士", "所学专业": "会计学", "涉农专业": "否", "职级": "乡科级副职", "派出单位": "县财政局",
         "农村工作经历": "是", "脱贫攻坚驻村": "是", "特长": "写作", "身份证号码": "430426198104020013", "联系电话": "13800000001",
         "籍贯": "湖南祁东"},
        {"人员编号": "P002", "姓名": "李敏", "性别": "女", "出生年月": "1990-09", "政治面貌": "群众", "学历": "研究生", "学位": "硕士",
         "涉农专业": "是", "职级": "科员及以下", "派出单位": "县委组织部", "农村工作经历": "否", "脱贫攻坚驻村": "否"},
    ],
    "工作队": [
        {"工作队编号": "T001", "村区划代码": "430426102201", "牵头单位": "县财政局", "参与单位": "县委组织部", "成立日期": D(2021, 5, 20)},
    ],
    "任职": [
        {"工作队编号": "T001", "人员编号": "P001", "队内职务": "第一书记兼队长", "到任日期": D(2021, 5, 20), "文号": "祁组发〔2021〕5号"},
        {"工作队编号": "T001", "人员编号": "P002", "队内职务": "队员", "到任日期": D(2021, 5, 20), "离任日期": D(2022, 6, 30),
         "离任方式": "调整", "离任原因": "轮换"},
    ],
}  # fmt: skip

RECORDS = {
    "出勤": [
        {"月份": "2022-05", "工作队编号": "T001", "人员编号": "P001", **{str(day): "√" for day in range(1, 32)}, "乡镇确认日期": D(2022, 6, 3)},
        {"月份": "2022-06", "工作队编号": "T001", "人员编号": "P002", "1": "公", "2": "事假", "30": "×"},
    ],
    "请假报备": [
        {"编号": "QJ2022-0001", "人员编号": "P002", "类别": "事假", "开始日期": D(2022, 6, 2), "结束日期": D(2022, 6, 2), "事由": "家事",
         "批准层级": "队长", "批准日期": D(2022, 6, 1), "销假日期": D(2022, 6, 3)},
    ],
    "督查": [{"督查编号": "DC2022-01", "日期": D(2022, 6, 8), "方式": "暗访", "督查组": "县驻村办", "村区划代码": "430426102201"}],
    "督查问题": [
        {"问题编号": "WT2022-0001", "督查编号": "DC2022-01", "工作队编号": "T001", "责任人编号": "P002", "类别": "不在岗",
         "描述": "核查时不在岗", "销号日期": D(2022, 6, 20)},
    ],
    "整改意见": [
        {"意见编号": "ZG2022-0001", "督查编号": "DC2022-01", "问题编号": "WT2022-0001", "内容": "严格请假报备",
         "整改期限": D(2022, 6, 18), "完成日期": D(2022, 6, 16)},
    ],
    "督查通报": [{"年度": 2022, "期号": 1, "标题": "关于6月督查情况的通报", "印发日期": D(2022, 6, 15)}],
    "提醒": [{"提醒编号": "TX2022-001", "日期": D(2022, 6, 16), "人员编号": "P002", "方式": "提醒函", "事由": "无故不在岗", "回复日期": D(2022, 6, 18)}],
    "约谈": [
        {"约谈编号": "YT2022-001", "日期": D(2022, 6, 21), "对象类型": "单位主要负责人", "单位名称": "县财政局", "事由": "队员管理不严"},
    ],
}  # fmt: skip
"""What happened in that county, sheet by sheet: each may be spoilt as well."""


def full() -> dict[str, list[dict]]:
    """The small sound workbook with records on every other sheet."""
    return good() | deepcopy(RECORDS)


def good() -> dict[str, list[dict]]:
    """A small sound workbook, to be spoilt at will."""
    book = deepcopy(GOOD)
    book["人员"][0]["身份证号码"] = with_check("43042619810402001")
    return book


def with_check(first17: str) -> str:
    """An ID number with its check character, by the standard's own arithmetic (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(n) * w for n, w in zip(first17, weights, strict=True)) % 11]


def xlsx(sheets: dict[str, list[dict]]) -> bytes:
    """The workbook as bytes; columns in the order they are met; a value that is a tuple ("=", text) is a formula."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        page.write_row(0, 0, headers)
        for number, row in enumerate(rows, start=1):
            for header, value in row.items():
                _write(page, number, headers.index(header), value, day)
    book.close()
    return out.getvalue()


def _write(page, row, column, value, day) -> None:
    if isinstance(value, tuple):
        page.write_formula(row, column, value[1], None, 7)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, day)
    elif value not in (None, ""):
        page.write(row, column, value)


def grid(rows: list[list], merged: tuple[str, ...] = ()) -> bytes:
    """A workbook with one sheet of raw rows, as people make them."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page = book.add_worksheet("花名册")
    for area in merged:
        page.merge_range(area, "")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            _write(page, number, column, value, day)
    book.close()
    return out.getvalue()


def zipped(parts: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    """Any archive, for hostile files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def read_here(file, limits):
    """What the reading process answers, without its start of half a second; `test_hostile` goes through the real one."""
    gate.check(file, limits)
    for event in child.events(file, limits):
        yield json.loads(json.dumps(event))


def take(sheets, *, by=None, dry_run=False, limits=SERVER):
    """Import sheets (or bytes) and answer with the outcome."""
    content = sheets if isinstance(sheets, bytes) else xlsx(sheets)
    with spooled(content) as file, mock.patch.object(importing, "read_workbook", read_here):
        return actions.import_ledger(
            file=file, name="台账.xlsx", by=by or caretaker(), at=NOW, limits=limits, dry_run=dry_run
        )


def sentences(outcome) -> list[str]:
    """Problems as people read them."""
    return [str(problem) for problem in outcome.problems]


def at(outcome, sheet, row, header):
    """The problems of one cell."""
    return [p for p in outcome.problems if (p.sheet, p.row, p.column) == (sheet, row, header)]
