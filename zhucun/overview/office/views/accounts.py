"""账号: opening and closing accounts, first passwords on slips, who is locked out (system administrator)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhucun.base.access import actions
from zhucun.base.access.exports import note_export
from zhucun.base.access.locks import locked_usernames
from zhucun.base.access.models import AREAS, Duty, User
from zhucun.base.access.passwords import first_password
from zhucun.base.access.permissions import ROLES
from zhucun.base.access.request import Request
from zhucun.base.people.models import Person
from zhucun.base.web.forms import pick_options, pick_term
from zhucun.base.web.pages import done
from zhucun.base.web.tables import Column, Empty, Filter, Table, answer
from zhucun.overview.office.forms.accounts import AccountForm, BatchForm, TieForm, without_account
from zhucun.work.teams import actions as teams
from zhucun.work.teams.models import Posting

from .gate import needs

SYSTEM, SECURITY = "access.account_edit", "access.duty_edit"


def _state(user: Any) -> str:
    if not user.is_active:
        return "已停用"
    return "已锁定" if user.is_locked else "首次密码" if user.must_change_password else "正常"


TONES = {"已停用": "gray", "已锁定": "red", "首次密码": "yellow", "正常": "green"}


def _mark_locked(rows: list[Any]) -> None:
    locked = locked_usernames()
    for user in rows:
        user.is_locked = user.username in locked


ACCOUNTS = Table(
    "office-accounts",
    "账号与职责",
    columns=(
        Column("name", "姓名", sort="name", link=lambda row: reverse("office:account", args=[row.pk])),
        Column("username", "用户名", sort="username"),
        Column("state", "状态", _state, kind="badge", tone=lambda row: TONES[_state(row)]),
        Column("duties", "现有职责", lambda row: [str(duty) for duty in row.present], kind="long"),
        Column("person", "人员编号", lambda row: getattr(getattr(row, "person", None), "number", None)),
    ),
    filters=(
        Filter("role", "角色", [(role, spec.label) for role, spec in ROLES.items()], lambda rows, value: rows.filter(pk__in=rows.model.objects.filter(duties__role=value))),
        Filter("state", "状态", (("open", "启用"), ("closed", "停用")), lambda rows, value: rows.filter(is_active=value == "open")),
        Filter("duty", "职责", (("none", "没有职责"),), lambda rows, value: rows.filter(has_duty=False)),
    ),
    search=("name", "username"),
    search_hint="姓名或用户名",
    order=("username",),
    empty=Empty("还没有账号", "先为县驻村办开一个账号。"),
    prepare=_mark_locked,
)  # fmt: skip


@needs(SYSTEM, SECURITY)
@require_safe
def accounts(request: Request) -> HttpResponseBase:
    """Every account with its duties of today."""
    present = Duty.objects.on(request.today).select_related(*AREAS)
    rows = (
        User.objects.filter(is_caretaker=False)
        .select_related("person")
        .prefetch_related(Prefetch("duties", present, to_attr="present"))
    )
    rows = rows.annotate(has_duty=Exists(Duty.objects.on(request.today).filter(user=OuterRef("pk"))))
    context = {"may_open": request.user.may(SYSTEM, request.today)}
    return answer(request, ACCOUNTS, rows, template="office/accounts.html", context=context, on_export=note_export)


@needs(SYSTEM, SECURITY)
@require_safe
def account(request: Request, pk) -> HttpResponse:
    """One account: its state, whose it is, and every duty it has or had."""
    user = _user(pk)
    _mark_locked([user])
    person = Person.objects.filter(user=user).only("number", "name").first()
    context = {
        "title": user.name, "pretitle": "账号", "account": user, "person": person, "state": _state(user), "tone": TONES[_state(user)],
        "duties": user.duties.select_related(*AREAS).order_by("-start", "pk"), "is_self": user == request.user,
        "may_open": request.user.may(SYSTEM, request.today), "may_grant": request.user.may(SECURITY, request.today),
    }  # fmt: skip
    return render(request, "office/account.html", context)


@needs(SYSTEM)
def account_open(request: Request) -> HttpResponse:
    """Open an account; its first password is shown once, on a slip to print."""
    form = AccountForm(request.POST or None)
    if form.is_valid():
        person = form.cleaned_data.pop("person")
        password = first_password(*form.cleaned_data.values())
        open_one, more = (
            (teams.open_account, {"person": person})
            if person
            else (actions.open_account, {"name": form.cleaned_data["name"]})
        )
        try:
            user = open_one(
                username=form.cleaned_data["username"], password=password, by=request.user, at=request.now, **more
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return _slips(request, [(user, password)])
    context = {
        "form": form, "title": "开立账号", "submit": "开立并显示首次密码", "cancel_url": reverse("office:accounts"),
        "intro": "首次密码由系统生成，只显示一次，请当场打印或抄给本人；本人第一次登录时必须改掉。职责由安全管理员授予。",
    }  # fmt: skip
    return render(request, "office/plain_form.html", context)


@needs(SYSTEM)
def accounts_batch(request: Request) -> HttpResponse:
    """Open accounts for people in post who have none, all with one click; the slips come out together."""
    people = _in_post_without_account(request.today)
    form = BatchForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        passwords = {person: first_password(person.name, person.number) for person in form.cleaned_data["people"]}
        refused = teams.open_accounts(first_passwords=passwords, by=request.user, at=request.now)
        opened = {user.person.pk: user for user in User.objects.filter(person__in=passwords).select_related("person")}
        slips = [(opened[person.pk], password) for person, password in passwords.items() if person not in refused]
        return _slips(request, slips, [(person.name, why) for person, why in refused.items()])
    context = {
        "form": form,
        "title": "为在岗人员批量开账号",
        "people": people,
        "cancel_url": reverse("office:accounts"),
    }
    return render(request, "office/accounts_batch.html", context)


def _in_post_without_account(day):
    """People in post on `day` who have no account, with their unit: what handing out the slips needs, and no more."""
    posted = Posting.objects.on(day).filter(person=OuterRef("pk"))
    return without_account().filter(Exists(posted)).only("number", "name").order_by("number")


def _slips(request: Request, slips: list, refused: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """The paper with user names and first passwords: shown in the answer itself and kept nowhere."""
    context = {
        "title": "首次登录通知单", "slips": slips, "refused": refused, "sign_in_url": request.build_absolute_uri(reverse("access:sign_in")),
    }  # fmt: skip
    response = render(request, "office/slips.html", context)
    response["Cache-Control"] = "no-store"
    return response


@needs(SYSTEM)
@require_POST
def account_reset(request: Request, pk) -> HttpResponse:
    """Give a new first password; what is open under the old one ends."""
    user = _user(pk)
    password = first_password(user.username, user.name)
    if user == request.user:
        messages.error(request, "自己的密码请在右上角“修改密码”里改。")
        return redirect("office:account", pk)
    actions.change_password(user=user, password=password, by=request.user, at=request.now)
    return _slips(request, [(user, password)])


@needs(SYSTEM)
@require_POST
def account_active(request: Request, pk) -> HttpResponse:
    """Close an account (`active` empty) or open it again."""
    user, active = _user(pk), request.POST.get("active") == "1"
    try:
        actions.set_active(user=user, active=active, by=request.user, at=request.now)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("office:account", pk)
    return done(
        request,
        reverse("office:account", args=[pk]),
        "账号已重新启用。" if active else "账号已停用，正在使用的也已退出。",
    )


@needs(SYSTEM)
@require_POST
def account_unlock(request: Request, pk) -> HttpResponse:
    """Let somebody try again at once who was locked out."""
    actions.unlock(user=_user(pk), by=request.user, at=request.now)
    return done(request, reverse("office:account", args=[pk]), "已解锁，现在可以登录。")


@needs(SYSTEM)
def account_tie(request: Request, pk) -> HttpResponse:
    """Say which person of the ledger an account belongs to."""
    user = _user(pk)
    form = TieForm(request.POST or None)
    if form.is_valid():
        try:
            teams.give_account(person=form.cleaned_data["person"], user=user, by=request.user, at=request.now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, reverse("office:account", args=[pk]), "已关联，任职期间能看到所驻村的工作队。")
    context = {
        "form": form,
        "title": "关联驻村人员",
        "pretitle": f"{user.name}（{user.username}）",
        "cancel_url": reverse("office:account", args=[pk]),
    }
    return render(request, "web/form_page.html", context)


@needs(SYSTEM)
@require_safe
def pick_person(request: Request) -> HttpResponse:
    """People without an account, by number or name; nothing else about them."""
    term = pick_term(request)
    people = without_account().filter(Q(number__istartswith=term) | Q(name__icontains=term)).only("number", "name")
    return pick_options(request, [(person.pk, f"{person.number} {person.name}") for person in people[:21]])


def _user(pk) -> User:
    return get_object_or_404(User, pk=pk, is_caretaker=False)
