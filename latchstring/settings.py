"""Django settings, all from the environment (contract.md). Unsafe production settings stop it."""

import os
from pathlib import Path

from latchstring.kernel import environment
from latchstring.kernel import home as homes
from latchstring.kernel.environment import WrongSetting

PACKAGE = Path(__file__).resolve().parent
CATALOG = PACKAGE.parent / "catalog"
HOME = Path(environment.text("LATCHSTRING_HOME", ".latchstring")).absolute()
MODE = environment.text("LATCHSTRING_MODE", "embedded")  # embedded | demo | production
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"

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
    if PRODUCTION:
        raise WrongSetting("LATCHSTRING_SECRET_KEY is not set. Production needs one of its own.")
    return homes.secret(homes.at(HOME).prepare(), "secret-key")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = environment.text("LATCHSTRING_HOSTS", "127.0.0.1,localhost,testserver").split(",")
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise WrongSetting("LATCHSTRING_HOSTS must name the hosts that production serves, not *.")

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
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "latchstring.web.middleware.within_scope",
    "latchstring.web.middleware.errors_in_plain_words",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "latchstring.web.frame.frame",
            ]
        },
    }
]

# --- database -------------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", "")
if PRODUCTION and not DATABASE_URL:
    raise WrongSetting("DATABASE_URL is not set. Production needs a PostgreSQL server.")
# Without a URL nothing here can connect; `latchstring` starts the embedded server and sets it.
DATABASES = {"default": environment.database(DATABASE_URL or "postgresql://127.0.0.1:1/none")}
_role = environment.text("LATCHSTRING_DB_ROLE", "latchstring_app")
DATABASES["default"]["OPTIONS"]["options"] = f"-c role={_role}"  # type: ignore[index]
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if environment.flag("LATCHSTRING_DB_POOL"):
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 2,
        "max_size": environment.number("LATCHSTRING_DB_POOL_SIZE", 8),
        "timeout": 5,
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
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
if SECOND_FACTOR_WAIVED and PRODUCTION:
    raise WrongSetting("LATCHSTRING_SECOND_FACTOR_WAIVED is for the demo. Remove it.")

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
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
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- files, mail, keys, partners ------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
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
MAIL_PAGE_URL = environment.text("LATCHSTRING_MAIL_PAGE_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "latchstring.kernel.log.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": environment.text("LATCHSTRING_LOG_LEVEL", "INFO")},
    "loggers": {
        "procrastinate": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
