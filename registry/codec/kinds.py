"""The tests that tell the branches of a union apart by the exact class of a value."""

from collections.abc import Iterator

from registry.codec.words import Words
from registry.schema import UnionSchema


def exact_tests(union: UnionSchema, words: Words, value: str) -> Iterator[tuple[int, str, str]]:
    """Yield each branch but null with a test, and with the expression of the value itself.

    Those that a class does not tell apart are pairs in objects of generated classes. What no test
    finds is left to `registry.values.choose`, which is slower and knows all that is allowed.
    """
    kinds = [words.kind(branch) for branch in union.branches]
    is_of = f"{words.builtin('type')}({value}) is"
    for index, branch in enumerate(union.branches):
        label = words.label(union, index)
        if label is not None:
            is_pair = f"{is_of} {words.builtin('tuple')} and {words.builtin('len')}({value}) == 2"
            yield index, f"{is_pair} and {value}[0] == {label}", f"{value}[1]"
        elif branch.type != "null" and kinds.count(kinds[index]) == 1:
            yield index, f"{is_of} {kinds[index]}", value
