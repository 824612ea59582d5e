"""System checks of the installation as a whole; :mod:`interviewplatform.modes` has refused what cannot run at all."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def deployed_check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.EMBEDDED:
        return []
    return [Warning("Candor runs embedded.", hint="Set CANDOR_MODE=deployed (see .env.example).", id="candor.W001")]


@register(Tags.security, deploy=True)
def images_check(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """``prepare`` stops here: an image that is named by a tag alone may be another one tomorrow."""
    hint = "Pin the digests with `make pin` (docs/operations.md), or set IMAGES_BY_TAG=true."
    return [
        Warning(f"A container image is not pinned by its digest: {image}", hint=hint, id="candor.W002")
        for image in settings.UNPINNED_IMAGES
    ]
