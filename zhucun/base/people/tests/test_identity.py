"""ID numbers: form, date and check character; nobody is turned away because of where or when they were born."""

from datetime import date

import pytest

from zhucun.base.people.identity import check_character, fault, masked


def number(area: str = "430426", born: str = "19810402", serial: str = "001") -> str:
    first = f"{area}{born}{serial}"
    return first + check_character(first)


@pytest.mark.parametrize(
    ("area", "born", "serial"),
    [
        ("430426", "19810402", "001"),
        ("430426", "20010228", "002"),
        ("430426", "20000229", "003"),  # a leap day
        ("430426", "19000301", "005"),
        ("110101", "19491001", "007"),
        ("430422", "19600101", "011"),  # 衡阳专区's old codes are still carried by their people
        ("432922", "19550505", "013"),
        ("522301", "19700101", "999"),
        ("810000", "19990909", "010"),  # 港澳台居民居住证
    ],
)
def test_a_well_formed_number_has_no_fault(area, born, serial):
    day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    assert fault(number(area, born, serial), day, int(serial) % 2 == 1) == ""


def test_the_check_character_of_the_standard():
    assert check_character("11010519491231002") == "X", "the example of GB 11643-1999"
    assert check_character("44052418800101001") == "4"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "18 位"),
        ("430426810402001", "18 位"),
        (number()[:-1], "18 位"),
        (number() + "0", "18 位"),
        ("43042619810402001x", "18 位"),  # callers put a small x in capitals first
        ("４３０４２６１９８１０４０２００１７", "18 位"),
        ("4304261981040200A7", "18 位"),
        (number()[:-1] + ("0" if number()[-1] != "0" else "1"), "最后一位"),
        ("430426198104020071", "最后一位"),
        (number(born="19810231"), "出生日期"),
        (number(born="20230229"), "出生日期"),
        (number(born="19811301"), "出生日期"),
        (number(born="00000101"), "出生日期"),
    ],
)
def test_a_wrong_number_is_told_in_a_sentence(text, sentence):
    assert sentence in fault(text)


def test_one_slip_of_one_digit_is_always_found():
    right = number()
    for place in range(17):
        for digit in "0123456789":
            if digit != right[place]:
                assert fault(right[:place] + digit + right[place + 1 :])


def test_two_neighbours_exchanged_are_found():
    right = number("432918", "19761203", "184")
    for place in range(16):
        turned = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
        assert turned == right or fault(turned)


def test_birth_month_and_sex_must_agree():
    assert "出生年月" in fault(number(), date(1981, 5, 1))
    assert fault(number(), date(1981, 4, 1)) == "", "often only the month is recorded"
    assert "性别" in fault(number(), None, male=False)
    assert fault(number(serial="002"), None, male=False) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("430426198104020017", "430***********0017"),
        ("13807340001", "138****0001"),
        ("12345678", "123*5678"),
        ("1234567", "*****67"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_what_everybody_may_see_of_it(text, shown):
    assert masked(text) == shown
