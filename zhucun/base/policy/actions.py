"""What is done to the rules in writing."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from zhucun.base.journal import journal
from zhucun.base.timeline.periods import end_after

from .catalogue import catalogue
from .models import Clause, Document, Parameter


@transaction.atomic
def issue_document(
    *, title: str, number: str, issuer: str, start: date, clauses: dict[str, str], by, at: datetime
) -> Document:
    """Enter a document in force from `start` with its clauses by number; the same title and day again adds to it."""
    by.require("policy.edit", at)
    document, _ = Document.objects.get_or_create(
        title=title, start=start, defaults={"number": number, "issuer": issuer}
    )
    document.full_clean()
    for place, text in clauses.items():
        clause, _ = Clause.objects.update_or_create(document=document, number=place, defaults={"text": text})
        clause.full_clean()
    journal.note(
        by=by,
        at=at,
        action="document.issued",
        target=document,
        data={"number": number, "start": start, "clauses": clauses},
    )
    return document


@transaction.atomic
def end_document(*, document: Document, last_day: date, reason: str, by, at: datetime) -> Document:
    """Let a document be in force until `last_day`, inclusive (废止、失效); numbers that rest on it stay until changed."""
    by.require("policy.edit", at)
    if not reason.strip():
        raise ValidationError("请写明废止或失效的依据，例如新文件的名称和文号。")
    document.end = end_after(last_day)
    document.full_clean()
    document.save(update_fields=["end"])
    journal.note(by=by, at=at, action="document.ended", target=document, data={"last_day": last_day}, reason=reason)
    return document


@transaction.atomic
def set_parameter(
    *, key: str, value: str, start: date, clause: Clause | None, by, at: datetime, area: str = "", reason: str = ""
) -> Parameter:
    """Let a parameter be `value` from `start` on; the value before it ends the day before. The same start corrects.

    Raises ValidationError for an unknown key, a value of the wrong kind, or when a later value exists already.
    """
    by.require("policy.edit", at)
    if key not in catalogue():
        raise ValidationError(f"没有名为“{key}”的参数。")
    text = catalogue()[key].write(catalogue()[key].read(value))
    rows = Parameter.objects.filter(key=key, area=area)
    if rows.filter(start__gt=start).exists():
        raise ValidationError(
            f"“{catalogue()[key].label}”在 {start} 之后已经有新的值，请改那一条，或选更晚的生效日期。"
        )
    before = rows.filter(end__isnull=True).first()
    rows.filter(end__isnull=True, start__lt=start).update(end=start)
    row, _ = Parameter.objects.update_or_create(
        key=key, area=area, start=start, defaults={"value": text, "clause": clause, "end": None}
    )
    row.full_clean()
    data = {"key": key, "value": [before.value if before else None, text], "start": start, "clause": str(clause or "")}
    journal.note(by=by, at=at, action="parameter.set", target=row, data=data, reason=reason)
    return row
