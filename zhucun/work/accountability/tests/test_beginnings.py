"""What a case begins with is what the records say, and no more."""

from datetime import date

import pytest

from zhucun.work.accountability import beginnings
from zhucun.work.inspections.actions import findings, rounds
from zhucun.work.inspections.actions.findings import Found

from .conftest import OPENED, absence

pytestmark = pytest.mark.django_db


def test_the_inspectors_went_to_the_village_where_a_sheet_was_entered(hands):
    row = beginnings.of(absence(hands, date(2022, 3, 8)), None, "", OPENED.date())
    assert "以暗访方式到金桥镇石桥村督查" in row.fields["facts"]


def test_a_round_of_papers_went_nowhere(hands):
    when = {"by": hands.inspector, "at": OPENED}
    held = rounds.plan_round(
        county=hands.county, held_on=OPENED.date(), method="papers", group="县驻村办", purpose="", **when
    )
    held = rounds.move_round(round=held, to="underway", **when)
    told = Found("conduct", "仍承担单位业务", team=hands.team_shiqiao, person=hands.li)
    [row] = findings.add_findings(round=held, found=[told], **when)
    facts = beginnings.of(row, None, "", OPENED.date()).fields["facts"]
    assert "以资料方式对金桥镇石桥村督查" in facts
