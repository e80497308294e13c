"""Which villages may be drawn on a day: those with a team, by their class that day."""

from datetime import date

from zhucun.base.directory.models import Standing
from zhucun.work.teams.models import Team


def pools_on(county: str, day: date) -> dict[str, list[str]]:
    """By class of village: the codes of those with a team in force on `day`, in their order; two queries."""
    held = set(Team.objects.on(day).filter(county=county).values_list("village_id", flat=True))
    classes = dict(Standing.objects.on(day).filter(village__in=held).values_list("village_id", "category"))
    pools: dict[str, list[str]] = {category: [] for category in Standing.Category.values}
    for code in sorted(held):
        pools[classes.get(code, Standing.Category.ORDINARY)].append(code)
    return pools
