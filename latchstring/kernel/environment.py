"""Settings from the environment. A wrong value fails at start and says which and how to mend it."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit


class WrongSetting(Exception):
    """A setting is missing, wrong or unsafe."""


def text(name: str, default: str | None = None) -> str:
    """Return a setting as text; WrongSetting when it is missing and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise WrongSetting(f"{name} is not set. Set it in the environment and start again.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Return a yes/no setting (`1`, `true`, `yes` or `0`, `false`, `no`)."""
    value = os.environ.get(name, "true" if default else "false").lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("", "0", "false", "no", "off"):
        return False
    raise WrongSetting(f"{name}={value} is neither yes nor no. Use true or false.")


def number(name: str, default: int) -> int:
    """Return a setting as a whole number."""
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise WrongSetting(f"{name}={value} is not a whole number.") from None


def database(url: str) -> dict[str, object]:
    """Turn a PostgreSQL URL (host, or socket directory as `?host=`) into Django's settings."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise WrongSetting("DATABASE_URL must begin with postgresql:// (PostgreSQL 15 or newer).")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or str(parts.port or ""),
        "OPTIONS": query,
    }


def mail(url: str) -> dict[str, object]:
    """Turn `smtp://user:password@host:port` (or `smtps://`) into Django's mail settings."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+tls"):
        raise WrongSetting("EMAIL_URL must begin with smtp://, smtp+tls:// or smtps://.")
    return {
        "EMAIL_HOST": parts.hostname or "127.0.0.1",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }
