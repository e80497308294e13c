"""`{% attachments target %}`: the documents attached to a record, and the form to add one, for any page."""

from django import template

from zhucun.base.evidence.models import attached_to

register = template.Library()


@register.inclusion_tag("evidence/_attachments.html", takes_context=True)
def attachments(context, target, title: str = "佐证材料") -> dict:
    """The list for a record the page already shows; the form only where the reader may add to it."""
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "title": title,
        "target": target,
        "target_type": target._meta.label_lower,
        "rows": attached_to(target).select_related("added_by"),
        "may_add": request.user.may("evidence.add", request.today, target),
        "next": request.get_full_path(),
    }
