"""Checked policies as bytes, and back: what a check of one record does not need is read only when it is asked for.

The rules of each policy, the examples of each rule, the libraries, the register, the contents of the handbook
and the mappings of documents are segments of their own.
"""

from __future__ import annotations

import gc
import io
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

from pykala_dsl.source import Source
from pykala_dsl.typesys import FieldType, RecordType

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet

_T = TypeVar("_T")
_K = TypeVar("_K")
_V = TypeVar("_V")
_Kind: TypeAlias = Literal["sequence", "mapping", "shared"]
_Place: TypeAlias = tuple[_Kind, int]
_SHARED = (Source, RecordType, FieldType)


class Later(Sequence[_T]):
    """A tuple that is read when it is first looked at."""

    __slots__ = ("_items", "_load")

    def __init__(self, load: Callable[[], tuple[_T, ...]]) -> None:
        self._load = load
        self._items: tuple[_T, ...] | None = None

    def all(self) -> tuple[_T, ...]:
        """Return the tuple."""
        if self._items is None:
            self._items = self._load()
        return self._items

    @overload
    def __getitem__(self, index: int) -> _T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[_T, ...]: ...

    def __getitem__(self, index: int | slice) -> _T | tuple[_T, ...]:
        return self.all()[index]

    def __len__(self) -> int:
        return len(self.all())

    def __iter__(self) -> Iterator[_T]:
        return iter(self.all())

    def __eq__(self, other: object) -> bool:
        return self.all() == (other.all() if isinstance(other, Later) else other)

    def __hash__(self) -> int:
        return hash(self.all())

    def __repr__(self) -> str:
        return repr(self.all())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self.all(),)


class LaterMapping(Mapping[_K, _V]):
    """A mapping that is read when it is first looked at."""

    __slots__ = ("_items", "_load")

    def __init__(self, load: Callable[[], Mapping[_K, _V]]) -> None:
        self._load = load
        self._items: Mapping[_K, _V] | None = None

    def all(self) -> Mapping[_K, _V]:
        """Return the mapping."""
        if self._items is None:
            self._items = self._load()
        return self._items

    def __getitem__(self, key: _K) -> _V:
        return self.all()[key]

    def __len__(self) -> int:
        return len(self.all())

    def __iter__(self) -> Iterator[_K]:
        return iter(self.all())

    def __repr__(self) -> str:
        return repr(self.all())

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self.all()),)


def dumps(policies: PolicySet) -> bytes:
    """Return policies as bytes."""
    parts: list[tuple[_Kind, Any]] = [("sequence", policies.libraries), ("sequence", policies.vocabulary.documents)]
    register, contents = policies.register, policies.contents
    parts += [("mapping", each) for each in (register.sources, register.statements)]
    parts += [("mapping", each) for each in (contents.services, contents.phases)]
    for policy in policies.policies:
        parts += [("sequence", policy.rules), *(("sequence", rule.examples) for rule in policy.rules)]
    parts = list({id(part): (kind, part) for kind, part in parts if part}.values())
    places: dict[int, _Place] = {id(part): (kind, number) for number, (kind, part) in enumerate(parts)}
    head, shared = _head(policies, places)
    places |= {id(each): ("shared", number) for number, each in enumerate(shared)}
    segments = []
    for _, part in parts:
        file = io.BytesIO()
        own = places.pop(id(part))
        _Pickler(file, places).dump(part)
        places[id(part)] = own
        segments.append(file.getvalue())
    return pickle.dumps((head, segments), pickle.HIGHEST_PROTOCOL)


def loads(content: bytes) -> object:
    """Return what was made into bytes, its segments still unread; raise what `pickle` does if they cannot be."""
    head, segments = pickle.loads(content)
    shared: list[Any] = []

    def segment(number: int) -> Callable[[], Any]:
        def read() -> Any:
            return _load(_Unpickler(io.BytesIO(segments[number]), place).load)

        return read

    def place(found: _Place) -> Any:
        kind, number = found
        if kind == "shared":
            return shared[number]
        return Later(segment(number)) if kind == "sequence" else LaterMapping(segment(number))

    reader = _Unpickler(io.BytesIO(head), place)
    policies = _load(reader.load)
    shared += _load(reader.load)
    return policies


def _head(policies: PolicySet, places: Mapping[int, _Place]) -> tuple[bytes, list[Any]]:
    """Return everything but the segments, and the objects in it that segments refer to."""
    file = io.BytesIO()
    pickler = _Pickler(file, places)
    pickler.dump(policies)
    shared = list(pickler.shared)
    pickler.dump(shared)
    return file.getvalue(), shared


def _load(read: Callable[[], Any]) -> Any:
    # Nothing that is read becomes garbage, and looking for it among so many new objects takes a third of the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return read()
    finally:
        if was_enabled:
            gc.enable()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, places: Mapping[int, _Place]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.places = places
        self.shared: list[Any] = []

    def persistent_id(self, obj: Any) -> _Place | None:
        return self.places.get(id(obj))

    def reducer_override(self, obj: Any) -> Any:
        """Return how to make an object anew: a call of its class is quicker than setting each of its slots."""
        if isinstance(obj, _SHARED):
            self.shared.append(obj)
        if isinstance(obj, Source):
            return Source, (obj.path, obj.text)
        cls: type = type(obj)
        names = _arguments(cls)
        return NotImplemented if names is None else (cls, tuple(getattr(obj, name) for name in names))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, place: Callable[[_Place], Any]) -> None:
        super().__init__(file)
        self.place = place

    def persistent_load(self, pid: Any) -> Any:
        return self.place(pid)


@cache
def _arguments(cls: type) -> tuple[str, ...] | None:
    """Return the fields of a dataclass whose constructor takes them all by position and does nothing else."""
    if not is_dataclass(cls) or hasattr(cls, "__post_init__"):
        return None
    found = fields(cls)
    return tuple(each.name for each in found) if all(each.init and not each.kw_only for each in found) else None
