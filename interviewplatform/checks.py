"""System checks of the installation as a whole; :mod:`interviewplatform.modes` has refused what cannot run at all."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def deployed_check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.EMBEDDED:
        return []
    return [Warning("Candor runs embedded.", hint="Set CANDOR_MODE=deployed (see .env.example).", id="candor.W001")]
