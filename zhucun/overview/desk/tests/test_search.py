"""The search finds what one may see, and nothing else."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def hits(signed_in, user, text, typing=False):
    headers = {"HX-Request": "true"} if typing else {}
    answer = signed_in(user).get(reverse("desk:search"), {"q": text}, headers=headers)
    assert answer.status_code == 200
    return {one.kind: [hit.label for hit in one.hits] for one in answer.context["found"]}, answer.content.decode()


def test_the_office_finds_people_villages_teams_and_units(world, signed_in):
    assert hits(signed_in, world.office, "王立")[0] == {"人员": ["王立新"]}
    assert hits(signed_in, world.office, "P00")[0]["人员"] == ["李敏", "王立新", "赵刚", "钱有余"]
    assert hits(signed_in, world.office, "石桥")[0] == {"村": ["石桥村"], "工作队": ["石桥村驻村工作队"]}
    assert hits(signed_in, world.office, "公安")[0] == {"工作队": ["高岭村驻村工作队"], "派出单位": ["县公安局"]}
    assert hits(signed_in, world.office, "高岭 T002")[0] == {"工作队": ["高岭村驻村工作队"]}


def test_a_hit_says_which_of_that_name_it_is(world, signed_in):
    assert "石桥村驻村工作队队员，县农业农村局" in hits(signed_in, world.office, "李敏")[1]
    assert "P004，不在任" in hits(signed_in, world.office, "钱有余")[1]


def test_nobody_finds_what_lies_out_of_sight(world, signed_in):
    assert hits(signed_in, world.clerk_jin, "赵刚")[0] == {}
    assert hits(signed_in, world.clerk_jin, "高岭")[0] == {}
    assert hits(signed_in, world.contact_finance, "李敏")[0] == {}
    assert hits(signed_in, world.contact_finance, "P00")[0] == {"人员": ["王立新"]}
    assert hits(signed_in, world.member_li, "清水")[0] == {}
    assert hits(signed_in, world.clerk_jin, "P00")[0] == {"人员": ["李敏", "王立新"]}


def test_who_sees_no_rows_may_not_search(world, signed_in):
    for user in (world.sysadmin, world.secadmin, world.auditor, world.stranger):
        client = signed_in(user)
        assert client.get(reverse("desk:search"), {"q": "王"}).status_code == 403
        assert "data-search" not in client.get(reverse("desk:home")).content.decode()


def test_suggestions_are_a_part_of_a_page(world, signed_in):
    found, text = hits(signed_in, world.office, "王", typing=True)
    assert found == {"人员": ["王立新"]}
    assert "<html" not in text
    assert reverse("desk:search") in text


def test_odd_text_is_harmless(world, signed_in):
    for text in ("", "   ", "\0", "%", "_", "'", "<b>", "王" * 500):
        found, page = hits(signed_in, world.office, text)
        assert found == {}, text
        assert "<b>" not in page


def test_the_number_of_queries_is_bounded(world, signed_in, django_assert_max_num_queries):
    client = signed_in(world.office)
    client.get(reverse("desk:search"), {"q": "村"})
    with django_assert_max_num_queries(14):
        client.get(reverse("desk:search"), {"q": "村"}, headers={"HX-Request": "true"})
