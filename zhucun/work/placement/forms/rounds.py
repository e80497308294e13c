"""A round, its meeting, and the reason it is cancelled."""

from django import forms

from zhucun.base.directory.models import Division
from zhucun.base.web.forms import DayField


class RoundForm(forms.Form):
    """Opening a round: what the ledger knows is brought in by itself."""

    county = forms.ModelChoiceField(Division.objects.none(), label="县", empty_label=None)
    title = forms.CharField(label="名称", max_length=60, help_text="例如：2023年度驻村工作队选派")
    starts_on = DayField(label="到任日期", help_text="新队员到村的第一天；原来的队员到前一天为止。")
    bring_teams = forms.BooleanField(
        label="带入现在有工作队的村和牵头单位",
        required=False,
        initial=True,
        help_text="村的评分按村情带出，以后可以逐村修改。",
    )
    bring_people = forms.BooleanField(
        label="把在任人员也列为人选",
        required=False,
        initial=True,
        help_text="留任的优先安排在原来的村；不留任的可以再撤回。",
    )

    wide = {"title", "bring_teams", "bring_people"}

    def __init__(self, *args, counties, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = counties
        if len(counties) == 1:
            self.fields["county"].initial = counties[0]
            self.fields["county"].widget = forms.HiddenInput()


class ChangeRoundForm(forms.Form):
    """Name and first day of an open round."""

    title = forms.CharField(label="名称", max_length=60)
    starts_on = DayField(label="到任日期")


class MeetingForm(forms.Form):
    """The meeting that decides: when, who, and the document that follows."""

    met_on = DayField(label="研判日期")
    attendees = forms.CharField(label="参会部门", max_length=200, help_text="例如：县委组织部、县农业农村局、县财政局")
    document = forms.CharField(label="选派通知文号", max_length=60, required=False, help_text="没有就先空着。")

    wide = {"attendees"}


class CancelForm(forms.Form):
    """Why a round is given up."""

    reason = forms.CharField(label="作废原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
