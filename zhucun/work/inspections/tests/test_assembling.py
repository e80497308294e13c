"""A circular's text: what the records say and nothing else."""

from datetime import date

from zhucun.work.inspections.assembling import GAP, Away, Facts, Held, Ordered, Said, number, text_of, title_of

HELD = [Held(date(2022, 3, 8), "暗访"), Held(date(2022, 3, 22), "明察")]


def test_the_title_names_the_months():
    assert title_of(HELD) == "关于3月驻村帮扶工作队履职情况的督查通报"
    assert title_of([*HELD, Held(date(2022, 5, 1), "明察")]).startswith("关于3月至5月驻村")
    assert title_of([*HELD, Held(date(2023, 1, 1), "明察")]).startswith("关于2022年3月至2023年1月")


def test_the_text_counts_names_and_orders():
    text = text_of(Facts(
        "县驻村办", HELD, townships=2, villages=3, people=7, here=5, leave=1, absent=1, households=9, knowing=8,
        findings=[Said("不在岗", "金桥镇石桥村", "李敏（县农业农村局）", "3月8日无故不在岗"), Said("走读", "鸟江镇高岭村", "", "夜间无人值守。")],
        corrections=[Ordered("金桥镇石桥村工作队", "约见本人", date(2022, 3, 15))],
        away=[Away("金桥镇", "石桥村", "李敏", "队员", "县农业农村局", date(2022, 3, 8))],
    ))  # fmt: skip
    assert "3月8日、3月22日，县驻村办采取暗访、明察方式" in text
    assert (
        "共抽查2个乡镇3个村、驻村人员7人次，其中在岗5人次，请假1人次，无故不在岗1人次；走访农户9户，认识工作队的8户；发现问题2起，提出整改意见1条。"
        in text
    )
    assert (
        "（一）不在岗\n1.金桥镇石桥村，李敏（县农业农村局）：3月8日无故不在岗。\n（二）走读\n1.鸟江镇高岭村：夜间无人值守。"
        in text
    )
    assert "1.金桥镇石桥村工作队：约见本人。2022年3月15日前完成。" in text
    assert text.endswith(
        "附件：无故不在岗人员名单\n乡镇｜村｜姓名｜职务｜派出单位｜核查日期\n金桥镇｜石桥村｜李敏｜队员｜县农业农村局｜3月8日"
    )


def test_a_round_of_papers_counts_no_villages():
    held = [Held(date(2022, 5, 31), "资料")]
    text = text_of(Facts("县驻村办", held, findings=[Said("作风", "", "县教育局", "仍安排驻村干部值班")]))
    assert "抽查" not in text
    assert "一、总体情况\n发现问题1起，提出整改意见0条。" in text


def test_good_practice_is_never_made_up():
    assert GAP in text_of(Facts("县驻村办", HELD)).split("二、好的做法\n")[1].split("\n")[0]
    praised = text_of(Facts("县驻村办", HELD, good=["石桥村全员在岗。"]))
    assert "二、好的做法\n石桥村全员在岗。\n三、" in praised


def test_problems_without_orders_leave_a_gap():
    said = [Said("其他", "", "县财政局", "未到村调研")]
    assert GAP in text_of(Facts("县驻村办", HELD, good=["有"], findings=said))
    assert GAP not in text_of(Facts("县驻村办", HELD, good=["有"]))


def test_headings_count_in_chinese():
    assert [number(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
