"""Nothing that identifies a person or opens a door reaches the log."""

import logging
import sys

import pytest

from zhucun.base.web.log import MaskingFormatter, masked


@pytest.mark.parametrize(
    "secret",
    [
        "430426198503120014",
        "43042619850312001X",
        "43042619850312001x",
        "43042619850312001",
        "430426850312001",
        "430426 19850312 0014",
        "430426-19850312-001X",
        "４３０４２６１９８５０３１２００１４",
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
    ],
)
@pytest.mark.parametrize("around", ["{}", "姓名张三，{}。", "id={}&x=1", "['{}']", "/people/?q={}"])
def test_numbers_of_people_are_masked(secret, around):
    assert secret not in masked(around.format(secret))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password=hunter2", "hunter2"),
        ("{'password': 'hunter2'}", "hunter2"),
        ("new_password1=a", "=a"),
        ("csrfmiddlewaretoken=abcDEF123", "abcDEF123"),
        ("Cookie: sessionid=abc123", "abc123"),
        ("Authorization: Bearer eyJhbGci.x", "eyJhbGci"),
        ("postgres://ann:p4ss@db/zhucun", "p4ss"),
    ],
)
def test_passwords_and_tokens_are_masked(text, secret):
    assert secret not in masked(text)


@pytest.mark.parametrize("text", ["430426101201", "430426101", "2022-12-07 09:00:00", "第 12345 行", "/teams/?page=2"])
def test_what_is_no_secret_stays(text):
    assert masked(text) == text


def test_arguments_and_tracebacks_are_masked_too():
    try:
        raise ValueError("430426198503120014 已经存在")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "电话 %s", ("13812345678",), sys.exc_info())
    text = MaskingFormatter().format(record)
    assert "Traceback" in text
    assert "ValueError: [证件号] 已经存在" in text
    assert "13812345678" not in text
