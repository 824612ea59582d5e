"""Answers about consent are events; the ones that were stored before become events too."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


ANALYSES = ("face", "eyes", "voice")
VERSION = "unversioned"


def events_of_stored_answers(apps, schema_editor):
    """Each stored answer becomes an event; what a recruiter confirmed is one of theirs."""
    event = apps.get_model("interviews", "ConsentEvent")
    for row in apps.get_model("interviews", "Agreement").objects.order_by("answered_at").select_related("room"):
        for purpose in ANALYSES if row.purpose == "analysis" else (row.purpose,):
            event.objects.create(
                interview_id=row.room.interview_id,
                purpose=purpose,
                given=row.given,
                at=row.answered_at,
                how="room",
                statement=row.statement,
                version=VERSION,
            )
    for row in apps.get_model("interviews", "Consent").objects.order_by("confirmed_at"):
        if event.objects.filter(interview_id=row.interview_id).exists():
            continue
        answers = {"recording": True, **dict.fromkeys(ANALYSES, row.covers_analysis), "transcript": row.covers_transcript}
        for purpose, given in answers.items():
            event.objects.create(
                interview_id=row.interview_id,
                purpose=purpose,
                given=given,
                at=row.confirmed_at,
                how="room" if row.agreed_by_candidate else "recorded",
                recorded_by_id=None if row.agreed_by_candidate else row.confirmed_by_id,
                statement=row.statement,
                version=VERSION,
            )


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0010_policy_and_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('recording', 'Recording'), ('face', 'Analysis of the face'), ('eyes', 'Analysis of the eyes and the gaze'), ('voice', 'Analysis of the voice'), ('transcript', 'Transcript'), ('sharing', 'Showing it to people outside the organization')], max_length=16)),
                ('given', models.BooleanField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('how', models.CharField(choices=[('room', 'On the page of the live interview'), ('own_page', "On the candidate's own page"), ('recorded', 'Written down by a recruiter')], max_length=16)),
                ('statement', models.TextField(help_text='The words that were shown.')),
                ('version', models.CharField(help_text='Of the words.', max_length=16)),
                ('language', models.CharField(default='en', help_text='Of the words, as in BCP 47.', max_length=16)),
                ('interview', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consent_events', to='interviews.interview')),
                ('recorded_by', models.ForeignKey(blank=True, help_text='Empty when the candidate answered in person.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent_events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AddIndex(
            model_name='consentevent',
            index=models.Index(fields=['interview', 'purpose'], name='consent_of_interview'),
        ),
        migrations.AddConstraint(
            model_name='consentevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', 'recorded'), ('recorded_by__isnull', False)), models.Q(models.Q(('how', 'recorded'), _negated=True), ('recorded_by__isnull', True)), _connector='OR'), name='consent_comes_from_somebody'),
        ),
        migrations.RunPython(events_of_stored_answers, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='Agreement',
        ),
        migrations.DeleteModel(
            name='Consent',
        ),
    ]
