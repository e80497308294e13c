"""No two rows of people_record with the same person_id share a day."""

from django.db import migrations

from zhucun.base.timeline.exclusion import no_overlap


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [no_overlap("people_record", "person_id", "no_overlapping_records_per_person")]
