"""The steps from an empty installation to the first ledger."""

from datetime import date

from django.urls import NoReverseMatch, reverse

from zhucun.base.access.models import Duty, User
from zhucun.base.access.permissions import ADMINISTRATORS, Role
from zhucun.base.directory.models import Division, Village
from zhucun.work.teams.models import Posting


def steps(user: User, day: date) -> list[dict]:
    """Each step with its state (done, now, todo), what to do, and where, for whoever may do it."""
    roles = set(Duty.objects.on(day).values_list("role", flat=True))
    accounts = (
        _url("office:accounts") if user.may("access.account_edit", day) or user.may("access.duty_edit", day) else ""
    )
    county = _url("office:county_add") if user.may("access.duty_edit", day) else ""
    ledger = _url("exchange:home") if user.may("exchange.import", day) else ""
    found = [
        ("分开三种管理员", "给系统管理员、安全管理员、审计管理员各开一个账号并授予职责，三个人分别担任。", roles >= ADMINISTRATORS, accounts),
        ("登记本县", "写明县的名称和区划代码，这样才能授予县驻村办的职责。", Division.objects.filter(kind=Division.Kind.COUNTY).exists(), county),
        ("开县驻村办的账号", "给县驻村办开账号，授予“县驻村办”职责。", Role.OFFICE in roles, accounts),
        ("导入台账", "由县驻村办下载台账模板，填好后导入；也可以直接导入现有的花名册。", Village.objects.exists() and Posting.objects.exists(), ledger),
        ("给在岗人员开账号", "在“账号”里批量开账号，打印通知单发给本人。", _members_have_accounts(), accounts),
    ]  # fmt: skip
    now = next((n for n, (_, _, done, _) in enumerate(found) if not done), None)
    return [
        {"label": label, "note": note, "url": url, "state": "done" if done else "now" if n == now else "todo"}
        for n, (label, note, done, url) in enumerate(found)
    ]


def _members_have_accounts() -> bool:
    return Posting.objects.filter(end__isnull=True, person__user__isnull=False).exists()


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
