"""Every figure stands in the catalogue once; every sheet of the ledger workbook belongs to one room."""

import ast
from collections import Counter
from importlib import import_module

from tests.house.tree import HOUSE, label, modules, public_functions
from zhucun.base.web.sheets import Sheet
from zhucun.overview.indicators.catalogue import INDICATORS

SHEETS = (
    "行政区划 行政村 派出单位 人员 工作队 任职 出勤 请假报备 督查 督查问题 整改意见 督查通报 提醒 约谈 考核 表彰 "
    "培训 刊物 中心工作 联点 到村调研 帮扶资金 待遇"
).split()
# Sheets nobody claims yet → the issue that brings their room.
TO_COME = {
    **dict.fromkeys(["考核", "表彰"], "roadmap, assessment and commendation"),
    **dict.fromkeys(["培训", "刊物", "中心工作"], "roadmap, training, bulletins and campaigns"),
    **dict.fromkeys(["联点", "到村调研", "帮扶资金", "待遇"], "roadmap, liaison, funds and allowances"),
}


def claimed():
    found = Counter()
    for path in modules("sheets.py"):
        module = import_module(".".join(path.relative_to(HOUSE.parent).with_suffix("").parts))
        found.update({v.name for v in vars(module).values() if isinstance(v, Sheet)})
    return found


def test_every_sheet_is_claimed_by_one_room_or_waits_for_its_issue():
    found = claimed()
    assert [name for name, times in found.items() if times > 1] == []
    assert set(found) | set(TO_COME) == set(SHEETS)
    assert not set(found) & set(TO_COME), "claimed now: take it off TO_COME"


def test_every_figure_stands_in_the_catalogue_once():
    counts = [indicator.count for indicator in INDICATORS]
    for path in modules("figures.py"):
        module = import_module(".".join(path.relative_to(HOUSE.parent).with_suffix("").parts))
        for node in public_functions(path):
            if node.returns is not None and ast.unparse(node.returns) == "Figure":
                times = counts.count(getattr(module, node.name))
                assert times == 1, f"{label(path)}:{node.name} stands {times} times in the catalogue"
