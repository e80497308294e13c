"""What is done to the demonstration: build it into an empty database, wipe it. A county's own data is refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from unittest.mock import patch

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import connection, models, transaction

from zhucun.base.access import actions as access
from zhucun.base.journal import anchor, guard, journal
from zhucun.base.journal.models import Head
from zhucun.work.attendance.models import Reading

from .builder import seed
from .builder.drawing import draw
from .builder.found import Found, found
from .builder.ground import Ground
from .builder.papers import SAMPLES, folder
from .builder.telling import Telling

LOOSE = {"sessions", "axes"}
"""Apps of others whose rows belong to the demonstration too."""


@transaction.atomic
def build(*, by, at: datetime, say: Callable[[str], None] = lambda line: None) -> None:
    """Build the whole county in one transaction, or nothing; raises ValidationError unless the database is empty."""
    if found() is not Found.NOTHING:
        raise ValidationError("数据库里已经有数据，不能再建演示县。")
    say("抽取演示县的人员和经历……")
    sown = seed.read()
    plan = draw(sown)
    ground = Ground(sown, plan, by)
    say(f"写入名录：{len(ground.seed.units)} 个单位、{len(plan.places)} 个村……")
    with journal.gathering(at), _left_to_the_tables():
        ground.lay()
        Telling(sown, plan, ground).tell(say)
        ground.show(at)


@transaction.atomic
def rebuild(*, by, at: datetime, say: Callable[[str], None] = lambda line: None) -> None:
    """Wipe a demonstration and build it anew, both or neither; raises ValidationError when it is anything else."""
    say("清空原来的演示数据……")
    wipe(by=by, at=at)
    build(by=access.caretaker(), at=at, say=say)


@transaction.atomic
def wipe(*, by, at: datetime) -> None:
    """Remove every row of a demonstration, its journal too; raises ValidationError when it is anything else."""
    by.require("timeline.clock_fix", at)
    if found() is not Found.DEMO:
        raise ValidationError("这不是演示县的数据库，不能清空。")
    _remove_files_after_commit()
    for key in Head.objects.values_list("journal", flat=True):
        transaction.on_commit(partial(anchor.path_of(key).unlink, missing_ok=True))
    tables = [model._meta.db_table for model in _models()]
    guard.remove(connection)
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables):
            cursor.execute(statement)
    guard.install(connection)


@contextmanager
def _left_to_the_tables() -> Iterator[None]:
    """Constraints and foreign keys are held by the tables alone: asking for each before each write, too, costs a third of the build.

    For the command line and tests: it holds for the whole process while it lasts.
    """
    unasked = patch.object(models.Model, "validate_constraints", new=lambda row, exclude=None: None)
    with unasked, patch.object(models.ForeignKey, "validate", new=models.Field.validate):
        yield


def _models() -> list[type[models.Model]]:
    """Every model of our rooms, their many-to-many tables, and the sessions and lock-outs that go with the accounts."""
    standing = set(connection.introspection.table_names())
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in standing]
    return [model for model in ours if model.__module__.startswith("zhucun.") or model._meta.app_label in LOOSE]


def _remove_files_after_commit() -> None:
    """Attachments, uploaded workbooks and pages of the book go once their rows are gone for good; so do the samples."""
    for picture in set(Reading.objects.exclude(picture="").values_list("picture", flat=True)):
        transaction.on_commit(partial(_let_go, picture))
    for name in SAMPLES:
        transaction.on_commit(partial((folder() / name).unlink, missing_ok=True))
    for model in _models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                names = [name for name in model._default_manager.values_list(field.name, flat=True) if name]
                for name in names:
                    transaction.on_commit(partial(field.storage.delete, name))


def _let_go(picture: str) -> None:
    """Remove a page's picture, unless the county built anew in the same transaction has the very same one."""
    if not Reading.objects.filter(picture=picture).exists():
        Reading(picture=picture).path.unlink(missing_ok=True)
