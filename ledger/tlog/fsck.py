"""Check a whole log from outside: every entry, every tile of every level, and the checkpoint.

::

    report = check_log(source_of("https://logs.example/events"), verifiers_of([parse_vkey(line)]))
    report.word, [str(finding) for finding in report.findings]

Only the log's key is trusted. Everything is recomputed from the entries, in one pass from left to right that keeps at
most 256 hashes a level in memory. What was found wrong does not end the check: the tiles' hashes stand in for entries
that are missing, so that every damaged file is named. Source: C2SP tlog-tiles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from ledger.errors import InputError, LedgerError, NotFound, Refused, Unavailable
from ledger.tlog.errors import LogDamagedError, ResourceMissingError
from ledger.tlog.integration import Edge
from ledger.tlog.merkle import leaf_hashes
from ledger.tlog.reading import LogReader, read_bundle, read_tile
from ledger.tlog.tiles import CHECKPOINT_PATH, TILE_HEIGHT, TILE_WIDTH, Tile, tile_roots

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.tlog.checkpoints import Checkpoint
    from ledger.tlog.notes import Verifier
    from ledger.tlog.sources import LogSource

MAX_FINDINGS: Final = 100  # a log with more is damaged all over
MAX_UNREACHABLE: Final = 3  # files; then the source is down
Progress = Callable[[int, int], None]
"""Told how many entries were checked, and how many there are."""


class LogWord(Enum):
    """What a check comes to."""

    VERIFIED = "verified"
    NOT_VERIFIED = "not verified"
    UNDETERMINED = "undetermined"


class LogRule(Enum):
    """What a log has to keep to."""

    CHECKPOINT = "the checkpoint is signed by the log"
    PRESENT = "every file that the checkpoint requires is there"
    FORM = "every file has the form and the width that it has to have"
    LEAF = "every entry hashes to its leaf"
    NODE = "every hash is the root of the full tile below it"
    ROOT = "the tree's root is the checkpoint's"


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One thing that is wrong.

    Attributes:
        rule: what is not kept.
        path: the file.
        reason: what was found, in plain words.
        index: the first entry that it concerns.
    """

    rule: LogRule
    path: str
    reason: str
    index: int | None = None

    def __str__(self) -> str:
        at = "" if self.index is None else f" (entry {self.index})"
        return f"{self.path}{at}: {self.reason}"


@dataclass(frozen=True, slots=True)
class LogReport:
    """What a check of a log came to.

    Attributes:
        place: the folder or URL.
        checkpoint: the checkpoint that the log was checked against; ``None`` where there is no good one.
        entries: how many entries hash to what the log's tree has.
        findings: what is wrong; at most :data:`MAX_FINDINGS`.
        not_checked: what could not be checked, and why.
    """

    place: str
    checkpoint: Checkpoint | None
    entries: int
    findings: tuple[LogFinding, ...]
    not_checked: tuple[str, ...]

    @property
    def word(self) -> LogWord:
        """The one word for it."""
        if self.findings:
            return LogWord.NOT_VERIFIED
        return LogWord.UNDETERMINED if self.not_checked else LogWord.VERIFIED


def check_log(source: LogSource, verifiers: Iterable[Verifier], *, progress: Progress | None = None) -> LogReport:
    """Check a whole log.

    Args:
        source: where it is.
        verifiers: of the log's keys.
        progress: is called after each entry bundle.
    """
    try:
        checkpoint = LogReader(source, verifiers).checkpoint().checkpoint
    except (NotFound, InputError, Refused, LogDamagedError) as error:
        finding = LogFinding(LogRule.CHECKPOINT, CHECKPOINT_PATH, error.message)
        return LogReport(source.name, None, 0, (finding,), ())
    except Unavailable as error:
        return LogReport(source.name, None, 0, (), (str(error),))
    check = _Check(source, checkpoint)
    for index in range(-(-checkpoint.size // TILE_WIDTH)):
        if check.hopeless:
            break
        check.bundle(index)
        if progress:
            progress(min((index + 1) * TILE_WIDTH, checkpoint.size), checkpoint.size)
    return check.report()


class _Check:
    """A check under way.

    Each link of the tree is checked once: entries to leaves, each tile to the tile above, the uppermost to the root.
    Upward goes what the log shows, so that one fault is told where it is, and not at each level.
    """

    def __init__(self, source: LogSource, checkpoint: Checkpoint) -> None:
        self._source = source
        self._checkpoint = checkpoint
        self._levels: list[list[bytes | None]] = [[]]
        self._entries = 0
        self._findings: list[LogFinding] = []
        self._not_checked: list[str] = []

    @property
    def hopeless(self) -> bool:
        """Whether more would not help."""
        return len(self._findings) >= MAX_FINDINGS or len(self._not_checked) >= MAX_UNREACHABLE

    def bundle(self, index: int) -> None:
        """Check a bundle, its tile of leaf hashes, and every tile that is full with it."""
        width = min(TILE_WIDTH, self._checkpoint.size - index * TILE_WIDTH)
        entries = self._read(read_bundle, Tile(None, index, width))
        leaves = [None] * width if entries is None else leaf_hashes(entries)
        self._levels[0].extend(leaves)
        level = 0
        while len(self._levels[level]) == TILE_WIDTH:
            if level + 1 == len(self._levels):
                self._levels.append([])
            row = self._compared(Tile(level, index >> TILE_HEIGHT * level))
            self._levels[level + 1].append(None if None in row else tile_roots([each for each in row if each])[0])
            self._levels[level] = []
            level += 1

    def report(self) -> LogReport:
        """The partial tiles, the root, and what it comes to."""
        size = self._checkpoint.size
        if not self.hopeless:
            rows = [
                self._compared(Tile(level, size >> TILE_HEIGHT * (level + 1), len(row))) if row else []
                for level, row in enumerate(self._levels)
            ]
            self._compare_root(rows)
        return LogReport(
            self._source.name,
            self._checkpoint,
            self._entries,
            tuple(self._findings[:MAX_FINDINGS]),
            tuple(self._not_checked),
        )

    def _compared(self, tile: Tile) -> list[bytes | None]:
        """What the log shows in a tile, after it was compared with what is below; that, where the tile is missing."""
        level = tile.level or 0
        computed = self._levels[level]
        shown = self._read(read_tile, tile)
        if shown is None:
            return computed
        wrong = [place for place, hash_ in enumerate(computed) if hash_ is not None and hash_ != shown[place]]
        if level == 0:
            self._entries += sum(hash_ is not None for hash_ in computed) - len(wrong)
        if wrong:
            what = "is not the hash of the entry" if level == 0 else "is not the root of the tile below"
            more = f", nor are {len(wrong) - 1} more in this tile" if len(wrong) > 1 else ""
            first = tile.index * TILE_WIDTH + wrong[0]
            expected = computed[wrong[0]] or b""
            self._find(
                LogRule.LEAF if level == 0 else LogRule.NODE,
                tile,
                f"hash {wrong[0]}, {shown[wrong[0]].hex()}, {what}, {expected.hex()}{more}",
                first << TILE_HEIGHT * level,
            )
        return list(shown)

    def _compare_root(self, rows: Sequence[Sequence[bytes | None]]) -> None:
        if any(hash_ is None for row in rows for hash_ in row):
            return  # a file that is missing or could not be read was told of
        levels = tuple(tuple(hash_ for hash_ in row if hash_) for row in rows)
        root = Edge(self._checkpoint.size, (), levels).root()
        if root != self._checkpoint.root:
            self._findings.append(
                LogFinding(
                    LogRule.ROOT,
                    CHECKPOINT_PATH,
                    f"the tree of {self._checkpoint.size} entries has the root {root.hex()}, "
                    f"the checkpoint {self._checkpoint.root.hex()}",
                )
            )

    def _read(self, read: Callable[[LogSource, Tile], list[bytes]], tile: Tile) -> list[bytes] | None:
        first = tile.index * TILE_WIDTH << TILE_HEIGHT * (tile.level or 0)
        try:
            return read(self._source, tile)
        except ResourceMissingError:
            self._find(LogRule.PRESENT, tile, "is missing", first)
        except LogDamagedError as error:
            self._find(LogRule.FORM, tile, error.message, first)
        except LedgerError as error:
            self._not_checked.append(str(error))
        return None

    def _find(self, rule: LogRule, tile: Tile, reason: str, index: int) -> None:
        self._findings.append(LogFinding(rule, tile.path, reason, index))
