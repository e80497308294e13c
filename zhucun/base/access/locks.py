"""Who is locked out now after too many wrong passwords, as django-axes keeps it."""

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone


def locked_usernames() -> set[str]:
    """The names under which nobody can sign in at this moment; real time, also in a demonstration."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    tries = AccessAttempt.objects.filter(attempt_time__gt=since).order_by().values("username")
    return set(
        tries.annotate(n=Sum("failures_since_start"))
        .filter(n__gte=settings.AXES_FAILURE_LIMIT)
        .values_list("username", flat=True)
    )
