"""The mode of an installation, ``CANDOR_MODE``, and why Candor refuses to start with an environment that mixes modes.

*Embedded*: one machine, plain http, SQLite and a folder as queue, everything under ``var/``. *Deployed*: PostgreSQL,
Redis, a mail server, and a proxy with TLS in front.
Nothing is guessed: an environment is of one mode as a whole, or refused.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from interviews.media_encryption.keys import installation_keys

EMBEDDED: Final = "embedded"
DEPLOYED: Final = "deployed"
DECISIVE: Final = (
    *("CANDOR_MODE", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "S3_BUCKET", "EMAIL_URL"),
    *("MEDIA_ENCRYPTION", "MEDIA_KEYS"),
)
"""The variables that a mode is told by."""
IMAGES: Final = ("PYTHON_IMAGE", "POSTGRES_IMAGE", "REDIS_IMAGE")
BY_TAG: Final = "IMAGES_BY_TAG"
PINNED: Final = re.compile(r"@sha256:[0-9a-f]{64}$")
SHORTEST_KEY: Final = 50
FEWEST_CHARACTERS: Final = 5
"""Different ones, in a key."""
SILENT_MAIL: Final = ("", "consolemail", "dummymail", "memorymail", "filemail")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def refusal(environment: Mapping[str, str]) -> str:
    """One sentence why Candor does not start with these variables; empty if it does."""
    mode = environment.get("CANDOR_MODE", "") or EMBEDDED
    if mode not in (EMBEDDED, DEPLOYED):
        return f"CANDOR_MODE is “{mode}”; it is embedded or deployed."
    if "*" in (host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",")):
        return "ALLOWED_HOSTS is *, which lets anybody choose the name in our links; list the names people use."
    of_mode = _embedded_refusal(environment) if mode == EMBEDDED else _deployed_refusal(environment)
    return of_mode or _media_refusal(environment)


def unpinned_images(environment: Mapping[str, str]) -> list[str]:
    """The container images that compose.yaml runs by a tag, which may be another image tomorrow; none where the
    operator has chosen that with :data:`BY_TAG`."""
    if _is_on(environment, BY_TAG):
        return []
    images = {name: environment.get(name, "") for name in IMAGES}
    return [f"{name}={image}" for name, image in images.items() if image and not PINNED.search(image)]


def encrypts_media(environment: Mapping[str, str]) -> bool:
    """Whether stored media are encrypted: as ``MEDIA_ENCRYPTION`` says, and otherwise where Candor is deployed with a
    folder for them."""
    if environment.get("MEDIA_ENCRYPTION"):
        return _is_on(environment, "MEDIA_ENCRYPTION")
    return environment.get("CANDOR_MODE") == DEPLOYED and not environment.get("S3_BUCKET")


def _media_refusal(environment: Mapping[str, str]) -> str:
    try:
        keys = installation_keys(environment.get("MEDIA_KEYS", "").split(","))
    except ValueError as error:
        return str(error)
    if encrypts_media(environment) and environment.get("S3_BUCKET"):
        return "MEDIA_ENCRYPTION is for a folder of media; an object store encrypts what it keeps itself (S3_BUCKET)."
    if not keys and (encrypts_media(environment) or environment.get("CANDOR_MODE") == DEPLOYED):
        return (
            "MEDIA_KEYS is missing, with which media and the keys of second factors are encrypted: make a key as"
            " .env.example says."
        )
    return ""


def _embedded_refusal(environment: Mapping[str, str]) -> str:
    deployed = [name for name in ("SECRET_KEY", "REDIS_URL", "S3_BUCKET") if environment.get(name)]
    if environment.get("DATABASE_URL", "sqlite:").partition(":")[0] not in ("", "sqlite"):
        deployed.append("DATABASE_URL")
    if deployed:
        return f"{deployed[0]} is for a deployed installation: set CANDOR_MODE=deployed, or leave it out."
    if _is_on(environment, "DEBUG") and not set(_hosts(environment)) <= LOOPBACK:
        return "DEBUG shows the server's insides, so ALLOWED_HOSTS may name this machine alone while it is on."
    return ""


def _deployed_refusal(environment: Mapping[str, str]) -> str:
    key = environment.get("SECRET_KEY", "")
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        return f"SECRET_KEY has fewer than {SHORTEST_KEY} random characters; .env.example says how to make one."
    if _is_on(environment, "DEBUG"):
        return "DEBUG shows the server's insides, and a deployed installation does not start with it."
    if set(_hosts(environment)) <= LOOPBACK:
        return "ALLOWED_HOSTS names no host but this machine; list the names under which people reach Candor."
    if not environment.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://")):
        return "DATABASE_URL names no PostgreSQL server, which a deployed installation needs."
    redis = environment.get("REDIS_URL", "")
    if not redis:
        return "REDIS_URL is missing, which a deployed installation needs."
    if not redis.startswith("unix:") and not urlsplit(redis).password:
        return "REDIS_URL has no password; whoever reaches that Redis could run tasks here."
    if environment.get("EMAIL_URL", "").partition("://")[0] in SILENT_MAIL:
        return "EMAIL_URL names no mail server, so invitations and password links would reach nobody."
    return ""


def _hosts(environment: Mapping[str, str]) -> list[str]:
    return [host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",") if host.strip()]


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").lower() in ("true", "on", "ok", "y", "yes", "1")
