"""Clauses stand in the order of the paper wherever one reads or chooses them."""

from datetime import date

import pytest
from django import forms

from tests.cast import NOW
from zhucun.base.policy import actions
from zhucun.base.policy.clauses import ClauseChoiceField, in_order, ordinal
from zhucun.base.policy.models import Clause


@pytest.mark.parametrize(
    ("number", "n"),
    [
        ("第一条", 1), ("第十条", 10), ("第十一条", 11), ("第二十条", 20), ("第二十一条", 21), ("第一百零三条", 103),
        ("第一百一十条", 110), ("第一千二百六十条", 1260), ("第二〇条", 20), ("三、", 3), ("12", 12), ("附则", 10_000),
    ],
)  # fmt: skip
def test_a_number_means_what_it_says(number, n):
    assert ordinal(number)[0] == n


@pytest.fixture
def clauses(world):
    for title, start in (("乙办法", date(2021, 1, 1)), ("甲办法", date(2021, 1, 1)), ("旧通知", date(2020, 1, 1))):
        actions.issue_document(title=title, number="", issuer="", start=start, by=world.office, at=NOW,
                               clauses=dict.fromkeys(("第三条", "第二十条", "第一条", "第三条之一", "附则"), "……"))  # fmt: skip
    return [
        f"《{title}》{number}"
        for title in ("旧通知", "乙办法", "甲办法")
        for number in ("第一条", "第三条", "第三条之一", "第二十条", "附则")
    ]


def test_clauses_sort_by_document_and_number(clauses):
    assert [str(one) for one in in_order(Clause.objects.select_related("document"))] == clauses


def test_one_chooses_from_a_list_in_that_order(clauses, django_assert_num_queries):
    class Trial(forms.Form):
        clause = ClauseChoiceField(Clause.objects, empty_label="没有")

    with django_assert_num_queries(1):
        assert [label for _, label in Trial().fields["clause"].choices] == ["没有", *clauses]
