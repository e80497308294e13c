"""制度: documents and clauses, and the numbers that rules use, each by date."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhucun.base.access.request import Request
from zhucun.base.policy import actions
from zhucun.base.policy.catalogue import catalogue
from zhucun.base.policy.clauses import in_order
from zhucun.base.policy.models import Document, Parameter
from zhucun.base.web.pages import done
from zhucun.overview.office import values
from zhucun.overview.office.forms.policy import ClausesForm, DocumentEndForm, DocumentForm, ParameterForm

from .gate import needs


@needs("policy.view")
@require_safe
def documents(request: Request) -> HttpResponse:
    """The documents in force on the day shown, or with `?all=1` all there ever were, each with its clauses."""
    everything = request.GET.get("all") == "1"
    rows = Document.objects.all() if everything else Document.objects.on(request.day)
    context = {
        "title": "制度文件", "rows": rows.prefetch_related("clauses").order_by("-start", "title"), "everything": everything,
        "may_edit": request.user.may("policy.edit", request.today),
    }  # fmt: skip
    return render(request, "office/documents.html", context)


@needs("policy.view")
@require_safe
def document(request: Request, pk) -> HttpResponse:
    """One document: its clauses, and the numbers that rest on each."""
    row = get_object_or_404(Document, pk=pk)
    resting = values.by_clause(Parameter.objects.on(request.day).filter(clause__document=row))
    context = {
        "title": str(row), "document": row, "may_edit": request.user.may("policy.edit", request.today),
        "clauses": [(clause, resting.get(clause.pk, [])) for clause in in_order(row.clauses.select_related("document"))],
    }  # fmt: skip
    return render(request, "office/document.html", context)


@needs("policy.edit")
def document_add(request: Request) -> HttpResponse:
    """Enter a document with its clauses, pasted as one text."""
    form = DocumentForm(request.POST or None, initial={"start": request.today})
    if form.is_valid():
        try:
            row = actions.issue_document(by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, reverse("office:document", args=[row.pk]), f"{row}已录入。")
    context = {"form": form, "title": "录入制度文件", "cancel_url": reverse("office:documents")}
    return render(request, "web/form_page.html", context)


@needs("policy.edit")
def clauses_add(request: Request, pk) -> HttpResponse:
    """Add clauses to a document, or put the text of some right."""
    row = get_object_or_404(Document, pk=pk)
    form = ClausesForm(request.POST or None)
    if form.is_valid():
        kept = {name: getattr(row, name) for name in ("title", "number", "issuer", "start")}
        try:
            actions.issue_document(**kept, **form.cleaned_data, by=request.user, at=request.now)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, reverse("office:document", args=[pk]), "条款已保存。")
    context = {
        "form": form,
        "title": "增加或更正条款",
        "pretitle": str(row),
        "cancel_url": reverse("office:document", args=[pk]),
    }
    return render(request, "web/form_page.html", context)


@needs("policy.edit")
def document_end(request: Request, pk) -> HttpResponse:
    """Say until when a document was in force."""
    row = get_object_or_404(Document, pk=pk)
    form = DocumentEndForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_document(document=row, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(request, reverse("office:document", args=[pk]), f"{row}的有效期已保存。")
    context = {
        "form": form, "title": "登记废止或失效", "pretitle": str(row), "cancel_url": reverse("office:document", args=[pk]),
        "intro": "依据这份文件的参数不会自动改变，请随后到“制度参数”逐项调整。",
    }  # fmt: skip
    return render(request, "web/form_page.html", context)


@needs("policy.view")
@require_safe
def parameters(request: Request) -> HttpResponse:
    """Every parameter by group, with its value on the day shown, since when, by which clause."""
    context = {
        "title": "制度参数", "groups": values.on(request.day), "may_edit": request.user.may("policy.edit", request.today),
    }  # fmt: skip
    return render(request, "office/parameters.html", context)


@needs("policy.view")
@require_safe
def parameter(request: Request, key: str) -> HttpResponse:
    """One parameter: what it is for, and every value it ever had."""
    entry = _entry(key)
    rows = Parameter.objects.filter(key=key).select_related("clause__document").order_by("area", "-start")
    context = {
        "title": entry.label, "pretitle": f"制度参数　{entry.group}", "entry": entry,
        "default": entry.write(entry.default), "rows": values.with_area_names(rows),
        "may_edit": request.user.may("policy.edit", request.today),
    }  # fmt: skip
    return render(request, "office/parameter.html", context)


@needs("policy.edit")
def parameter_set(request: Request, key: str) -> HttpResponse:
    """Let a parameter have another value from a day on."""
    entry = _entry(key)
    places = values.places(request.user.scope_on(request.today, "policy.edit"))
    form = ParameterForm(request.POST or None, entry=entry, places=places, initial=values.initial(entry, request.today))
    if form.is_valid():
        try:
            actions.set_parameter(key=key, by=request.user, at=request.now, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return done(
                request,
                "office:parameters",
                f"“{entry.label}”自 {form.cleaned_data['start']} 起为{form.cleaned_data['value']}{entry.unit}。",
            )
    context = {
        "form": form,
        "title": f"调整“{entry.label}”",
        "pretitle": entry.group,
        "intro": entry.note,
        "cancel_url": reverse("office:parameters"),
    }
    return render(request, "web/form_page.html", context)


def _entry(key: str):
    try:
        return catalogue()[key]
    except KeyError:
        raise Http404("没有这个参数。") from None
