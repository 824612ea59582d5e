"""What the maintenance worker does for this app."""

from celery import shared_task

from interviews import services


@shared_task(name="interviews.tasks.uploads_sweep")
def uploads_sweep() -> None:
    services.uploads_sweep()
