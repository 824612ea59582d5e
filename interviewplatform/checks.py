"""System checks of the installation as a whole."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def deployed_parts_check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A deployed installation needs a shared database and queue; the embedded ones serve one machine."""
    if settings.EMBEDDED:
        return [Warning("Candor runs embedded.", hint="Set SECRET_KEY (see .env.example).", id="candor.W001")]
    problems: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        problems.append(
            Warning("The database is SQLite.", hint="Set DATABASE_URL to a PostgreSQL server.", id="candor.W002")
        )
    if not settings.REDIS_URL:
        problems.append(Warning("The queue is a folder.", hint="Set REDIS_URL.", id="candor.W003"))
    return problems
