"""What makes production refuse to start: everything that is wrong at once, a line each.

A line names the setting and how to mend it; never the value, which may be a secret. `latchstring
check` prints them; web, worker and migrate ask before they begin, Django's settings once more.
"""

import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import psycopg

from latchstring.kernel import crashpoint
from latchstring.kernel.environment import WrongSetting

Environment = Mapping[str, str]
MODES = ("embedded", "demo", "production")
SECRET_CHARACTERS_MIN = 40
KNOWN_SECRETS = (
    "changeme",
    "change-me",
    "secret",
    "django-insecure",
    "example",
    "password",
    "test",
)
LOOPBACK = ("127.0.0.1", "localhost", "::1", "")
SAFE_SSL = ("require", "verify-ca", "verify-full")
ONLY_DEMO = {
    "LATCHSTRING_SECOND_FACTOR_WAIVED": "lets staff in without a second factor",
    "LATCHSTRING_DEMO_TICK_SECONDS": "is for the demo",
    "LATCHSTRING_STANDIN_ADMIN_TOKEN": "belongs to the stand-in agencies of the demo",
    "STANDIN_ADMIN_TOKEN": "belongs to the stand-in agencies of the demo",
    "LATCHSTRING_MAIL_PAGE_URL": "shows everybody the mail that was sent",
    "LATCHSTRING_SUPERVISED": "belongs to the demo's supervisor",
    "DEBUG": "shows strangers what is inside",
    "DJANGO_DEBUG": "shows strangers what is inside",
    crashpoint.VARIABLE: "lets processes die for a test",
}
# PostgreSQL's own log: what it may hold. Statements carry what people typed.
SERVER_LOG = {
    "log_statement": ("none", "ddl"),
    "log_min_messages": ("log", "fatal", "panic"),  # an error's message quotes values
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
}


def mode(environment: Environment = os.environ) -> str:
    """Return the mode; WrongSetting for one that we do not know, which would not be guarded."""
    found = environment.get("LATCHSTRING_MODE") or "embedded"
    if found not in MODES:
        raise WrongSetting(f"LATCHSTRING_MODE={found} is none of {', '.join(MODES)}. Use one.")
    return found


def refuse(problems: list[str]) -> None:
    """Raise WrongSetting with every problem, a line each, when there are any."""
    if problems:
        raise WrongSetting("\nlatchstring: ".join(problems))


def in_environment(environment: Environment = os.environ) -> list[str]:
    """Return what is unsafe for production in the settings; no server is asked."""
    return [line for look in _LOOKS for line in look(environment)]


def in_database(url: str) -> list[str]:
    """Return what is unsafe for production in the database that the URL names.

    The login, the server's own log, the clock. What cannot be asked is a problem too.
    """
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as link:
            return [*_login(link), *_server_log(link), *_clock(link)]
    except psycopg.OperationalError:
        return ["The database that DATABASE_URL names does not answer. Check address and login."]


# --- settings ---------------------------------------------------------------------------------


def _secret_key(environment: Environment) -> Iterator[str]:
    key = environment.get("LATCHSTRING_SECRET_KEY", "")
    make = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    if not key:
        yield f"LATCHSTRING_SECRET_KEY is not set. {make}"
    elif len(key) < SECRET_CHARACTERS_MIN or len(set(key)) < 10:
        yield f"LATCHSTRING_SECRET_KEY is too short or too simple. {make}"
    elif any(word in key.lower() for word in KNOWN_SECRETS):
        yield f"LATCHSTRING_SECRET_KEY is a known example. {make}"


def _hosts(environment: Environment) -> Iterator[str]:
    hosts = [host.strip() for host in environment.get("LATCHSTRING_HOSTS", "").split(",")]
    if not any(hosts):
        yield "LATCHSTRING_HOSTS is not set. Name the hosts that are served, by comma."
    elif any("*" in host or host in (".", "testserver") for host in hosts):
        yield "LATCHSTRING_HOSTS must name the hosts that are served, not * or testserver."


def _public_url(environment: Environment) -> Iterator[str]:
    url = environment.get("LATCHSTRING_PUBLIC_URL", "")
    if url and urlsplit(url).scheme != "https":
        yield "LATCHSTRING_PUBLIC_URL must begin with https://: it stands in people's mail."


def _mail(environment: Environment) -> Iterator[str]:
    url = urlsplit(environment.get("EMAIL_URL", ""))
    if not url.scheme:
        yield "EMAIL_URL is not set. Use smtp+tls://user:password@host:587 or smtps://."
    elif url.scheme == "smtp" and (url.hostname or "") not in LOOPBACK:
        yield "EMAIL_URL would send mail in the clear. Use smtp+tls:// or smtps://."


def _database(environment: Environment) -> Iterator[str]:
    url = environment.get("DATABASE_URL", "")
    if not url:
        yield "DATABASE_URL is not set. Production needs a PostgreSQL server of its own."
        return
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.get("host") or parts.hostname or ""
    local = host in LOOPBACK or host.startswith("/")
    if not local and query.get("sslmode") not in SAFE_SSL:
        yield "DATABASE_URL would speak in the clear. Add ?sslmode=verify-full (or require)."
    home = Path(environment.get("LATCHSTRING_HOME") or ".latchstring")
    with_port = home / "run" / "postgres.port"
    if local and parts.port and with_port.is_file():
        if with_port.read_text().strip() == str(parts.port):
            yield "DATABASE_URL names the embedded server. Use a PostgreSQL server of its own."


def _only_demo(environment: Environment) -> Iterator[str]:
    for name, why in ONLY_DEMO.items():
        if environment.get(name, "").lower() not in ("", "0", "false", "no", "off"):
            yield f"{name} {why}. Remove it."


def _outside_services(environment: Environment) -> Iterator[str]:
    for name in ("BANK", "CARD", "TAX", "HUMAN_SERVICES"):
        url = environment.get(f"LATCHSTRING_{name}_URL", "")
        if url and urlsplit(url).scheme != "https":
            yield f"LATCHSTRING_{name}_URL must begin with https://. Ask for its https address."
        if url and not environment.get(f"LATCHSTRING_{name}_SECRET"):
            yield f"LATCHSTRING_{name}_SECRET is not set. Set the one that they gave us."
    given = {value for name, value in environment.items() if name.endswith("_SECRET") and value}
    if given & _demo_secrets(environment):
        yield "A service's secret is that of a stand-in of the demo. Use the one that they gave us."


def _demo_secrets(environment: Environment) -> set[str]:
    keys = Path(environment.get("LATCHSTRING_HOME") or ".latchstring") / "keys" / "standins.json"
    try:
        return set(json.loads(keys.read_text()).values())
    except (OSError, ValueError, AttributeError):
        return set()


def _keys(environment: Environment) -> Iterator[str]:
    home = environment.get("LATCHSTRING_HOME") or ".latchstring"
    folder = Path(environment.get("LATCHSTRING_KEYS") or f"{home}/keys")
    if not folder.is_dir():
        yield "LATCHSTRING_KEYS names no folder. Make it (mode 0700), and put the keys there."
        return
    for place in (folder, *sorted(folder.glob("*.json"))):
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            what = "folder" if place == folder else f"file {place.name}"
            yield f"LATCHSTRING_KEYS: others may read the {what}. Run: chmod go-rwx on it."


def _role(environment: Environment) -> Iterator[str]:
    if environment.get("LATCHSTRING_DB_ROLE", "latchstring_app") != "latchstring_app":
        yield "LATCHSTRING_DB_ROLE must be latchstring_app: another sees every agency's rows."


def _metrics_token(environment: Environment) -> Iterator[str]:
    token = environment.get("LATCHSTRING_METRICS_TOKEN", "")
    if token and len(token) < 20:
        yield "LATCHSTRING_METRICS_TOKEN is too short. Use 20 random characters or more."


_LOOKS: tuple[Callable[[Environment], Iterator[str]], ...] = (
    _secret_key,
    _hosts,
    _public_url,
    _mail,
    _database,
    _only_demo,
    _outside_services,
    _keys,
    _role,
    _metrics_token,
)


# --- the database -----------------------------------------------------------------------------


def _login(link: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    row = link.execute(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = session_user"
    ).fetchone()
    assert row is not None
    if row[0]:
        yield "DATABASE_URL logs in as a superuser. Use a login that may only create roles."
    elif row[1]:
        yield "DATABASE_URL's login bypasses row security. Run: ALTER ROLE ... NOBYPASSRLS."
    for (name,) in link.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'latchstring\\_%' "
        "AND (rolsuper OR rolbypassrls)"
    ):
        yield f"The role {name} bypasses row security. Run: ALTER ROLE {name} NOBYPASSRLS."


def _server_log(link: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    names = list(SERVER_LOG)
    found = link.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [names])
    for name, value in sorted(found.fetchall()):
        if value not in SERVER_LOG[str(name)]:
            safe = SERVER_LOG[str(name)][0]
            yield (
                f"PostgreSQL's {name} would write what people typed to its log. "
                f"Run: ALTER SYSTEM SET {name} = '{safe}'; SELECT pg_reload_conf()."
            )


def _clock(link: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    known = link.execute("SELECT to_regclass('kernel_clock')").fetchone()
    if not (known and known[0]):
        return
    try:
        link.execute("SET ROLE latchstring_app")
        row = link.execute("SELECT offset_by = interval '0' FROM kernel_clock").fetchone()
    except psycopg.Error:
        yield "The clock cannot be read as latchstring_app. Run `latchstring migrate` again."
        return
    if row is not None and not row[0]:
        yield "The business clock is turned (kernel_clock). Set its offset_by to 0."
