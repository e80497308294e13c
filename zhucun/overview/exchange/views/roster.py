"""The county's own roster: upload, what its columns hold, what its words mean."""

import json

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhucun.base.web.forms import dress
from zhucun.overview.exchange import actions, jobs
from zhucun.overview.exchange.cells import plain
from zhucun.overview.exchange.forms import ColumnsForm, UnitForm, WordForm
from zhucun.overview.exchange.models import Habit, Job, Status
from zhucun.overview.exchange.roster import guess
from zhucun.overview.exchange.roster.places import County, unit_in
from zhucun.overview.exchange.roster.targets import BY_KEY

from .ledger import IMPORT, job_or_404, steps, take_upload

TICKED = {"agriculture", "rural", "poverty_relief", "party_transferred"}
YES_NO = (("yes", "是"), ("no", "否"))


@login_required
def roster(request):
    """Take a roster as the county keeps it."""
    request.user.require(IMPORT, request.now)
    if request.method != "POST":
        return redirect("exchange:home")
    return take_upload(request, Job.Kind.ROSTER, "导入花名册")


@login_required
def roster_columns(request, id):
    """Ask what each column holds, guessed from its header and remembered from the last time."""
    job = job_or_404(request, id)
    looked = looked_at(job)
    if looked is None:
        return redirect("exchange:job", job.pk)
    habit = Habit.objects.filter(county=job.county, fingerprint=looked["fingerprint"]).first()
    data = request.POST if request.method == "POST" else None
    start = (habit.words.get("defaults") or {}).get("start") if habit else None
    guessed = habit.columns if habit else looked["guess"]
    form = ColumnsForm(data, headers=looked["headers"], guess=guessed, initial={"start": start})
    if form.is_valid():
        words = (habit.words if habit else {}) | {"defaults": {"start": str(form.cleaned_data["start"] or "")}}
        complete = not open_words(job, looked, form.columns, words)
        tell(request, job, looked, form.columns, words, complete=complete)
        return redirect("exchange:job" if complete else "exchange:roster_words", job.pk)
    fields = [form[f"column_{index}"] for index in range(len(looked["headers"]))]
    columns = [
        {"field": f, "examples": looked["examples"][i]}
        for i, f in enumerate(fields)
        if looked["headers"][i] or looked["examples"][i]
    ]
    context = {
        "title": "这些列是什么",
        "job": job,
        "form": form,
        "columns": columns,
        "looked": looked,
        "steps": steps(job),
        "remembered": habit,
    }
    return render(request, "exchange/roster_columns.html", context)


@login_required
@require_POST
def roster_again(request, id):
    """Back to the columns of a roster that was refused."""
    job = job_or_404(request, id)
    actions.ask_again(job=job, by=request.user, at=request.now)
    return redirect("exchange:job", job.pk)


@login_required
def roster_words(request, id):
    """Ask what the words mean that nobody knows yet, and of what kind new units are; asked once, then remembered."""
    job = job_or_404(request, id)
    looked = looked_at(job)
    habit = looked and Habit.objects.filter(county=job.county, fingerprint=looked["fingerprint"]).first()
    if not habit:
        return redirect("exchange:job", job.pk)
    asked = open_words(job, looked, habit.columns, habit.words)
    forms = [bound(request, key, word, place) for place, (key, word) in enumerate(asked)]
    if request.method == "POST" and all(form.is_valid() for _, form in forms):
        tell(request, job, looked, habit.columns, learned(habit.words, forms), complete=True)
        return redirect("exchange:job", job.pk)
    groups = [
        {"label": BY_KEY[key].label, "is_unit": key == "unit", "forms": [form for other, form in forms if other == key]}
        for key in dict.fromkeys(key for key, _ in asked)
    ]
    context = {"title": "这些词是什么意思", "job": job, "groups": groups, "steps": steps(job)}
    return render(request, "exchange/roster_words.html", context)


def looked_at(job: Job) -> dict | None:
    """What was seen of the roster; None when it is not (or no longer) waiting for answers."""
    raw = jobs.kept(job.pk, jobs.LOOKED) if job.status == Status.MAPPING else None
    return json.loads(raw) if raw else None


def open_words(job: Job, looked: dict, columns: dict, words: dict) -> list[tuple[str, str]]:
    """Words of the mapped columns nobody has given a meaning: (what the column holds, word)."""
    found = []
    for index, key in columns.items():
        for word in looked["words"][int(index)]:
            known = words.get(key, {})
            target = BY_KEY[key]
            if (target.asks and guess.meaning(target, word, known) is None) or (
                key in TICKED and guess.truth(word) is None and plain(word) not in known
            ):
                found.append((key, word))
    return found + [("unit", word) for word in open_units(job, looked, columns, words)]


def open_units(job: Job, looked: dict, columns: dict, words: dict) -> list[str]:
    """Units the county does not know."""
    index = next((int(i) for i, key in columns.items() if key == "unit"), None)
    if index is None:
        return []
    county = County.load(job.county_id)
    return [w for w in looked["words"][index] if plain(w) not in words.get("unit", {}) and not county.unit(w)]


def bound(request, key, word, place):
    """The small form that asks for one word, with a proposal."""
    data = request.POST if request.method == "POST" else None
    prefix = f"w{place}"
    if key == "unit":
        name = unit_in(word)
        initial = {"name": name, "category": guess.unit_category(name), "level": guess.unit_level(name)}
        form = UnitForm(data, word=word, prefix=prefix, initial=initial)
    else:
        column = BY_KEY[key].column
        choices = YES_NO if key in TICKED else [*column.labels.items(), *([] if column.required else [("-", "不填")])]
        form = WordForm(data, word=word, choices=choices, prefix=prefix)
    dress(form)
    for field in form:
        field.field.widget.attrs["aria-label"] = f"{word}：{field.label}"
    return key, form


def learned(words: dict, forms: list) -> dict:
    """The words known so far and those just explained."""
    found = {key: dict(value) for key, value in words.items()}
    for key, form in forms:
        if key == "unit":
            name = form.cleaned_data["name"].strip()
            found.setdefault("unit", {})[plain(form.word)] = name
            found.setdefault("unit_category", {})[name] = form.cleaned_data["category"]
            found.setdefault("unit_level", {})[name] = form.cleaned_data["level"]
        else:
            found.setdefault(key, {})[plain(form.word)] = form.cleaned_data["meaning"].strip("-")
    return found


def tell(request, job, looked, columns, words, *, complete):
    """Keep the answers; when nothing is left to ask, examine the roster."""
    actions.answer(
        job=job,
        columns=columns,
        words=words,
        fingerprint=looked["fingerprint"],
        by=request.user,
        at=request.now,
        complete=complete,
    )
