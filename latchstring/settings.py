"""Django settings, all from the environment (contract.md). Unsafe production settings stop it."""

import os
from pathlib import Path

from latchstring import unsafe
from latchstring.kernel import environment, limits
from latchstring.kernel import home as homes

PACKAGE = Path(__file__).resolve().parent
CATALOG = PACKAGE.parent / "catalog"
HOME = Path(environment.text("LATCHSTRING_HOME", ".latchstring")).absolute()
MODE = unsafe.mode()  # embedded | demo | production
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
if PRODUCTION:
    unsafe.refuse(unsafe.in_environment())  # everything that is wrong, a line each

DEBUG = False
TIME_ZONE = "America/Denver"
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [PACKAGE / "locale"]
ROOT_URLCONF = "latchstring.urls"
WSGI_APPLICATION = "latchstring.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Account"


def _secret_key() -> str:
    """Return the signing key: from the environment, or made once per home outside production."""
    given = os.environ.get("LATCHSTRING_SECRET_KEY")
    if given:
        return given
    return homes.secret(homes.at(HOME).prepare(), "secret-key")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = environment.text("LATCHSTRING_HOSTS", "127.0.0.1,localhost,testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "latchstring.kernel",
    "latchstring.vault",
    "latchstring.audit",
    "latchstring.people",
    "latchstring.programs",
    "latchstring.partners",
    "latchstring.documents",
    "latchstring.notices",
    "latchstring.funds",
    "latchstring.payments",
    "latchstring.verification",
    "latchstring.cases",
    "latchstring.applications",
    "latchstring.insight",
    "latchstring.flow",
    "latchstring.web",
]

MIDDLEWARE = [
    "latchstring.web.middleware.one_line_per_request",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "latchstring.web.middleware.turned_away",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "latchstring.web.sign_in_ends.sign_in_ends",
    "latchstring.web.middleware.within_scope",
    "latchstring.web.kept_words.words_come_back",
    "latchstring.web.middleware.errors_in_plain_words",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["latchstring.web.templatetags.form_token"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "latchstring.web.frame.frame",
            ],
        },
    }
]

# --- database -------------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", "")
# Without a URL nothing here can connect; `latchstring` starts the embedded server and sets it.
DATABASES = {"default": environment.database(DATABASE_URL or "postgresql://127.0.0.1:1/none")}
_role = environment.text("LATCHSTRING_DB_ROLE", "latchstring_app")
# The commands set it: 5 s for web, 60 s for a worker; 0 (migrations, loading) is no bound.
_statement_ms = environment.number("LATCHSTRING_STATEMENT_TIMEOUT_MS", 0)
DATABASES["default"]["OPTIONS"]["options"] = (  # type: ignore[index]
    f"-c role={_role} -c statement_timeout={_statement_ms}"
)
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 3)  # type: ignore[attr-defined]
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a server that came back is found at once
# Each statement is planned once per connection, not each time. A pooler between us and PostgreSQL
# must know prepared statements (PgBouncer does from 1.21).
DATABASES["default"]["OPTIONS"]["server_side_binding"] = True  # type: ignore[index]
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 3  # type: ignore[index]
WEB_PLACES = environment.number("LATCHSTRING_WEB_PLACES", limits.WEB_PLACES)
if environment.flag("LATCHSTRING_DB_POOL"):
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 2,
        "max_size": environment.number("LATCHSTRING_DB_POOL_SIZE", WEB_PLACES + 2),
        "timeout": 2,
        "max_waiting": limits.WEB_THREADS,
        "reconnect_timeout": 5,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60

PROCRASTINATE_IMPORT_PATHS = ["latchstring.flow.jobs"]
PGHISTORY_APPEND_ONLY = False  # our own triggers refuse changes; see kernel/guards.py

# --- sign-in --------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "latchstring.web.accounts.adapter.Adapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/after-sign-in/"
ACCOUNT_SIGNUP_REDIRECT_URL = "/after-sign-in/"
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/after-sign-in/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Staff must have a second factor. Only the demo may waive it, and then says so on every page.
SECOND_FACTOR_WAIVED = environment.flag("LATCHSTRING_SECOND_FACTOR_WAIVED")

SESSION_COOKIE_AGE = 12 * 3600
SIGN_IN_IDLE_SECONDS = environment.number("LATCHSTRING_IDLE_SECONDS", 1_800)
CSRF_FAILURE_VIEW = "latchstring.web.kept_words.form_expired"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked beside the proxy
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
LANE_COOKIE_NAME = "__Host-lane" if PRODUCTION else "lane"  # who waits where (web/places.py)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = limits.FORM_FIELDS_MAX
DATA_UPLOAD_MAX_NUMBER_FILES = limits.UPLOADS_PER_APPLICATION_MAX
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- files, mail, keys, partners ------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {"staticfiles": {"BACKEND": "latchstring.web.assets.HashedNames"}}
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGE = Path(
    environment.text("STORAGE_URL", f"file://{HOME}/files").removeprefix("file://")
).absolute()
KEYS = Path(environment.text("LATCHSTRING_KEYS", str(HOME / "keys"))).absolute()
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
globals().update(environment.mail(environment.text("EMAIL_URL", "smtp://127.0.0.1:2525")))
DEFAULT_FROM_EMAIL = environment.text("LATCHSTRING_MAIL_FROM", "help@latchstring.example")
SOURCES = {
    "tax": {
        "url": environment.text("LATCHSTRING_TAX_URL", ""),
        "client": environment.text("LATCHSTRING_TAX_CLIENT", "latchstring"),
        "secret": environment.text("LATCHSTRING_TAX_SECRET", ""),
    },
    "human_services": {
        "url": environment.text("LATCHSTRING_HUMAN_SERVICES_URL", ""),
        "client": environment.text("LATCHSTRING_HUMAN_SERVICES_CLIENT", "latchstring"),
        "secret": environment.text("LATCHSTRING_HUMAN_SERVICES_SECRET", ""),
    },
}
BANK = {
    "url": environment.text("LATCHSTRING_BANK_URL", ""),
    "client": environment.text("LATCHSTRING_BANK_CLIENT", "latchstring"),
    "secret": environment.text("LATCHSTRING_BANK_SECRET", ""),
    "name": environment.text("LATCHSTRING_BANK_NAME", "SANDBOX BANK"),
    "routing": environment.text("LATCHSTRING_BANK_ROUTING", "107000152"),
    "odfi": environment.text("LATCHSTRING_BANK_ROUTING", "107000152")[:8],
    "origin": environment.text("LATCHSTRING_BANK_ORIGIN", "1850000001"),
    "company_name": environment.text("LATCHSTRING_BANK_COMPANY", "STATE ASSISTANCE"),
    "company_id": environment.text("LATCHSTRING_BANK_COMPANY_ID", "1850000001"),
}
CARD = {  # the card contractor; the bank's address where none is named, as in the demo
    "url": environment.text("LATCHSTRING_CARD_URL", BANK["url"]),
    "client": environment.text("LATCHSTRING_CARD_CLIENT", BANK["client"]),
    "secret": environment.text("LATCHSTRING_CARD_SECRET", BANK["secret"]),
}
METRICS_TOKEN = environment.text("LATCHSTRING_METRICS_TOKEN", "")  # unset: this machine only
STOPPING_MARK = "LATCHSTRING_STOPPING_MARK"  # names the variable that serve.py sets
MAIL_PAGE_URL = environment.text("LATCHSTRING_MAIL_PAGE_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "latchstring.kernel.log.JsonLines"}},
    "filters": {"trouble": {"()": "latchstring.kernel.log.OnlyTrouble"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": environment.text("LATCHSTRING_LOG_LEVEL", "INFO")},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "procrastinate.jobs": {"level": "INFO"},  # which jobs a request or job deferred
        # One line per job is ours (flow/worker.py), and its lines quote errors.
        "procrastinate.worker": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # What nobody caught; a 503 of ours has its line already.
        "django.request": {"level": "ERROR", "filters": ["trouble"]},
    },
}
