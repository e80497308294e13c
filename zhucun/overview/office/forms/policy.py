"""What may be typed about documents and the numbers of the rules."""

import re
from decimal import Decimal

from django import forms

from zhucun.base.policy.clauses import ClauseChoiceField
from zhucun.base.policy.models import Clause
from zhucun.base.web.forms import DayField

START = re.compile(r"^\s*(第[零一二三四五六七八九十百\d]+条|[一二三四五六七八九十]+、|\d+[、.．])\s*")
LONGEST = 20


def split_clauses(text: str) -> dict[str, str]:
    """Clauses by number from a pasted text: a line that begins with 第三条 (or 三、 or 3.) begins one, others go on with it."""
    found: dict[str, str] = {}
    number = ""
    for line in text.splitlines():
        start = START.match(line)
        if start:
            number = start[1].rstrip("、.．")[:LONGEST]
            found[number] = line[start.end() :].strip()
        elif number and line.strip():
            found[number] = f"{found[number]}\n{line.strip()}".strip()
    return found


class ClausesForm(forms.Form):
    """Clauses as one text."""

    clauses = forms.CharField(
        label="条款", widget=forms.Textarea(attrs={"rows": 12}), max_length=60_000,
        help_text="把正文粘贴进来即可：以“第一条”“一、”或“1.”开头的行算新的一条，其余的行接在上一条后面。号码相同的条款会被替换。",
    )  # fmt: skip

    def clean_clauses(self) -> dict[str, str]:
        """Clauses by number; at least one, none empty."""
        found = split_clauses(self.cleaned_data["clauses"])
        if not found:
            raise forms.ValidationError("没有找到条款。请让每一条以“第一条”“一、”或“1.”开头。")
        empty = [number for number, text in found.items() if not text]
        if empty:
            raise forms.ValidationError(f"{'、'.join(empty)}没有内容，请补上或删去。")
        return found


class DocumentForm(ClausesForm):
    """A document with its clauses."""

    groups = (("文件", ("title", "number", "issuer", "start")), ("正文", ("clauses",)))
    title = forms.CharField(label="名称", max_length=110, help_text="不用写书名号。")
    number = forms.CharField(label="文号", max_length=60, required=False)
    issuer = forms.CharField(label="印发单位", max_length=80, required=False)
    start = DayField(label="施行日期", help_text="从这一天起有效。")

    def clean_title(self) -> str:
        """The title without the brackets it is shown with."""
        return self.cleaned_data["title"].strip("《》 ")


class DocumentEndForm(forms.Form):
    """Until when a document was in force, and why."""

    last_day = DayField(label="有效至", help_text="有效的最后一天。")
    reason = forms.CharField(
        label="依据", max_length=200, help_text="例如：被《……管理办法》（祁驻村〔2023〕1号）代替。"
    )
    wide = {"reason"}


class ParameterForm(forms.Form):
    """A value by its kind, the day it begins, where it holds, the clause it rests on and why."""

    start = DayField(label="起始日期", help_text="从这一天起按新值；以前的日子仍按以前的值计算。")
    area = forms.ChoiceField(label="适用范围", required=False)
    clause = ClauseChoiceField(Clause.objects, label="依据条款", required=False, empty_label="没有对应条款")
    reason = forms.CharField(label="调整理由", max_length=400, help_text="会写进留痕日志。")
    wide = {"reason"}

    def __init__(self, *args, entry, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.fields["area"].choices = places
        self.fields["value"] = _control(entry)
        self.order_fields(["value", "start", "area", "clause", "reason"])

    def clean_value(self) -> str:
        """The value as the text that is kept."""
        value = self.cleaned_data["value"]
        return self.entry.write(self.entry.read(str(value)))


def _control(entry) -> forms.Field:
    """The control for a parameter: a choice, 是 or 否, a whole number, a number, or a text."""
    label = f"{entry.label}（{entry.unit}）" if entry.unit else entry.label
    if entry.choices:
        return forms.ChoiceField(
            label=label, choices=[(text, text) for text in entry.choices], widget=forms.RadioSelect
        )
    if entry.kind is int:
        return forms.IntegerField(label=label, min_value=0, max_value=1_000_000_000)
    if entry.kind is Decimal:
        return forms.DecimalField(label=label)
    return forms.CharField(label=label, max_length=400)
