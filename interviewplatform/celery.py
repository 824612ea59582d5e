"""The Celery application. Its settings are the ``CELERY_*`` names of settings.py; each app has its tasks.py."""

import os

from celery import Celery
from celery.signals import beat_embedded_init, worker_process_init

from ml.confinement.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewplatform.settings")

app = Celery("candor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The pool and the scheduler of a worker end with it, even if it is killed; its run is recovered from its row.
worker_process_init.connect(die_with_parent)
beat_embedded_init.connect(die_with_parent)
