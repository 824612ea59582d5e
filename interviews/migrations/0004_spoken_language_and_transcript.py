"""The language of an interview, and the candidate's agreement to a transcript; nobody has agreed to one so far."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0003_installation_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="interview",
            name="spoken_language",
            field=models.CharField(
                choices=[("unknown", "Not known"), ("english", "English"), ("other", "Another language")],
                default="unknown",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="covers_transcript",
            field=models.BooleanField(default=False, help_text="Whether a transcript of it may be made."),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="purpose",
            field=models.CharField(
                choices=[("recording", "Recording"), ("analysis", "Analysis"), ("transcript", "Transcript")],
                max_length=16,
            ),
        ),
    ]
