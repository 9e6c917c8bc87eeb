"""Settings, all from the environment; an unknown or missing value stops the start. Table: docs/operations.md."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue
from whitenoise.compress import Compressor

from cxm.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401  (read by Django from this module)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What this installation is -----------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY must have at least 32 characters")

# Behind TLS the cookies are marked secure and the browser is told to stay on https.
IS_SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if IS_SECURE else 0)
SECURE_SSL_REDIRECT = False  # the proxy's deed; health checks come in over plain http
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer Chromium posts Origin: null and CSRF refuses the form
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours stand in front: the address that counts is that many from the right.
PROXY_HOPS = env.int("PROXY_HOPS", default=0)

# --- Applications, from the ground floor up -----------------------------------------------------------------

INSTALLED_APPS = [
    "tenancy",
    "customers",
    "journeys",
    "surveys",
    "metrics",
    "alerts",
    "cxm",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "cxm.static_files.StaticFiles",
    "django.forms",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cxm.public_pages.PublicPagesMiddleware",
    "cxm.api_requests.ApiMiddleware",
    # Pages of the app only: lists are long. Adds random bytes, so that no secret can be guessed from lengths.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "tenancy.middleware.PlainMethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenancy.middleware.SessionActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tenancy.middleware.OrganizationMiddleware",
]

ROOT_URLCONF = "cxm.urls"
WSGI_APPLICATION = "cxm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "cxm.forms_renderer.FormRenderer"

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
                "cxm.shell.shell",
            ],
            "builtins": ["cxm.templatetags.cxm", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# --- PostgreSQL ---------------------------------------------------------------------------------------------

# Web, workers and tests are cxm_app. Only `migrate` runs as cxm_owner, and only setup_database as a superuser.
DATABASE_ROLE = env.str("CXM_DATABASE_ROLE", default="app")
_url_name = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "admin": "DATABASE_ADMIN_URL"}.get(DATABASE_ROLE)
if _url_name is None:
    raise ImproperlyConfigured("CXM_DATABASE_ROLE must be app, owner or admin")
DATABASES = {
    "default": {
        **env.db_url_config(env.str(_url_name)),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": False,
        # Behind pgbouncer in transaction mode a server-side cursor would outlive its connection.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}

# --- Redis and Celery: the row is the queue, Redis only carries nudges ---------------------------------------

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue(name) for name in ("alerts", "sends", "default", "exports")]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "queue_order_strategy": "priority",
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "max_retries": 0,
    "visibility_timeout": 300,
    "global_keyprefix": env.str("REDIS_KEY_PREFIX", default="cxm:"),
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- Mail -------------------------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="smtp://127.0.0.1:1025")
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 20
MAIL_FROM = env.str("MAIL_FROM", default="CXM <no-reply@cxm.localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
# No survey mail leaves a demo organization, unless the mail server is a mailbox on this machine.
DEMO_MAIL = env.bool("DEMO_MAIL", default=False)

# --- Mail from customers -------------------------------------------------------------------------------------

# Where customers' answers go: a domain of which every address comes to us ("reply.example.com"), or one mailbox that
# takes what stands behind a plus ("replies@example.com"). Empty: answers go to the organization's reply address.
INBOUND_MAIL_DOMAIN = env.str("INBOUND_MAIL_DOMAIN", default="").strip().lower()
if len(INBOUND_MAIL_DOMAIN.rpartition("@")[0]) > 15:
    raise ImproperlyConfigured("The mailbox in INBOUND_MAIL_DOMAIN may have at most 15 characters before the @")
# Providers that hand mail on over HTTP, and the "user:password" by which they prove themselves.
INBOUND_MAIL_PROVIDERS = env.list("INBOUND_MAIL_PROVIDERS", default=[])
ANYMAIL_WEBHOOK_SECRET = env.list("ANYMAIL_WEBHOOK_SECRET", default=[])
ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY = env.str("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", default="")
if unknown := set(INBOUND_MAIL_PROVIDERS) - {"mailgun", "mailjet", "postmark", "sendgrid", "sparkpost"}:
    raise ImproperlyConfigured(f"INBOUND_MAIL_PROVIDERS names what we cannot read: {', '.join(sorted(unknown))}")
if INBOUND_MAIL_PROVIDERS and not all(len(each) >= 20 and ":" in each for each in ANYMAIL_WEBHOOK_SECRET or [""]):
    raise ImproperlyConfigured(
        "INBOUND_MAIL_PROVIDERS needs ANYMAIL_WEBHOOK_SECRET: user:password, 20 characters or more"
    )
if "mailgun" in INBOUND_MAIL_PROVIDERS and not ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY:
    raise ImproperlyConfigured("INBOUND_MAIL_PROVIDERS with mailgun needs ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY")

# --- Places outside that are told -----------------------------------------------------------------------------

# Webhooks go to public addresses over https only. For development and tests: also http, and machines inside.
# How long what a worker was sending when it was killed is left alone; it must be longer than sending a batch takes.
SENDING_LEASE_SECONDS = env.int("SENDING_LEASE_SECONDS", default=300)
OUTGOING_PRIVATE_TARGETS = env.bool("OUTGOING_PRIVATE_TARGETS", default=False)

# --- People -----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "tenancy.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "tenancy.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "tenancy.forms.SignupDetails"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_SESSION_REMEMBER = None  # a box on the sign-in page
# Counted exactly in Redis (a lock around each count); without Redis nobody is kept out.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/h/ip",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_SECURE else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CXM"
# A code opens the door once, and a clock may be one step off.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_SECURE
USERSESSIONS_TRACK_ACTIVITY = True

# Sessions live in PostgreSQL and limits in Redis: a lost Redis must not sign anybody out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "tenancy.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cxm",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# Per API key; calls over it get 429 with Retry-After. In words: "100/second;20000/minute".
API_RATE_LIMITS = env.str("API_RATE_LIMITS", default="100/second")

# --- Language and time --------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Static files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Source maps are served as they are and only hashed names are kept: else collecting takes a minute.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Content security policy ----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "frame-src": ["'self'"],
    }
}
# The survey pages run no script and call nobody.
SURVEY_CONTENT_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# --- Logging: one line an event on standard error ------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "faker": {"level": "WARNING"},
        # The sweeps come every few seconds; a line for each would bury the rest.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
