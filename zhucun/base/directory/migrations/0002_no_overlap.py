"""No two rows of directory_standing with the same village_id share a day."""

from django.db import migrations

from zhucun.base.timeline.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [no_overlap("directory_standing", "village_id", "no_overlapping_standings_per_village")]
