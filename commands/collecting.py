"""Makes the commands of modules those of Invoke, with a reason where a word is forgotten."""

from collections.abc import Callable, Iterable
from functools import wraps
from types import ModuleType
from typing import ParamSpec

from invoke.collection import Collection
from invoke.exceptions import Exit

_Words = ParamSpec("_Words")


def collect(modules: Iterable[ModuleType], groups: Iterable[ModuleType]) -> Collection:
    """Return the tasks of modules; those of a group have the name of its module before theirs."""
    root = Collection()
    for module in modules:
        for each in Collection.from_module(module).tasks.values():
            root.add_task(each)
    for group in groups:
        root.add_collection(Collection.from_module(group))
    for name in root.task_names:
        _name_what_is_needed(root, name)
    return root


def _name_what_is_needed(root: Collection, name: str) -> None:
    each = root[name]
    needed = [word for word in each.positional if word not in each.iterable]
    if needed:
        each.body = _asked(each.body, name, needed)
        each.__doc__ = f"{each.__doc__}\n\n./invoke {name} {' '.join(needed).upper()}"


def _asked(
    body: Callable[_Words, None], name: str, needed: Iterable[str]
) -> Callable[_Words, None]:
    """Make a task refuse an option where it expects one of its words; Invoke hands over both."""

    @wraps(body)
    def called(*args: _Words.args, **kwargs: _Words.kwargs) -> None:
        for each in needed:
            if str(kwargs.get(each, "")).startswith("-"):
                reason = f"{kwargs[each]!r} stands where the {each} is expected"
                raise Exit(f"{name}: {reason}. ./invoke --help {name} says more.", 2)
        body(*args, **kwargs)

    return called
