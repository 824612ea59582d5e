"""Recordings that are stored already get a poster, and a copy where browsers do not play them."""

from django.db import migrations


def queue_stored(apps, schema_editor):
    Playback = apps.get_model("analysis", "Playback")
    recordings = apps.get_model("interviews", "Recording").objects.values_list("pk", flat=True)
    Playback.objects.bulk_create(Playback(recording_id=pk) for pk in recordings)


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0008_playback"),
    ]

    operations = [
        migrations.RunPython(queue_stored, migrations.RunPython.noop),
    ]
