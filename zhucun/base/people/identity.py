"""公民身份号码 (GB 11643-1999): form, date and check character; pure."""

from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def check_character(first17: str) -> str:
    """The 18th character of an ID number from its first 17 digits (mod 11-2)."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def fault(number: str, born: date | None = None, male: bool | None = None) -> str:
    """What is wrong with an ID number, in one sentence; empty when nothing is. Old county codes are not doubted."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()) or number[17] not in "0123456789X":
        return "身份证号码应为 18 位，前 17 位是数字，最后一位是数字或 X。"
    if check_character(number[:17]) != number[17]:
        return "身份证号码的最后一位对不上，请核对是否抄错。"
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "身份证号码里的出生日期不存在，请核对是否抄错。"
    if born is not None and (day.year, day.month) != (born.year, born.month):
        return "身份证号码里的出生年月和“出生年月”不一致，请核对。"
    if male is not None and (int(number[16]) % 2 == 1) != male:
        return "身份证号码里的性别和“性别”不一致，请核对。"
    return ""


def masked(number: str) -> str:
    """First 3 and last 4 characters, the rest starred (domain.md 5.4); short numbers are starred but for the last 2."""
    return (
        f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
        if len(number) >= 8
        else "*" * max(len(number) - 2, 0) + number[-2:]
    )
