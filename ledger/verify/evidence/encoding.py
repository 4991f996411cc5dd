"""A bundle as bytes: one sequence of bytes for each content, and nothing else is read.

``SBBUNDLE ‖ version (1) ‖ length of the manifest (4, big-endian) ‖ manifest (RFC 8785) ‖ headers ‖ trie nodes ‖
events ‖ hashes (32 each)``

Each header, node, event and hash stands once, in the order given in docs/formats.md ("Evidence bundle"), and the
manifest says where it is used. What is read is written again and compared: so a part that nothing needs, a part that
stands twice, another order and a byte behind the end are all refused, and no byte can be changed unseen.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from ledger.chain.proof.headers import MAX_HEADER_BYTES, read_header
from ledger.chain.proof.receipts import MAX_TRANSACTIONS
from ledger.chain.proof.storage import SlotProof, StorageProof
from ledger.chain.proof.trie import MAX_NODE_BYTES
from ledger.epcis.jcs import canonical
from ledger.errors import InputError
from ledger.identity.attestations import attestation_from_json, attestation_to_json
from ledger.identity.signatures import Signature
from ledger.identity.signing import Opening
from ledger.identity.untrusted import JsonObject
from ledger.store.blinds import blind_from_json, blind_to_json
from ledger.store.records import Reference
from ledger.tlog.merkle import MAX_PROOF_HASHES, MAX_SIZE
from ledger.verify.evidence.bundle import (
    MAX_ATTESTATIONS,
    MAX_BLINDS,
    MAX_BUNDLE_BYTES,
    MAX_CHECKPOINT_BYTES,
    MAX_EVENT_BYTES,
    MAX_EVENTS,
    MAX_HASHES,
    MAX_HEADERS,
    MAX_LOG_ENTRIES,
    MAX_LOGGED,
    MAX_LOGS,
    MAX_MANIFEST_BYTES,
    MAX_NODES,
    MAX_RECEIPTS,
    MAX_UNPACKED_BYTES,
    AttestedHead,
    BlockLog,
    Bundle,
    EventText,
    Ledger,
    LoggedProof,
    NamedEvent,
    ReceiptProof,
    WitnessedBlock,
)
from ledger.verify.evidence.errors import (
    BundleMalformedError,
    BundleTooLargeError,
    BundleVersionError,
    NotABundleError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MAGIC: Final = b"SBBUNDLE"
VERSION: Final = 1
_LENGTH_AT: Final = len(MAGIC) + 1
_MANIFEST_AT: Final = _LENGTH_AT + 4
_HASH_BYTES: Final = 32
_MAX_INDEX: Final = 2**31
_MAX_CHAIN_ID: Final = 2**63 - 1
_MAX_PATH_NODES: Final = 65  # of a trie, as ledger.chain.proof.trie has it
_MAX_SLOTS: Final = 16
_MAX_UNHASHED: Final = 100
_MAX_IRI: Final = 2048

_REQUIRED: Final = (
    "ledger", "consignment", "headers", "nodes", "events", "hashes", "receipts", "changes", "attestations", "logged",
    "blinds", "openings", "named",
)  # fmt: skip
_OPTIONAL: Final = ("reference", "head", "blockLog")
_MEND: Final = "Ask the giver for the bundle again; docs/formats.md has the format."

Key = TypeVar("Key")
Value = TypeVar("Value")


def encode_bundle(bundle: Bundle) -> bytes:
    """The bytes of a bundle: the same for the same content, whatever its order.

    Raises:
        InputError: a header in it is none.
    """
    return _Writing(bundle).data()


def decode_bundle(data: bytes) -> Bundle:
    """The bundle in these bytes; untrusted, and nothing of it is verified.

    1. Magic, version and sizes; no more than an honest bundle has.
    2. The manifest has exactly its members, and the parts are as long as it says.
    3. Written again, the bundle gives the same bytes.

    Raises:
        NotABundleError: they are something else, or cut short.
        BundleVersionError: they are of an unknown version.
        BundleTooLargeError: there is more of something than an honest bundle has.
        BundleMalformedError: they are not exactly what :func:`encode_bundle` writes for some bundle.
    """
    text, parts = _split(data)
    try:
        bundle = _Reading(text, parts).bundle()
        again = encode_bundle(bundle)
    except BundleTooLargeError:
        raise
    except InputError as error:
        raise BundleMalformedError(error.message, where=error.where or "bundle", mend=error.mend or _MEND) from None
    if again != data:
        raise BundleMalformedError(
            "is not in the one form that a bundle has: a part is altered, repeated, out of place or of no use",
            where="bundle",
            mend=_MEND,
        )
    return bundle


def _split(data: bytes) -> tuple[bytes, memoryview]:
    if len(data) > MAX_BUNDLE_BYTES:
        raise _too_large(f"{len(data):,} bytes are more than {MAX_BUNDLE_BYTES:,}")
    if not data.startswith(MAGIC) or len(data) < _MANIFEST_AT:
        raise NotABundleError("is no evidence bundle, or was cut short", where="bundle", mend="Check the file.")
    if data[len(MAGIC)] != VERSION:
        raise BundleVersionError(
            f"is of version {data[len(MAGIC)]}, and this software knows version {VERSION}",
            where="bundle",
            mend="Install a newer version, or ask the giver for a bundle of this one.",
        )
    length = int.from_bytes(data[_LENGTH_AT:_MANIFEST_AT], "big")
    if length > MAX_MANIFEST_BYTES:
        raise _too_large(f"a manifest of {length:,} bytes is longer than {MAX_MANIFEST_BYTES:,}")
    if length > len(data) - _MANIFEST_AT:
        raise NotABundleError("was cut short", where="bundle", mend="Ask for the file again.")
    end = _MANIFEST_AT + length
    return data[_MANIFEST_AT:end], memoryview(data)[end:]


class _Pool:
    """Byte strings that stand once, each with its number, in the order in which they were first used."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def number(self, content: bytes) -> int:
        return self._numbers.setdefault(content, len(self._numbers))

    def numbers(self, contents: Iterable[bytes]) -> list[int]:
        return [self.number(content) for content in contents]

    @property
    def contents(self) -> list[bytes]:
        return list(self._numbers)


class _Writing:
    """A bundle while it is written: the pools fill in the order in which the manifest uses them."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._nodes, self._hashes = _Pool(), _Pool()
        self._headers = _sorted_headers(bundle)
        self._header = {header: number for number, header in enumerate(self._headers)}
        self._events = sorted({event.canonical: event for event in bundle.events}.values(), key=lambda e: e.canonical)

    def data(self) -> bytes:
        text = canonical(self._manifest())
        events = [event.canonical for event in self._events]
        head = MAGIC + bytes([VERSION]) + len(text).to_bytes(4, "big")
        return b"".join((head, text, *self._headers, *self._nodes.contents, *events, *self._hashes.contents))

    def _manifest(self) -> dict[str, Any]:
        bundle = self._bundle
        members: dict[str, Any] = {
            "ledger": {
                "chainId": bundle.ledger.chain_id,
                "members": bundle.ledger.members,
                "consignments": bundle.ledger.consignments,
                "eventLogs": bundle.ledger.event_logs,
            },
            "consignment": _hex(bundle.consignment),
            "receipts": self._receipts(),
            "changes": [self._header[header] for header in _distinct(bundle.changes)],
            "attestations": [_attested(each) for _, each in _by_key(bundle.attestations, _by_block)],
            "blinds": [blind_to_json(each) for _, each in _by_key(bundle.blinds, lambda blind: blind.blinded)],
            "openings": [
                {
                    "statement": _hex(digest),
                    "blind": _hex(opening.blind),
                    "reasonsDigest": _hex(opening.reasons_digest),
                }
                for digest, opening in sorted(dict(bundle.openings).items())
            ],
            "named": [
                {"eventHash": each.event_hash, "contentDigest": _hex(each.content_digest)}
                for each in sorted(set(bundle.named), key=lambda named: (named.event_hash, named.content_digest))
            ],
            "events": [_event(event) for event in self._events],
        }
        if bundle.head is not None:
            members["head"] = self._head(bundle.head)
        if bundle.block_log is not None:
            members["blockLog"] = self._block_log(bundle.block_log)
        members["logged"] = [self._logged(each) for each in sorted(set(bundle.logged), key=_by_log)]
        if bundle.reference is not None:
            members["reference"] = {
                "ucr": bundle.reference.ucr,
                "salt": _hex(bundle.reference.salt),
                "exporter": bundle.reference.exporter,
            }
        members["headers"] = [len(header) for header in self._headers]
        members["nodes"] = [len(node) for node in self._nodes.contents]
        members["hashes"] = len(self._hashes.contents)
        return members

    def _receipts(self) -> list[dict[str, Any]]:
        found: dict[tuple[int, int], ReceiptProof] = {}
        for each in self._bundle.receipts:
            found.setdefault((self._header[each.header], each.transaction_index), each)
        return [
            {
                "header": header,
                "transaction": transaction,
                "nodes": self._nodes.numbers(each.nodes),
                "logs": sorted(set(each.logs)),
            }
            for (header, transaction), each in sorted(found.items())
        ]

    def _head(self, proof: StorageProof) -> dict[str, Any]:
        return {
            "header": self._header[proof.header],
            "contract": proof.address,
            "account": self._nodes.numbers(proof.account_nodes),
            "slots": [{"slot": _hex(each.slot), "nodes": self._nodes.numbers(each.nodes)} for each in proof.slots],
        }

    def _block_log(self, log: BlockLog) -> dict[str, Any]:
        needed = [block for block in log.blocks if block.header in self._header]
        blocks = _by_key(needed, lambda block: self._header[block.header])
        return {
            "checkpoint": log.checkpoint.decode(),
            "blocks": [{"header": header, "hashes": self._hashes.numbers(block.hashes)} for header, block in blocks],
        }

    def _logged(self, each: LoggedProof) -> dict[str, Any]:
        members = {
            "member": each.member,
            "index": each.index,
            "size": each.size,
            "entry": _hex(each.entry),
            "hashes": self._hashes.numbers(each.hashes),
        }
        return members | ({"checkpoint": each.checkpoint.decode()} if each.checkpoint else {})


def _sorted_headers(bundle: Bundle) -> list[bytes]:
    """Every header once, in the order of the chain; those that only the block log has are of no use."""
    found = {receipt.header for receipt in bundle.receipts} | set(bundle.changes)
    if bundle.head is not None:
        found.add(bundle.head.header)
    return sorted(found, key=lambda header: (read_header(header).number, header))


def _by_key(items: Iterable[Value], key: Callable[[Value], Any]) -> list[tuple[Any, Value]]:
    return sorted({key(item): item for item in items}.items())


def _distinct(items: Iterable[bytes]) -> list[bytes]:
    return list(dict.fromkeys(items))


def _by_block(each: AttestedHead) -> tuple[int, bytes, bytes, int, bytes]:
    said = each.attestation
    return said.block_number, said.block_hash, said.head, said.position, said.consignment


def _by_log(each: LoggedProof) -> tuple[str, int, int, bytes]:
    return each.member, each.index, each.size, each.entry


def _event(event: EventText) -> dict[str, Any]:
    members: dict[str, Any] = {"sizeBytes": len(event.canonical)}
    return members | ({"unhashed": sorted(set(event.unhashed))} if event.unhashed else {})


def _attested(each: AttestedHead) -> dict[str, Any]:
    signatures = sorted({(signature.r, signature.vs) for signature in each.signatures})
    return {
        "attestation": attestation_to_json(each.attestation),
        "signatures": [{"r": _hex(r), "vs": _hex(vs)} for r, vs in signatures],
    }


class _Reading:
    """A bundle while it is read: first the parts as long as the manifest says, then where they are used."""

    def __init__(self, text: bytes, parts: memoryview) -> None:
        try:
            manifest = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise BundleMalformedError(f"is not JSON: {error}", where="manifest", mend=_MEND) from None
        self._read = JsonObject(manifest, "manifest", _REQUIRED, _OPTIONAL)
        events = self._read.items("events", MAX_EVENTS)
        self._events = [JsonObject(each, f"manifest.events[{n}]", ("sizeBytes",), ("unhashed",)) for n, each in
                        enumerate(events)]  # fmt: skip
        sizes = (
            self._sizes("headers", MAX_HEADERS, MAX_HEADER_BYTES),
            self._sizes("nodes", MAX_NODES, MAX_NODE_BYTES),
            [event.number("sizeBytes", MAX_EVENT_BYTES) for event in self._events],
            [_HASH_BYTES] * self._read.number("hashes", MAX_HASHES),
        )
        if sum(chain.from_iterable(sizes)) != len(parts):
            raise BundleMalformedError(
                f"the parts have {len(parts):,} bytes, and the manifest says {sum(chain.from_iterable(sizes)):,}",
                where="bundle",
                mend=_MEND,
            )
        self._parts = iter(_cut(parts, chain.from_iterable(sizes)))
        self._headers, self._nodes, self._texts, self._hashes = ([next(self._parts) for _ in each] for each in sizes)
        self._unpacked = self._log_entries = 0

    def bundle(self) -> Bundle:
        read = self._read
        return Bundle(
            ledger=self._ledger(),
            consignment=read.hash("consignment"),
            receipts=tuple(self._each("receipts", MAX_RECEIPTS, self._receipt)),
            head=self._head() if read.has("head") else None,
            changes=tuple(self._pick(self._headers, read.items("changes", MAX_HEADERS), "manifest.changes")),
            block_log=self._block_log() if read.has("blockLog") else None,
            attestations=tuple(self._each("attestations", MAX_ATTESTATIONS, self._attested)),
            logged=tuple(self._each("logged", MAX_LOGGED, self._logged)),
            reference=self._reference() if read.has("reference") else None,
            blinds=tuple(blind_from_json(*each) for each in self._numbered("blinds", MAX_BLINDS)),
            openings=tuple(self._each("openings", MAX_BLINDS, _read_opening)),
            events=tuple(map(self._event, self._events, self._texts)),
            named=tuple(self._each("named", MAX_BLINDS, _read_named)),
        )

    def _numbered(self, name: str, most: int) -> Iterator[tuple[object, str]]:
        for number, item in enumerate(self._read.items(name, most)):
            yield item, f"manifest.{name}[{number}]"

    def _each(self, name: str, most: int, reader: Callable[[object, str], Value]) -> Iterator[Value]:
        return (reader(item, where) for item, where in self._numbered(name, most))

    def _sizes(self, name: str, most: int, largest: int) -> list[int]:
        sizes = self._read.items(name, most)
        return [_whole(size, f"manifest.{name}[{number}]", largest) for number, size in enumerate(sizes)]

    def _pick(self, pool: Sequence[bytes], numbers: Sequence[object], where: str) -> list[bytes]:
        """Parts by their numbers; counted, since a part may be used often."""
        found = []
        for index, number in enumerate(numbers):
            place = _whole(number, f"{where}[{index}]", _MAX_INDEX)
            if place >= len(pool):
                raise _malformed(f"there is no part of number {place}", f"{where}[{index}]")
            found.append(pool[place])
            self._unpacked += len(pool[place])
            if self._unpacked > MAX_UNPACKED_BYTES:
                raise _too_large(f"what the proofs use together is more than {MAX_UNPACKED_BYTES:,} bytes")
        return found

    def _header(self, read: JsonObject) -> bytes:
        return self._pick(self._headers, [read.raw("header")], read.path("header"))[0]

    def _ledger(self) -> Ledger:
        names = ("chainId", "members", "consignments", "eventLogs")
        read = JsonObject(self._read.raw("ledger"), "manifest.ledger", names)
        addresses = (read.address(name) for name in names[1:])
        return Ledger(read.number("chainId", _MAX_CHAIN_ID), *addresses)

    def _receipt(self, item: object, where: str) -> ReceiptProof:
        read = JsonObject(item, where, ("header", "transaction", "nodes", "logs"))
        logs = read.items("logs", MAX_LOGS)
        if not logs:
            raise _malformed("a receipt of which nothing is used", read.path("logs"))
        self._log_entries += len(logs)
        if self._log_entries > MAX_LOG_ENTRIES:
            raise _too_large(f"the receipts have more than {MAX_LOG_ENTRIES:,} log entries together")
        return ReceiptProof(
            self._header(read),
            read.number("transaction", MAX_TRANSACTIONS),
            tuple(self._pick(self._nodes, read.items("nodes", _MAX_PATH_NODES), read.path("nodes"))),
            tuple(_whole(each, f"{read.path('logs')}[{number}]", MAX_LOGS) for number, each in enumerate(logs)),
        )

    def _head(self) -> StorageProof:
        read = JsonObject(self._read.raw("head"), "manifest.head", ("header", "contract", "account", "slots"))
        slots = []
        for number, item in enumerate(read.items("slots", _MAX_SLOTS)):
            slot = JsonObject(item, f"manifest.head.slots[{number}]", ("slot", "nodes"))
            nodes = self._pick(self._nodes, slot.items("nodes", _MAX_PATH_NODES), slot.path("nodes"))
            slots.append(SlotProof(slot.hash("slot"), tuple(nodes)))
        account = self._pick(self._nodes, read.items("account", _MAX_PATH_NODES), read.path("account"))
        return StorageProof(self._header(read), read.address("contract"), tuple(account), tuple(slots))

    def _block_log(self) -> BlockLog:
        read = JsonObject(self._read.raw("blockLog"), "manifest.blockLog", ("checkpoint", "blocks"))
        blocks = []
        for number, item in enumerate(read.items("blocks", MAX_HEADERS)):
            block = JsonObject(item, f"manifest.blockLog.blocks[{number}]", ("header", "hashes"))
            blocks.append(WitnessedBlock(self._header(block), self._proof_hashes(block)))
        return BlockLog(_checkpoint(read), tuple(blocks))

    def _proof_hashes(self, read: JsonObject) -> tuple[bytes, ...]:
        return tuple(self._pick(self._hashes, read.items("hashes", MAX_PROOF_HASHES), read.path("hashes")))

    def _attested(self, item: object, where: str) -> AttestedHead:
        read = JsonObject(item, where, ("attestation", "signatures"))
        signatures = []
        for number, each in enumerate(read.items("signatures", MAX_ATTESTATIONS)):
            signature = JsonObject(each, f"{where}.signatures[{number}]", ("r", "vs"))
            signatures.append(Signature(signature.hash("r"), signature.hash("vs")))
        return AttestedHead(attestation_from_json(read.raw("attestation"), read.path("attestation")), tuple(signatures))

    def _logged(self, item: object, where: str) -> LoggedProof:
        read = JsonObject(item, where, ("member", "index", "size", "entry", "hashes"), ("checkpoint",))
        return LoggedProof(
            member=read.address("member"),
            index=read.number("index", MAX_SIZE),
            size=read.number("size", MAX_SIZE),
            entry=read.hash("entry"),
            hashes=self._proof_hashes(read),
            checkpoint=_checkpoint(read) if read.has("checkpoint") else b"",
        )

    def _reference(self) -> Reference:
        read = JsonObject(self._read.raw("reference"), "manifest.reference", ("ucr", "salt", "exporter"))
        return Reference(read.text("ucr"), read.hash("salt"), read.address("exporter"))

    def _event(self, read: JsonObject, text: bytes) -> EventText:
        if not read.has("unhashed"):
            return EventText(text)
        names = read.items("unhashed", _MAX_UNHASHED)
        if not all(isinstance(name, str) and len(name) <= _MAX_IRI for name in names):
            raise read.unexpected("unhashed", f"a list of texts of at most {_MAX_IRI} characters")
        return EventText(text, tuple(str(name) for name in names))


def _read_opening(item: object, where: str) -> tuple[bytes, Opening]:
    read = JsonObject(item, where, ("statement", "blind", "reasonsDigest"))
    return read.hash("statement"), Opening(read.hash("blind"), read.hash("reasonsDigest"))


def _read_named(item: object, where: str) -> NamedEvent:
    read = JsonObject(item, where, ("eventHash", "contentDigest"))
    return NamedEvent(read.text("eventHash"), read.hash("contentDigest"))


def _checkpoint(read: JsonObject) -> bytes:
    try:
        return read.text("checkpoint", MAX_CHECKPOINT_BYTES).encode()
    except UnicodeEncodeError:
        raise read.unexpected("checkpoint", "a text that has a UTF-8 form") from None


def _cut(parts: memoryview, sizes: Iterable[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield bytes(parts[start : start + size])
        start += size


def _whole(value: object, where: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise _malformed(f"expected a whole number from 0 to {most}, found {str(value)[:60]}", where)
    return value


def _hex(data: bytes) -> str:
    return f"0x{data.hex()}"


def _malformed(problem: str, where: str) -> BundleMalformedError:
    return BundleMalformedError(problem, where=where, mend=_MEND)


def _too_large(problem: str) -> BundleTooLargeError:
    return BundleTooLargeError(problem, where="bundle", mend="Give the consignment's evidence in several bundles.")
