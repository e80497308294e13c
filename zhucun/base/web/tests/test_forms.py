"""Forms: dressed widgets, errors beside and above, and choices by typing, with scripts and without."""

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import path

from zhucun.base.web.forms import PickManyWidget, PickWidget, TenthsField, WholeField, pick_options, pick_term

urlpatterns = [path("pick/", lambda request: None, name="pick")]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class Label(ContentType):
    class Meta:
        proxy = True
        app_label = "web_tests"

    def __str__(self):
        return self.model


class SomeForm(forms.Form):
    groups = (("依据", ("start", "reason")),)
    name = forms.CharField(label="姓名", help_text="与身份证一致。")
    start = forms.DateField(label="到任日期")
    reason = forms.CharField(label="事由", widget=forms.Textarea, required=False)
    role = forms.ChoiceField(label="职务", choices=[("a", "队长"), ("b", "队员")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="已核对", required=False)
    thing = forms.ModelChoiceField(Label.objects.all(), label="村", widget=PickWidget("pick"), required=False)
    things = forms.ModelMultipleChoiceField(
        Label.objects.all(), label="单位", widget=PickManyWidget("pick"), required=False
    )


@pytest.fixture
def village():
    return Label.objects.create(app_label="x", model="石桥村")


def draw(form) -> str:
    return Template("{% load furniture %}{% form_fields form %}").render(Context({"form": form}))


def test_widgets_are_dressed():
    page = draw(SomeForm())
    assert '<input type="date" name="start" class="form-control"' in page
    assert 'id="id_name_help">与身份证一致。' in page
    assert 'aria-describedby="id_name_help"' in page
    assert "<legend>依据</legend>" in page
    assert page.count("必填</span>") + page.count("必填</span") // 2 >= 3
    assert 'class="form-check-input"' in page
    assert 'data-pick="/pick/"' in page


def test_errors_stand_above_and_beside():
    page = draw(SomeForm({"start": "昨天"}))
    assert "还没有保存" in page
    assert '<a href="#id_name">姓名</a>：必须填写。' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert "必须选择一项。" in page


def bound(**data):
    query = QueryDict(mutable=True)
    for key, value in {"name": "王", "start": "2022-12-07", "role": "a", **data}.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    form = SomeForm(query)
    form.is_valid()
    return form


def test_the_chosen_value_counts_while_its_text_is_untouched(village):
    form = bound(thing=str(village.pk), thing_text="石桥村", thing_was="石桥村")
    assert form.cleaned_data["thing"] == village
    assert 'value="石桥村"' in draw(form)


def test_exact_text_is_enough_without_scripts(village):
    assert bound(thing="", thing_text=" 石桥村 ", thing_was="").cleaned_data["thing"] == village


def test_other_text_is_refused_and_kept_to_mend(village):
    form = bound(thing=str(village.pk), thing_text="石桥", thing_was="石桥村")
    assert "thing" in form.errors
    assert 'value="石桥"' in draw(form)


def test_an_emptied_box_means_nothing_chosen(village):
    assert bound(thing=str(village.pk), thing_text="", thing_was="石桥村").cleaned_data["thing"] is None


def test_a_plain_post_of_the_value_works_too(village):
    assert bound(thing=str(village.pk)).cleaned_data["thing"] == village


def test_several_can_be_picked_by_value_and_by_text(village):
    other = Label.objects.create(app_label="x", model="石塘村")
    form = bound(things=[str(village.pk)], things_text="石塘村")
    assert set(form.cleaned_data["things"]) == {village, other}
    assert "石桥村</label>" in draw(form)


def test_a_name_borne_by_two_is_not_guessed(village):
    Label.objects.create(app_label="y", model="石桥村")
    assert "thing" in bound(thing_text="石桥村", thing_was="").errors


def test_options_are_cut_escaped_and_say_so():
    request = RequestFactory().get("/pick/", {"q": " 石\0 桥 "})
    assert pick_term(request) == "石 桥"
    page = pick_options(request, [(n, f"<{n}>", "乡") for n in range(30)]).content.decode()
    assert page.count('role="option"') == 20
    assert "&lt;0&gt;" in page
    assert "只列出前 20 个" in page
    assert "没有找到“石 桥”" in pick_options(request, []).content.decode()


class NumbersForm(forms.Form):
    size = WholeField(0, 200, label="人数")
    bonus = TenthsField(0, 2000, label="加分")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("5", 50), ("5.0", 50), ("2.5", 25), (" 0.1 ", 1), ("200", 2000), ("２．５", 25), ("0", 0), ("7.500", 75)],
)
def test_points_are_typed_with_a_decimal_and_kept_in_tenths(typed, kept):
    form = NumbersForm({"size": "3", "bonus": typed}, initial={"bonus": kept})
    assert form.is_valid()
    assert form.cleaned_data == {"size": 3, "bonus": kept}
    assert form.changed_data == ["size"]
    assert f'value="{typed}"' in str(form["bonus"])


@pytest.mark.parametrize("typed", ["", "x", "-1", "200.1", "2.55", "1e3", "1" * 40, "NaN", "."])
def test_a_wrong_number_is_answered_with_what_to_type(typed):
    form = NumbersForm({"size": typed, "bonus": typed})
    assert form.errors["size"] == ["请填 0 到 200 的整数。"]
    assert form.errors["bonus"] == ["请填 0 到 200 的数，最多一位小数。"]


def test_a_number_is_shown_in_points_and_the_browser_knows_the_bounds():
    drawn = str(NumbersForm(initial={"bonus": 25})["bonus"])
    assert 'value="2.5"' in drawn
    assert 'min="0.0" max="200.0" step="0.1"' in drawn
