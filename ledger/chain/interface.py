"""A contract's interface: calls encoded, results, events and errors decoded, by the JSON description of its ABI.

Addresses come out as EIP-55 text, structs as dictionaries by the names of their members, everything else as eth-abi
gives it. Source: the Solidity ABI specification.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError, NonEmptyPaddingBytes
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak

from ledger.identity.addresses import checksum_address, normal_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WORD_BYTES: Final = 32
SELECTOR_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument, result or member of a struct.

    Attributes:
        name: its name, empty where the contract gives none.
        kind: its ABI type; a struct's is its members' in parentheses.
        members: a struct's members.
        indexed: whether an event has it among its topics.
    """

    name: str
    kind: str
    members: tuple[Parameter, ...] = ()
    indexed: bool = False

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """A parameter of a JSON ABI."""
        members = tuple(cls.from_json(member) for member in entry.get("components", ()))
        return cls(entry.get("name", ""), collapse_if_tuple(dict(entry)), members, entry.get("indexed", False))

    def read(self, value: Any) -> Any:  # noqa: ANN401  # what eth-abi gives depends on the type
        """What eth-abi decoded, in this package's form."""
        if self.kind.endswith("[]"):
            item = Parameter(self.name, self.kind[:-2], self.members)
            return tuple(item.read(element) for element in value)
        if self.members:
            return {member.name: member.read(part) for member, part in zip(self.members, value, strict=True)}
        return normal_address(value) if self.kind == "address" else value


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its selector (4 bytes), what it takes and what it gives."""

    name: str
    selector: bytes
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """An event: its first topic (32 bytes) and its parameters."""

    name: str
    topic: bytes
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class CustomError:
    """A custom error: its selector (4 bytes) and its parameters."""

    name: str
    selector: bytes
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """Everything that can be said to a contract, and everything that it says.

    Attributes:
        functions: by name; the contracts overload none.
        events: by first topic.
        errors: by selector.
        constructor: what the constructor takes.
    """

    functions: Mapping[str, Function]
    events: Mapping[bytes, Event]
    errors: Mapping[bytes, CustomError]
    constructor: tuple[Parameter, ...]

    @classmethod
    def from_abi(cls, abi: Sequence[Mapping[str, Any]]) -> Self:
        """The interface that a JSON ABI describes."""
        functions, events, errors = {}, {}, {}
        constructor: tuple[Parameter, ...] = ()
        for entry in abi:
            inputs = _parameters(entry, "inputs")
            if entry["type"] == "function":
                outputs = _parameters(entry, "outputs")
                selector = _hash(entry["name"], inputs)[:SELECTOR_BYTES]
                functions[entry["name"]] = Function(entry["name"], selector, inputs, outputs)
            elif entry["type"] == "event":
                event = Event(entry["name"], _hash(entry["name"], inputs), inputs)
                events[event.topic] = event
            elif entry["type"] == "error":
                error = CustomError(entry["name"], _hash(entry["name"], inputs)[:SELECTOR_BYTES], inputs)
                errors[error.selector] = error
            elif entry["type"] == "constructor":
                constructor = inputs
        return cls(functions, events, errors, constructor)

    def encode_call(self, function: str, *arguments: object) -> bytes:
        """The data of a call."""
        found = self.functions[function]
        return found.selector + encode([parameter.kind for parameter in found.inputs], arguments)

    def encode_constructor(self, *arguments: object) -> bytes:
        """The constructor's arguments, to stand behind the code."""
        return encode([parameter.kind for parameter in self.constructor], arguments)

    def decode_call(self, function: str, data: bytes) -> tuple[Any, ...] | None:
        """The arguments of a call, or ``None`` where the data calls another function.

        Raises:
            DecodingError: the bytes are no such arguments.
        """
        found = self.functions[function]
        if bytes(data[:SELECTOR_BYTES]) != found.selector:
            return None
        return _decode(found.inputs, bytes(data[SELECTOR_BYTES:]))

    def decode_result(self, function: str, data: bytes) -> tuple[Any, ...]:
        """What a function returned.

        Raises:
            DecodingError: the bytes are no such result.
        """
        return _decode(self.functions[function].outputs, data)

    def topic(self, event: str) -> bytes:
        """The first topic of an event (32 bytes)."""
        return next(found.topic for found in self.events.values() if found.name == event)

    def decode_log(self, topics: Sequence[bytes], data: bytes) -> tuple[str, dict[str, Any]] | None:
        """An event's name and its values by parameter, or ``None`` where the contract has no such event.

        Raises:
            DecodingError: the bytes are not what the event holds.
        """
        event = self.events.get(bytes(topics[0])) if topics else None
        if event is None:
            return None
        indexed = [parameter for parameter in event.parameters if parameter.indexed]
        plain = [parameter for parameter in event.parameters if not parameter.indexed]
        words = b"".join(bytes(topic) for topic in topics[1:])
        found = dict(zip((p.name for p in indexed), _decode(indexed, words), strict=True))
        found |= dict(zip((p.name for p in plain), _decode(plain, bytes(data)), strict=True))
        return event.name, {parameter.name: found[parameter.name] for parameter in event.parameters}

    def decode_error(self, data: bytes) -> tuple[str, tuple[Any, ...]] | None:
        """A custom error's name and arguments, or ``None`` where the contract has no such error."""
        error = self.errors.get(bytes(data[:SELECTOR_BYTES]))
        if error is None:
            return None
        try:
            return error.name, _decode(error.parameters, bytes(data[SELECTOR_BYTES:]))
        except DecodingError:
            return None


def _parameters(entry: Mapping[str, Any], key: str) -> tuple[Parameter, ...]:
    return tuple(Parameter.from_json(parameter) for parameter in entry.get(key, ()))


def _hash(name: str, parameters: Sequence[Parameter]) -> bytes:
    return keccak(text=f"{name}({','.join(parameter.kind for parameter in parameters)})")


def _decode(parameters: Sequence[Parameter], data: bytes) -> tuple[Any, ...]:
    readers = [_WORDS.get(parameter.kind) for parameter in parameters]
    if None not in readers and len(data) >= WORD_BYTES * len(readers):
        words = (data[start : start + WORD_BYTES] for start in range(0, len(data), WORD_BYTES))
        return tuple(read(word) for read, word in zip(readers, words, strict=False) if read is not None)
    try:
        values = decode([parameter.kind for parameter in parameters], data)
    except OverflowError as error:  # a length that no memory has
        raise DecodingError(f"a length is beyond all bounds ({error})") from error
    return tuple(parameter.read(value) for parameter, value in zip(parameters, values, strict=True))


def _number(bits: int) -> Callable[[bytes], int]:
    def read(word: bytes) -> int:
        value = int.from_bytes(word, "big")
        if value >> bits:
            raise NonEmptyPaddingBytes(f"0x{word.hex()} is no number of {bits} bits")
        return value

    return read


def _bytes(size: int) -> Callable[[bytes], bytes]:
    def read(word: bytes) -> bytes:
        if any(word[size:]):
            raise NonEmptyPaddingBytes(f"0x{word.hex()} holds more than {size} bytes")
        return word[:size]

    return read


def _address(word: bytes) -> str:
    if any(word[:12]):
        raise NonEmptyPaddingBytes(f"0x{word.hex()} is no address")
    return checksum_address(word[12:])


_WORDS: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {
        "address": _address,
        **{f"uint{bits}": _number(bits) for bits in (8, 32, 64, 256)},
        **{f"bytes{size}": _bytes(size) for size in (2, 32)},
    }
)
"""How a value of one word is read: logs hold nothing else, and eth-abi takes ten times as long to read them."""
