"""What the ledger workbook may not undo: a finding withdrawn as untrue stays withdrawn."""

import pytest

from tests.cast import NOW
from zhucun.base.access.actions import caretaker
from zhucun.overview.exchange.tests.books import D, full, sentences, take
from zhucun.work.inspections.actions import findings
from zhucun.work.inspections.models import Finding

pytestmark = pytest.mark.django_db


def book(**cells) -> dict:
    given = full()
    given["督查问题"][0] |= {"销号日期": ""} | cells
    return given


@pytest.fixture
def withdrawn() -> Finding:
    """WT2022-0001, imported open and withdrawn since."""
    assert sentences(take(book())) == []
    return findings.withdraw_finding(finding=Finding.objects.get(), text="本人当天有报备", by=caretaker(), at=NOW)


@pytest.mark.parametrize(
    "cells", [{}, {"描述": "仍然不在岗"}, {"责任人编号": ""}, {"销号日期": D(2022, 6, 25)}, {"督查编号": "DC2022-02"}]
)
def test_a_withdrawn_finding_named_again_stays_withdrawn_and_the_report_says_so(withdrawn, cells):
    given = book(**cells)
    given["督查"].append({"督查编号": "DC2022-02", "日期": D(2022, 6, 9), "方式": "明察"})
    outcome = take(given)
    assert sentences(outcome) == []
    assert [str(warning) for warning in outcome.warnings] == [
        "工作表“督查问题”第 2 行“问题编号”：这个问题已查明不属实并撤销，导入不会重新打开，这一行没有写入；如果又发现问题，请换一个新编号另行登记。"
    ]
    assert outcome.sheets["督查问题"] == {"added": 0, "changed": 0, "unchanged": 1}
    now = Finding.objects.get()
    for name in ("state", "closing", "text", "person_id", "round_id", "closed_on"):
        assert getattr(now, name) == getattr(withdrawn, name)
    assert now.state == Finding.State.WITHDRAWN


def test_the_same_registered_anew_under_another_number_is_taken(withdrawn):
    outcome = take(book(问题编号="WT2022-0002") | {"整改意见": []})
    assert (sentences(outcome), outcome.warnings) == ([], [])
    assert set(Finding.objects.values_list("number", "state")) == {
        ("WT2022-0001", "withdrawn"),
        ("WT2022-0002", "open"),
    }
