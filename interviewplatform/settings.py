"""The one settings file. Everything that differs between installations comes from the environment (see .env.example).

``CANDOR_MODE`` is *embedded* (the default: one machine, plain http, everything it writes under ``var/``) or *deployed*:
secure cookies, HSTS and hashed static files are on. An environment that is neither does not start
(:mod:`interviewplatform.modes`).
"""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from interviewplatform import modes
from interviewplatform.redis_database import database_url
from ml.confinement.slots import Slots

os.umask(0o077)  # every entry point reads this file: what Candor writes is its own user's alone

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()  # X_FILE names a file that holds X, as secrets of containers are given
environ.Env.read_env(BASE_DIR / ".env")

# --- The kind of installation -------------------------------------------------------------------------------------

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

ENVIRONMENT = {name: env.str(name, default="") for name in (*modes.DECISIVE, *modes.IMAGES, modes.BY_TAG)}
if refusal := modes.refusal(ENVIRONMENT):
    sys.exit(f"Candor does not start. {refusal}")
EMBEDDED = env.str("CANDOR_MODE", default="") != modes.DEPLOYED
DEBUG = env.bool("DEBUG", default=False)


def embedded_secret_key() -> str:
    """The key of this embedded installation, made on first use and readable by its owner only."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        draft.rename(path)
    return path.read_text().strip()


SECRET_KEY = embedded_secret_key() if EMBEDDED else env.str("SECRET_KEY")
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = (CSRF_TRUSTED_ORIGINS or [f"http://localhost:{PORT}"])[0]
"""What links in mails begin with that no request asked for."""
TRUSTED_PROXIES = env.list(
    "TRUSTED_PROXIES",
    default=[] if EMBEDDED else ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
)
"""Networks whose ``X-Forwarded-For`` is believed."""

# --- Applications -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of its widgets, for FORM_RENDERER
    "channels",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "interviewplatform",
    "interviews",
    "analysis",
]

MIDDLEWARE = [
    "interviewplatform.access_log.AccessLogMiddleware",
    "interviewplatform.headers.HeadersMiddleware",
    "interviewplatform.compression.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "interviewplatform.static_files.StaticFilesMiddleware",
    "interviewplatform.client_address.ClientAddressMiddleware",
    "interviewplatform.requests.RefuseNulMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "interviewplatform.session_rules.SessionRulesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "interviewplatform.caching.NotStoredMiddleware",
    "interviewplatform.locked_media.LockedMediaMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it creates the response to a locked-out login
]

ROOT_URLCONF = "interviewplatform.urls"
ASGI_APPLICATION = "interviewplatform.asgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms stands before Django's own
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "interviews.context_processors.workplace",
            ],
        },
    },
]

# --- Database, queue, channel layer -------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # The web process and the workers write at the same time: WAL lets readers go on, IMMEDIATE takes the write
    # lock at the start of a transaction (a later upgrade would fail without waiting), and the timeout waits for it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Above the hard time limit, because otherwise Redis delivers a running task to a second worker.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 8 * 3600}
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.5,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True  # results of tasks are in the database
CELERY_TASK_DEFAULT_QUEUE = "maintenance"
CELERY_TASK_ROUTES = {
    "analysis.tasks.run_execute": {"queue": "analysis"},
    "analysis.tasks.transcript_execute": {"queue": "transcript"},  # so that no report waits for a transcript
    "analysis.tasks.playback_execute": {"queue": "playback"},  # so that nobody waits for a transcript to watch
    "analysis.tasks.robustness_execute": {"queue": "robustness"},  # the least urgent; the worker of transcripts does it
    "analysis.tasks.model_job_execute": {"queue": "training"},
    "interviews.tasks.room_store": {"queue": "storing"},  # so that nothing that a candidate sends delays a sweep
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 6 * 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)  # control messages over files would never be removed
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")


def scheduled(task: str, *, every_s: float) -> dict[str, object]:
    """An entry of the schedule. A message expires after one period, so that none accumulate behind a busy worker."""
    return {"task": task, "schedule": every_s, "options": {"expires": every_s}}


CELERY_BEAT_SCHEDULE = {
    "runs-reap": scheduled("analysis.tasks.runs_reap", every_s=10.0),
    "transcripts-reap": scheduled("analysis.tasks.transcripts_reap", every_s=10.0),
    "playbacks-reap": scheduled("analysis.tasks.playbacks_reap", every_s=10.0),
    "robustnesses-reap": scheduled("analysis.tasks.robustnesses_reap", every_s=10.0),
    "playback-files-sweep": scheduled("analysis.tasks.playback_files_sweep", every_s=3600.0),
    "model-jobs-reap": scheduled("analysis.tasks.model_jobs_reap", every_s=10.0),
    "model-jobs-sweep": scheduled("analysis.tasks.model_jobs_sweep", every_s=3600.0),
    "uploads-sweep": scheduled("interviews.tasks.uploads_sweep", every_s=3600.0),
    "recordings-sweep": scheduled("interviews.tasks.recordings_sweep", every_s=3600.0),
    "model-versions-verify": scheduled("analysis.tasks.model_versions_verify", every_s=60.0),
    "timelines-sweep": scheduled("analysis.tasks.timelines_sweep", every_s=3600.0),
    "retention-apply": scheduled("analysis.tasks.retention_apply", every_s=3600.0),
    "policy-enforce": scheduled("analysis.tasks.policy_enforce", every_s=6 * 3600.0),
    "lifts-remind": scheduled("interviews.tasks.lifts_remind", every_s=6 * 3600.0),
    "working-folders-sweep": scheduled("interviews.tasks.working_folders_sweep", every_s=60.0),
    "rooms-sweep": scheduled("interviews.tasks.rooms_sweep", every_s=30.0),
    "sessions-sweep": scheduled("interviews.tasks.sessions_sweep", every_s=24 * 3600.0),
}

# Limits of undelivered messages of a connection: some seconds of readings of a busy room; older ones are useless.
CHANNEL_LIMITS = {"capacity": 500, "expiry": 10}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [database_url(REDIS_URL, after=1)], **CHANNEL_LIMITS},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": CHANNEL_LIMITS}
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": database_url(REDIS_URL, after=2),
        "OPTIONS": {"serializer": "interviewplatform.redis_database.JSONSerializer"},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- People -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "interviews.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "interviewplatform.login.DemoLoginsOnThisMachine",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["email", "full_name"], "max_similarity": 0.6},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
] + [{"NAME": "interviews.password_rules.GuessablePasswordValidator"}]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "interview_list"
LOGOUT_REDIRECT_URL = "login"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_HANDLER = "interviewplatform.login_limits.LoginLimits"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "interviewplatform.login.throttled_name"
AXES_CLIENT_IP_CALLABLE = "interviewplatform.client_address.remote_address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page shows how long to wait, which must stay true
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True  # data protection: logins are not recorded; failures are kept for the throttle
AXES_VERBOSE = False

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Candor <candor@localhost>")

# --- Files --------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED  # embedded installations serve the source files, without a collectstatic step
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_OFFLOAD_PREFIX = env.str("MEDIA_OFFLOAD_PREFIX", default="")
"""Internal path of the proxy that serves MEDIA_ROOT (``X-Accel-Redirect``); empty: Candor streams recordings itself."""

UNPINNED_IMAGES = modes.unpinned_images(ENVIRONMENT)

MEDIA_ENCRYPTION = modes.encrypts_media(ENVIRONMENT)
"""Whether what is stored in MEDIA_ROOT from now on is encrypted (:mod:`interviews.media_storage`)."""
MEDIA_KEYS = env.list("MEDIA_KEYS", default=[])
"""Keys that wrap those of encrypted files: the first one for new files, the others until they are rotated out."""

S3_BUCKET = env.str("S3_BUCKET", default="")
S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default="")
STORAGES = {
    "default": {
        "BACKEND": "interviews.object_store.ObjectStore",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
    if S3_BUCKET
    else {"BACKEND": "interviews.media_storage.MediaStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

UPLOAD_CHUNK_BYTES = 8 * 1024**2
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=2 * 1024**3)
ORGANIZATION_BYTES = env.int("ORGANIZATION_BYTES", default=0)
"""Size of all recordings that one organization may keep; 0: as much as the disk takes."""
MAX_DURATION_S = env.int("MAX_DURATION_S", default=3 * 3600)
CONFINED_SLOTS = Slots(MEDIA_ROOT / "slots", env.int("CONFINED_PROGRAMS", default=4 + 2 * (os.cpu_count() or 1)))
"""How many programs that read recordings run at once on this machine, whoever starts them. The locks are where all
containers of a machine see them."""
ANALYSIS_FPS = env.float("ANALYSIS_FPS", default=10.0)
TRANSCRIPT_THREADS = env.int("TRANSCRIPT_THREADS", default=2)
"""Processor threads of the program that writes a transcript; it runs at a lower priority than everything else."""

WEIGHTS_DIR = BASE_DIR / "ml" / "weights"
"""The model versions that ship; uploaded and trained ones are in media storage."""
MODEL_CACHE_DIR = VAR_DIR / "models"
"""Copies of uploaded and trained versions, where media storage is not a folder of this machine."""
TRAINING_DATA_DIR = env.str("TRAINING_DATA_DIR", default="")
"""Folder with fer2013.npz, ravdess/ and eye_strips/; empty: training and evaluation from the panel are not possible."""
MODEL_JOBS_DIR = Path(env.str("MODEL_JOBS_DIR", default=str(VAR_DIR / "training" / "jobs")))
"""Checkpoints of trainings started from the panel, on the machine of the worker that runs them."""

# --- Live rooms ---------------------------------------------------------------------------------------------------

ICE_SERVERS = env.json("ICE_SERVERS", default=[])
"""STUN and TURN servers for calls: a list of ``{"urls": [...], "username": ..., "credential": ...}``. None are needed
where browsers reach each other directly."""
TURN_SECRET = env.str("TURN_SECRET", default="")
"""The secret that the TURN servers share with us (coturn: ``static-auth-secret``): credentials then are of one room
and end (:mod:`interviews.ice_servers`)."""
LIVE_WORKERS = env.int("LIVE_WORKERS", default=os.cpu_count() or 1)
"""Processes of each web node that read live frames and sound; they start with the first session."""
LIVE_MAX_SESSIONS = env.int("LIVE_MAX_SESSIONS", default=8 * LIVE_WORKERS)
"""Candidates that each web node analyses at once; others are recorded without live readings."""
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)

# --- HTTP security ------------------------------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not EMBEDDED
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_IDLE_S = env.int("SESSION_IDLE_S", default=8 * 3600)
"""Seconds without a request after which somebody is logged out; longer than an interview, whose page asks rarely."""
TWO_FACTOR_REQUIRED = env.bool("TWO_FACTOR_REQUIRED", default=not EMBEDDED)
"""Whether administrators, of the installation and of organizations, must log in with a second factor."""
OTP_TOTP_ISSUER = "Candor"
CSRF_COOKIE_HTTPONLY = False  # the pages' scripts send it back as X-CSRFToken
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not EMBEDDED
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if not EMBEDDED:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # load balancers ask over plain http
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # Both reach beyond this installation, to every other host of the domain: its owner switches them on.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
    # Silent where the three settings above are the operator's choice.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    if not SECURE_SSL_REDIRECT:
        SILENCED_SYSTEM_CHECKS.append("security.W008")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # Bootstrap's style sheet has its icons as data: addresses
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- API ----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["interviews.api.parsing.JSONParser"],
    "EXCEPTION_HANDLER": "interviews.api.base.refusal_answered",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "NUM_PROXIES": 0,  # ClientAddressMiddleware has taken the proxies off
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Candor",
    "DESCRIPTION": "Interview recordings, their analysis runs and reports.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "ModelStatusEnum": "analysis.models.ModelVersion.Status",
        "RunStatusEnum": "analysis.models.AnalysisRun.Status",
        "RoomStatusEnum": "interviews.models.Room.Status",
        "RobustnessStatusEnum": "analysis.api.robustness.STATES",
        "TranscriptStatusEnum": "analysis.api.transcript_serializers.STATES",
    },
}

# --- Language, time, logs -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "interviewplatform.access_log.WithoutSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would print each line twice.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "kombu": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "axes": {"level": "ERROR"},  # its warnings name people and addresses
        "interviewplatform.access_log": {"level": "WARNING" if EMBEDDED else "INFO"},
    },
}
