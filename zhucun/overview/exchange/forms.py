"""What may be typed and chosen on the pages of import and export."""

from django import forms

from zhucun.base.directory.models import Division, Unit
from zhucun.base.web.forms import DayField

from .reading.gate import MB, WEB
from .roster.targets import TARGETS


class UploadForm(forms.Form):
    """A workbook for a county; the county is asked for only where somebody looks after several."""

    wide = frozenset({"file"})

    county = forms.ModelChoiceField(Division.objects.none(), label="县")
    file = forms.FileField(
        label="工作簿",
        help_text=f"Excel 工作簿（.xlsx），不超过 {WEB.file // MB} MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择一个工作簿文件。", "empty": "文件是空的（0 字节），请重新保存后再上传。"},
    )

    def __init__(self, *args, counties, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = Division.objects.filter(pk__in=[county.pk for county in counties])
        if len(counties) == 1:
            self.fields["county"].widget = forms.HiddenInput()
            self.fields["county"].initial = counties[0]

    def clean_file(self):
        """Refuse by size before anything is kept."""
        file = self.cleaned_data["file"]
        if file.size > WEB.file:
            raise forms.ValidationError(
                f"文件有 {file.size / MB:.1f} MB，超过了 {WEB.file // MB} MB。请删去图片和空白格式后另存，或按工作表分几次导入。"
            )
        return file


class ExportForm(forms.Form):
    """Which county, on which day, and why ID numbers are needed."""

    county = forms.ModelChoiceField(Division.objects.none(), label="县")
    day = DayField(
        label="按哪一天的情况",
        required=False,
        widget=forms.DateInput,
        help_text="空着就是现在的最新情况。",
        error_messages={"invalid": "请写成 2022-12-07 这样的日期。"},
    )
    reason = forms.CharField(
        label="需要身份证号码和电话的理由",
        required=False,
        max_length=200,
        help_text="写明理由（会留痕）才会导出这两列，例如“报市驻村办备案”；空着就不含这两列。",
    )

    def __init__(self, *args, counties, in_clear, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = Division.objects.filter(pk__in=[county.pk for county in counties])
        if len(counties) == 1:
            self.fields["county"].widget = forms.HiddenInput()
            self.fields["county"].initial = counties[0]
        if not in_clear:
            del self.fields["reason"]


HOLDS = [("", "不导入"), *((target.key, target.label) for target in TARGETS)]


class ColumnsForm(forms.Form):
    """What each column of a roster holds; each thing once."""

    start = DayField(
        label="统一的到村时间",
        required=False,
        widget=forms.DateInput,
        help_text="花名册里没有到村时间、或某一行空着时，都按这一天。",
    )

    def __init__(self, *args, headers, guess, **kwargs):
        super().__init__(*args, **kwargs)
        self.headers = headers
        for index, header in enumerate(headers):
            label = header or f"第 {index + 1} 列"
            field = forms.ChoiceField(label=label, choices=HOLDS, required=False, initial=guess.get(str(index), ""))
            self.fields[f"column_{index}"] = field

    def clean(self):
        """Every thing at most once; the things without which there is no roster at least once."""
        cleaned = super().clean()
        chosen: dict[str, str] = {}
        for index, header in enumerate(self.headers):
            key = cleaned.get(f"column_{index}")
            if key and key in chosen:
                other = chosen[key]
                self.add_error(f"column_{index}", f"“{dict(HOLDS)[key]}”已经对应了“{other}”，请只留一列。")
            elif key:
                chosen[key] = header or f"第 {index + 1} 列"
        for key, name in (("village", "驻点村（社区）"), ("name", "姓名"), ("unit", "派出单位")):
            if key not in chosen:
                self.add_error(None, f"还没有指明哪一列是“{name}”，请在下面选一列。")
        return cleaned

    @property
    def columns(self) -> dict[str, str]:
        """Column number (as text) → what it holds."""
        found = {str(i): self.cleaned_data.get(f"column_{i}") for i in range(len(self.headers))}
        return {index: key for index, key in found.items() if key}


class WordForm(forms.Form):
    """One word of a column that must mean one of a few things."""

    meaning = forms.ChoiceField(error_messages={"required": "请选一项。"})

    def __init__(self, *args, word, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.word = word
        self.fields["meaning"].choices = [("", "请选择"), *choices]
        self.fields["meaning"].label = word


class UnitForm(forms.Form):
    """A unit the county does not know yet: which unit it is, and of what kind and level."""

    name = forms.CharField(label="单位全称", max_length=80, error_messages={"required": "请填单位全称。"})
    category = forms.ChoiceField(label="单位类别", choices=Unit.Category.choices)
    level = forms.ChoiceField(label="单位层级", choices=Unit.Level.choices)

    def __init__(self, *args, word, **kwargs):
        super().__init__(*args, **kwargs)
        self.word = word
