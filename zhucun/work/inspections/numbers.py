"""The next number of a kind in a year: DC2022-07, WT2022-0013."""

from django.db.models import QuerySet

from zhucun.base.directory.models import Division


def one_by_one(county: str) -> None:
    """Make whoever gives numbers in the county next wait until this transaction is over; asked before `next_in`."""
    Division.objects.select_for_update(no_key=True).get(pk=county)


def next_in(rows: QuerySet, prefix: str, digits: int = 2) -> str:
    """The number after the highest of those rows that begins with `prefix`; asked inside the transaction that uses it."""
    taken = rows.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(number[len(prefix) :]) for number in taken if number[len(prefix) :].isdecimal()), default=0)
    return f"{prefix}{last + 1:0{digits}}"
