"""What differs between two versions of a program, in lines that a program manager can read."""

from collections.abc import Iterator, Mapping
from typing import Any


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield a line for each thing added (+), taken away (-) or changed (old -> new).

    Things with an `id` are compared by it, so that moving one is not a change of all after it.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _one(
                old.get(key, _NOT), new.get(key, _NOT), f"{path}.{key}" if path else key
            )
    elif _by_id(old) and _by_id(new):
        before, after = ({item["id"]: item for item in items} for items in (old, new))
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _one(before.get(key, _NOT), after.get(key, _NOT), f"{path}[{key}]")
        kept = [key for key in before if key in after]
        if kept != [key for key in after if key in before]:
            yield f"  {path}: the order is now {', '.join(after)}"
    elif old != new:
        yield f"  {path}: {_short(old)} -> {_short(new)}"


_NOT = object()


def _one(old: Any, new: Any, path: str) -> Iterator[str]:
    if old is _NOT:
        yield f"+ {path}: {_short(new)}"
    elif new is _NOT:
        yield f"- {path}: {_short(old)}"
    else:
        yield from differences(old, new, path)


def _by_id(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, Mapping) and "id" in item for item in value
    )


def _short(value: Any) -> str:
    if isinstance(value, Mapping) and set(value) == {"en", "es"}:
        return f"{value['en']} / {value['es']}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_short(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return str(value)
