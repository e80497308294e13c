"""Rare signs are printed, impossible ones refused with the name they stand in."""

import pytest

from zhucun.work.attendance.book.glyphs import missing
from zhucun.work.attendance.book.pages import Row
from zhucun.work.attendance.book.printing import book, cover
from zhucun.work.attendance.book.tests.paper import KEY, page
from zhucun.work.attendance.book.tests.paper import cover as a_cover

LACKING = "\U00030000"  # 𰀀, of the Unicode extension G


def test_rare_signs_of_names_are_there():
    assert missing("䶮㛃𬭎鿍㮾𫖯 ·\n") == ""


@pytest.mark.parametrize("sign", [LACKING, "\u200b", "\u202e", "\ufe00", "\x00", "\ud800", "😀"])
def test_a_sign_the_font_lacks_is_named_once(sign):
    assert missing(f"张{sign}{sign}三") == sign


def test_a_name_with_such_a_sign_is_refused():
    rows = (Row("Q1", f"张{LACKING}", "队员", (1,)),)
    with pytest.raises(ValueError, match=f"姓名“张{LACKING}”里的“{LACKING}”（U\\+30000），字库里没有"):
        book([page(rows=rows)], KEY)
    with pytest.raises(ValueError, match="队长“张"):
        cover(a_cover(leader=f"张{LACKING}"))
