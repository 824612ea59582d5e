"""GET /health/: the health of this web process, for load balancers and for the supervisor of `make run`."""

import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analysis.selectors import model_problems
from ml.confinement.kernel import confinement_gaps

log = logging.getLogger(__name__)


def database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("The database does not answer")
        return False
    return True


def queue_works() -> bool:
    from celery import current_app
    from kombu.exceptions import OperationalError

    try:
        with current_app.connection_for_write() as queue:
            queue.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        log.exception("The queue does not answer")
        return False
    return bool(settings.REDIS_URL) or (settings.QUEUE_DIR / "messages").is_dir()


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part answers, 503 with the failing part ``false`` otherwise.

    To administrators of the installation it also tells whether the ``models`` are whole, and in ``model_problems`` a
    sentence for each modality that is out of service; and whether programs that read recordings are ``confined``, with
    what this machine's kernel cannot keep from them. None of it affects the status, because without a model a report
    lacks only one modality.
    """
    parts = {"database": database_works(), "queue": queue_works()}
    healthy = all(parts.values())
    answer: dict[str, object] = {"status": "ok" if healthy else "failing", **parts}
    if parts["database"] and request.user.is_active and request.user.is_superuser:
        problems = model_problems()
        gaps = confinement_gaps()
        answer |= {"models": not problems, "model_problems": problems, "confined": not gaps, "confinement_gaps": gaps}
    return JsonResponse(answer, status=200 if healthy else 503)
