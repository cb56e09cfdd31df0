"""How a stand-in misbehaves: delays, failures and false answers, the same for the same seed."""

import random
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

MODES = ("ok", "slow", "down", "garbage", "wrong_schema", "duplicate", "lie")
ACKNOWLEDGEMENTS = ("ok", "lost", "refused", "never_arrived", "delayed")
CHOICES = {"mode": MODES, "ack": ACKNOWLEDGEMENTS}
SLOW_SECONDS = 29.0


class WrongBehaviour(Exception):
    """The setting asked for is not one that a stand-in knows."""


@dataclass(frozen=True)
class Behaviour:
    """One setting. Delay in milliseconds, drawn evenly between the two; fail rate from 0 to 1."""

    delay_ms: tuple[int, int] = (0, 0)
    fail_rate: float = 0.0
    mode: str = "ok"
    ack: str = "ok"
    until: datetime | None = None
    times: int | None = None

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        low, high = self.delay_ms
        return {
            "delay_ms": low if low == high else [low, high],
            "fail_rate": self.fail_rate,
            "mode": self.mode,
            "ack": self.ack,
            "until": None if self.until is None else self.until.isoformat().replace("+00:00", "Z"),
            "times": self.times,
        }


@dataclass(frozen=True)
class Draw:
    """What will happen to one request. Seconds of delay; `lie` draws false figures."""

    delay: float
    fails: bool
    mode: str
    ack: str
    lie: random.Random


class Temper:
    """The present behaviour, and the seeded draw for each request."""

    def __init__(self, seed: int, start: Behaviour) -> None:
        self.seed = seed
        self.start = start
        self.now = start
        self._attempts: dict[str, int] = {}
        self._lock = threading.Lock()

    def change(self, asked: dict[str, Any]) -> Behaviour:
        """Merge a request's JSON into the present behaviour."""
        with self._lock:
            self.now = _merged(self.now, asked)
            return self.now

    def reset(self) -> Behaviour:
        """Back to what it was at the start."""
        with self._lock:
            self.now = self.start
            return self.now

    def draw(self, what: str) -> Draw:
        """Decide for the next request about `what`; the n-th attempt always gets the same draw."""
        with self._lock:
            attempt = self._attempts[what] = self._attempts.get(what, 0) + 1
            now = self._present()
            if now.times is not None:
                left = now.times - 1
                self.now = replace(now, times=left) if left else _calm(now)
        chance = random.Random(f"{self.seed}:{what}:{attempt}")  # noqa: S311 (no secret)
        delay = chance.uniform(*now.delay_ms) / 1000
        if now.mode == "slow":
            delay = max(delay, SLOW_SECONDS)
        return Draw(delay, chance.random() < now.fail_rate, now.mode, now.ack, chance)

    def is_down(self) -> bool:
        """Whether connections are closed without an answer (counts nothing)."""
        with self._lock:
            return self._present().mode == "down"

    def _present(self) -> Behaviour:
        if self.now.until is not None and datetime.now(UTC) >= self.now.until:
            self.now = self.start
        return self.now


def _calm(now: Behaviour) -> Behaviour:
    return replace(now, mode="ok", ack="ok", times=None)


def _merged(now: Behaviour, asked: dict[str, Any]) -> Behaviour:
    changes: dict[str, Any] = {}
    for name, value in asked.items():
        if name == "delay_ms":
            changes[name] = delay_range(value)
        elif name == "fail_rate" and isinstance(value, int | float) and 0 <= value <= 1:
            changes[name] = float(value)
        elif value in CHOICES.get(name, ()) or (name == "times" and _is_count(value)):
            changes[name] = value
        elif name == "until":
            changes[name] = None if value is None else _instant(value)
        else:
            raise WrongBehaviour(f"{name}={value!r} is not a behaviour.")
    return replace(now, **changes)


def _is_count(value: object) -> bool:
    return value is None or (isinstance(value, int) and value > 0)


def _instant(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise WrongBehaviour(f"until={value!r} is not an instant.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def delay_range(value: object) -> tuple[int, int]:
    """Read `300`, `[200, 900]` or the text `200-900` (milliseconds)."""
    if isinstance(value, str):
        low, _, high = value.partition("-")
        value = [low, high or low]
    if isinstance(value, int):
        value = [value, value]
    try:
        low, high = (int(part) for part in value)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise WrongBehaviour(f"delay_ms={value!r} is neither a number nor a range.") from None
    if not 0 <= low <= high:
        raise WrongBehaviour("delay_ms must be a range of numbers from 0.")
    return low, high
