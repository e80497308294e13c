"""Every model says who may see it; every moment has its actor; every status its way on."""

import re
from enum import Enum
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.house.tree import HOUSE, modules

# below access, so that it cannot have within(): asked by scope.condition(Entry)
ASKED_BY_CONDITION = {"journal.Entry"}
OURS = [model for model in apps.get_models() if model.__module__.startswith("zhucun.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_model_says_where_it_lies_or_why_everybody_may_see_it(model):
    scope, public = getattr(model, "SCOPE", None), getattr(model, "PUBLIC", None)
    assert (scope is None) != (public is None), "SCOPE = {area: path} or PUBLIC = “reason”, not both"
    if public is not None:
        assert len(public) > 10, "PUBLIC gives its reason"
        return
    assert set(scope) <= {"county", "township", "village", "unit"}
    for path in scope.values():
        model.objects.filter(**{f"{path}__isnull": True}).query  # noqa: B018  raises FieldError for a wrong path
    if model._meta.label in ASKED_BY_CONDITION:
        return
    assert hasattr(model.objects, "within"), "objects = … .as_manager() of a queryset with within()"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_moment_has_its_actor(model):
    names = {field.name for field in model._meta.get_fields()}
    alone = [name for name in names if name.endswith("_at") and f"{name[:-3]}_by" not in names]
    assert not alone


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_list_has_an_order_that_ends_with_a_key(model):
    ordering = [str(name).lstrip("-") for name in model._meta.ordering]
    if not ordering:
        pytest.skip("never listed")
    last = ordering[-1]
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    assert field.primary_key or field.unique, f"{ordering} may leave two rows in any order"


def statuses():
    for path in modules("models.py") + modules("rules.py"):
        module = import_module(".".join(path.relative_to(HOUSE.parent).with_suffix("").parts))
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Enum) and re.search(r"Status$", name):
                yield module, value


def test_every_status_stands_in_its_transitions():
    for module, status in statuses():
        tables = getattr(module, "TRANSITIONS", {})
        table = tables.get(status, tables)  # one process of the room, or its only one
        assert set(table) == set(status), f"{module.__name__}.TRANSITIONS and {status.__name__} differ"
        assert all(set(after) <= set(status) for after in table.values())


@pytest.mark.django_db
def test_no_migration_is_missing():
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail("a migration is missing: run zhucun makemigrations")
