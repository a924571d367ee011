"""Every error of the registry.

RegistryError
|- FileError
|  |- SchemaError   InvalidSchema . UnknownName . UnsafeName
|  `- TreeError     MisplacedSchema . VersionGap . ReferenceConflict . NoSuchSubject . NoSuchVersion
|- Incompatible
`- WireError        NotFramed . UnknownSchema . Undecodable . Unencodable . LimitExceeded

Each holds data; `str()` makes the sentence. Findings of a check are values, not exceptions.
"""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from reprlib import Repr
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from registry.compatibility import Incompatibility


class RegistryError(Exception):
    """The registry cannot answer. `reason` is one sentence, `fix` what to do (may be empty)."""

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle what it holds: the constructors take it in words of their own."""
        return _restored, (type(self), self.args, self.__dict__)

    def place(self) -> str:
        """Where it is wrong, as a prefix for the message; empty when there is no place."""
        return ""

    def __str__(self) -> str:
        where = self.place()
        return f"{where}{': ' if where else ''}{self.reason}{' ' if self.fix else ''}{self.fix}"


class FileError(RegistryError):
    """Something is wrong at a place of a file.

    `file` is the path in the tree ("" for a text without one); `line` and `column` count from 1
    (0 where the schema came as a JSON value).
    """

    def __init__(
        self, reason: str, fix: str = "", *, file: str = "", line: int = 0, column: int = 0
    ) -> None:
        super().__init__(reason, fix)
        self.file = file
        self.line = line
        self.column = column

    def place(self) -> str:
        """`file:line:column`, as far as they are known."""
        position = f"{self.line}:{self.column}" if self.line else ""
        return ":".join(part for part in (self.file, position) if part)


class SchemaError(FileError):
    """A text is not a schema. `path` is the JSON Pointer (RFC 6901) of the culprit."""

    find: Callable[[], tuple[int, int]]

    def __init__(
        self, path: str, line: int, column: int, reason: str, fix: str = "", file: str = ""
    ) -> None:
        super().__init__(reason, fix, file=file, line=line, column=column)
        self.path = path

    @classmethod
    def unplaced(
        cls, path: str, reason: str, fix: str, find: Callable[[], tuple[int, int]]
    ) -> Self:
        """Make an error whose line and column are looked for when somebody asks for them."""
        error = cls(path, 0, 0, reason, fix)
        del error.line, error.column
        error.find = find
        return error

    def __getattr__(self, name: str) -> int:
        find = self.__dict__.pop("find", None) if name in ("line", "column") else None
        if find is None:
            raise AttributeError(name)
        self.line, self.column = find()
        return self.line if name == "line" else self.column

    def __reduce__(self) -> tuple[object, ...]:
        """Look for the place first: how to look for it cannot be pickled."""
        _ = self.line
        return super().__reduce__()


class InvalidSchema(SchemaError):
    """The text breaks a rule of the Avro specification, or is not JSON."""


class UnknownName(SchemaError):
    """A schema names a type that is neither defined in it nor given to it."""


class UnsafeName(SchemaError):
    """A name breaks the specification's rule for names, and so is kept out of paths and code."""


class TreeError(FileError):
    """The files do not make a tree of versions."""


class MisplacedSchema(TreeError):
    """A file does not stand where its name, namespace and version say."""

    wanted: str = ""
    """The path in the tree where it belongs, "" where none is known."""


class VersionGap(TreeError):
    """The versions of a subject are not 1, 2, 3, ..."""


class ReferenceConflict(TreeError):
    """References cannot be resolved: unknown, unpinned, cyclic, or two versions of one name."""


class NoSuchSubject(TreeError, LookupError):
    """The tree has no subject of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no subject {name!r}.", did_you_mean(name, known))
        self.name = name


class NoSuchVersion(TreeError, LookupError):
    """The subject has no version of that number."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no version {name!r}.", f"There are: {', '.join(known)}.")
        self.name = name


class Incompatible(RegistryError):
    """A reader cannot read what a writer writes. Raised only by assert-style calls."""

    def __init__(self, incompatibilities: Sequence["Incompatibility"]) -> None:
        super().__init__("; ".join(each.message for each in incompatibilities))
        self.incompatibilities = tuple(incompatibilities)


class WireError(RegistryError):
    """Bytes, or a value, cannot travel."""


class NotFramed(WireError):
    """The bytes do not begin with a frame that we know."""


class UnknownSchema(WireError, LookupError):
    """No schema is known for the fingerprint, id or name in a message."""


class Undecodable(WireError):
    """Bytes are no datum of the schema. `path` is like `images[3].url`, `offset` in bytes."""

    def __init__(self, path: str, offset: int | None, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.offset = offset

    def place(self) -> str:
        """The path of the field and the offset of the byte, as far as they are known."""
        at = "" if self.offset is None else f"byte {self.offset}"
        return ", ".join(part for part in (self.path, at) if part)


class Unencodable(WireError):
    """A value is no datum of the schema. `expected` says what would be."""

    def __init__(self, path: str, value: object, expected: str) -> None:
        super().__init__(f"expected {expected}, not {type(value).__name__} {shown(value)}")
        self.path = path
        self.value = value
        self.expected = expected

    def place(self) -> str:
        """The path of the field."""
        return self.path


class LimitExceeded(WireError):
    """Input is larger or deeper than `registry.limits` allows."""


def _restored(
    kind: type[RegistryError], args: tuple[object, ...], state: dict[str, object]
) -> RegistryError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest of the known names."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1) if len(names) <= _COMPARED else []
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known are: {', '.join(names[:20])}." if names else ""


def listed(names: Sequence[str]) -> str:
    """Return names for a message: of many, the first."""
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def shown(value: object) -> str:
    """Return a value for a message: what is long or deep is cut."""
    return _SHORT.repr(value)


_LISTED = 20  # names in one sentence
_COMPARED = 1000  # names; comparing with more takes longer than the answer is worth


class _Short(Repr):
    def repr_int(self, x: int, level: int) -> str:
        """Return a huge int by its size: to write its digits takes too long for Python."""
        bits = x.bit_length()
        return super().repr_int(x, level) if bits < _WIDE else f"of {bits} bits"


_WIDE = 1000  # bits
_SHORT = _Short()
_SHORT.maxlevel = 3
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = 80
