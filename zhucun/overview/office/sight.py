"""Which villages and units somebody may see: their area's, and those that come in through teams and postings."""

from datetime import date

from django.db.models import Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhucun.base.access.models import User
from zhucun.base.access.scope import Scope
from zhucun.base.directory.models import Division, Unit, Village
from zhucun.base.timeline.models import in_force
from zhucun.work.teams.models import Posting, Team

VIEW = "directory.view"


def villages_seen_by(scope: Scope) -> QuerySet[Village]:
    """Villages of the area, and those with a team that the scope's unit leads or sends people to."""
    if scope.everything:
        return Village.objects.all()
    teams = Team.objects.seen_by(scope).filter(village=OuterRef("pk"))
    return Village.objects.filter(scope.condition(Village) | Exists(teams))


def units_seen_by(scope: Scope) -> QuerySet[Unit]:
    """Units of the county, one's own, and those that lead a team or send people into the area."""
    if scope.everything:
        return Unit.objects.all()
    leading = Team.objects.within(scope).filter(lead_unit=OuterRef("pk"))
    sending = Posting.objects.within(scope).filter(unit=OuterRef("pk"))
    return Unit.objects.filter(scope.condition(Unit) | Exists(leading) | Exists(sending))


def townships_seen_by(scope: Scope) -> QuerySet[Division]:
    """Divisions of township level of the county or of the villages one sees."""
    if scope.everything:
        return Division.objects.filter(villages__isnull=False).distinct()
    near = Q(parent__in=scope.county) | Q(pk__in=scope.township)
    return Division.objects.filter(near | Exists(villages_seen_by(scope).filter(township=OuterRef("pk"))))


def villages_on(user: User, today: date, day: date) -> QuerySet[Village]:
    """What the list of villages shows: class, condition and team as on `day`, for the areas the user has `today`."""
    scope = user.scope_on(today, VIEW)
    teams = Team.objects.on(day).seen_by(scope).filter(village=OuterRef("pk")).order_by("number", "pk")
    return (
        villages_seen_by(scope)
        .select_related("township")
        .annotate(
            standing=FilteredRelation("standings", condition=in_force(day, "standings__")),
            category=F("standing__category"),
            poor=F("standing__poor"),
            weak=F("standing__weak"),
            disorderly=F("standing__disorderly"),
            since=F("standing__start"),
            team_id=Subquery(teams.values("pk")[:1]),
            team_number=Subquery(teams.values("number")[:1]),
        )
    )


def units_on(user: User, today: date, day: date) -> QuerySet[Unit]:
    """What the list of units shows: people in post on `day`, counted in the areas the user has `today`."""
    scope = user.scope_on(today, VIEW)
    return units_seen_by(scope).annotate(people=_people(scope, day, unit=OuterRef("pk")))


def townships_on(user: User, today: date, day: date) -> QuerySet[Division]:
    """Divisions with their villages, and teams and people as on `day`."""
    scope = user.scope_on(today, VIEW)
    villages = villages_seen_by(scope).filter(township=OuterRef("pk"))
    teams = Team.objects.on(day).seen_by(scope).filter(village__township=OuterRef("pk"))
    return townships_seen_by(scope).annotate(
        villages_seen=_number(villages, "township", "pk"),
        teams_now=_number(teams, "village__township", "pk"),
        people=_people(scope, day, team__village__township=OuterRef("pk")),
    )


def _people(scope: Scope, day: date, **where) -> Coalesce:
    by = next(iter(where))
    return _number(Posting.objects.on(day).within(scope).filter(**where), by, "person")


def _number(rows: QuerySet, by: str, what: str) -> Coalesce:
    """How many different `what` the rows of the outer row have; 0 where there is none."""
    counted = rows.order_by().values(by).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
