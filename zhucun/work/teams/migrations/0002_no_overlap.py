"""No two rows of teams_posting with the same person_id share a day."""

from django.db import migrations

from zhucun.base.timeline.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]

    operations = [no_overlap("teams_posting", "person_id", "no_overlapping_postings_per_person")]
