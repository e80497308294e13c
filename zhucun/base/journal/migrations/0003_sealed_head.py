"""The head row carries a keyed hash of itself; an entry cannot be replaced either."""

from django.db import migrations, models

from zhucun.base.journal import guard
from zhucun.base.journal.chain import seal_of


def seal(apps, editor):
    for head in apps.get_model("journal", "Head").objects.all():
        head.seal = seal_of(head)
        head.save(update_fields=["seal"])


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="head",
            name="first",
            field=models.PositiveBigIntegerField(default=1, help_text="the first entry this key can prove"),
        ),
        migrations.AddField(
            model_name="head",
            name="seal",
            field=models.CharField(
                default="", help_text="keyed hash of this row, so that it cannot be wound back", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunPython(
            lambda apps, editor: guard.install(editor.connection),
            lambda apps, editor: guard.install(editor.connection),
        ),
    ]
