"""``smartborder evidence``: one file that proves a history offline, and the trust file to verify it by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from clients.cli.acts import one_of
from clients.cli.files import read_file, write_file
from clients.cli.output import AsJson, command, console, write_json
from clients.cli.session import HomeOption, NodeOption, PasswordFile, connect_node, home_at, open_party
from clients.cli.text import _
from clients.cli.verify import STATUS
from clients.cli.views import show_verdict
from clients.evidence import make_trust, witnesses_of
from clients.party import Party
from ledger.chain.deployment import Deployment
from ledger.errors import InputError, LedgerError
from ledger.identity.attestations import attestation_from_json
from ledger.identity.signatures import Signature
from ledger.identity.untrusted import JsonObject
from ledger.tlog.policy_files import parse_policy
from ledger.verify import Verdict, could_not_check
from ledger.verify.evidence import GIVEN_BY_DEFAULT, Part, decode_bundle, read_trust, verify_evidence
from ledger.verify.evidence.bundle import AttestedHead
from ledger.verify.evidence.making import Additions
from ledger.verify.evidence.roots import BlockLogTrust
from ledger.verify.evidence.summary import Summary, summarize
from ledger.verify.evidence.verifying import verify_document_by_evidence

app = typer.Typer()

OutOption = Annotated[Path, typer.Option("-o", "--out", help=_("Where to write it; - for standard output."))]
BundleArgument = Annotated[Path, typer.Argument(help=_("The evidence bundle; - for standard input."))]
BlockLogOption = Annotated[
    Path | None,
    typer.Option("--block-log", help=_("A policy file (C2SP tlog-policy) with the block log's key and its witnesses.")),
]
DepthOption = Annotated[
    int, typer.Option("--depth", min=0, help=_("How many later blocks a witnessed block needs to count as final."))
]
SinceOption = Annotated[
    int, typer.Option("--validators-since", min=0, help=_("On a QBFT chain: the block whose validators are trusted."))
]
NAMES = {part.value: part for part in Part}


@command(app)
def trust(
    output: OutOption,
    deployment: Annotated[
        Path | None, typer.Option("--deployment", help=_("The consortium's deployment file; else this home's."))
    ] = None,
    block_log: BlockLogOption = None,
    depth: DepthOption = 0,
    validators_since: SinceOption = 0,
    attested_by: Annotated[
        int,
        typer.Option("--attested-by", min=0, help=_("How many founding authorities may attest to a head; 0: none.")),
    ] = 0,
    home: HomeOption = None,
    node: NodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a trust file from a deployment file and a node, and say what was taken on trust.

    A person does this once, compares what it prints with what the authorities publish, and keeps the file.
    """
    place = home_at(home)
    text = place.deployment_text() if deployment is None else _text(deployment)
    made = make_trust(
        Deployment.from_json(text, str(deployment or place.deployment_path)),
        connect_node(place, node),
        block_log=None if block_log is None else BlockLogTrust(parse_policy(read_file(block_log)), depth),
        validators_since=validators_since,
        threshold=attested_by,
    )
    write_file(output, made.roots.text().encode())
    if as_json:
        return write_json({"trust": str(output), "takenOnTrust": list(made.taken)})
    if str(output) != "-":
        console().print(_("Wrote {path}. Compare before you rely on it; it takes on trust:").format(path=output))
        for line in made.taken:
            console().print(f"- {line}", markup=False)
    return None


@command(app)
def make(
    consignment: Annotated[str, typer.Argument(help=_("The UCR, or the id on chain."))],
    output: OutOption,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            help=_("reference, events, documents, seals, details or completeness; may be repeated."),
        ),
    ] = None,
    with_assessments: Annotated[
        bool, typer.Option("--with-assessments", help=_("Also channels that were not opened yet, and reasons."))
    ] = False,
    block_log: BlockLogOption = None,
    log: Annotated[
        str | None, typer.Option("--log", help=_("The block log itself: a folder, or an address it is served at."))
    ] = None,
    depth: DepthOption = 0,
    validators_since: SinceOption = 0,
    attestation: Annotated[
        list[Path] | None, typer.Option("--attestation", help=_("A file with an attested head; may be repeated."))
    ] = None,
    logged: Annotated[
        list[str] | None,
        typer.Option(
            "--logged", help=_("An event of your own event log, named as for smartborder proof; may be repeated.")
        ),
    ] = None,
    home: HomeOption = None,
    node: NodeOption = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Write one file that proves a consignment's history offline, with as much of the documents as you choose."""
    parts = _parts(without or [], with_assessments=with_assessments)
    witnesses = None
    if log is not None:
        if block_log is None:
            raise typer.BadParameter(_("--log needs --block-log, the policy by which the log is believed"))
        witnesses = witnesses_of(log, BlockLogTrust(parse_policy(read_file(block_log)), depth))
    additions = Additions(tuple(_attested(path) for path in attestation or ()))
    with open_party(Party, home, node, password_file) as party:
        if logged:
            additions = replace(party.events.logged(logged), attestations=additions.attestations)
        made = party.evidence(
            consignment, parts, validators_since=validators_since, witnesses=witnesses, additions=additions
        )
    write_file(output, made.data)
    if as_json:
        return write_json({"bundle": str(output), "bytes": len(made.data), "limits": list(made.limits)})
    if str(output) != "-":
        console().print(_("Wrote {path} ({size} bytes).").format(path=output, size=len(made.data)))
        for limit in made.limits:
            console().print(f"- {limit}", markup=False)
    return None


@command(app)
def verify(
    bundle: BundleArgument,
    trust: Annotated[Path, typer.Option("--trust", help=_("Your trust file (see: smartborder evidence trust)."))],
    document: Annotated[
        Path | None,
        typer.Option("--document", help=_("An EPCIS document handed over beside the bundle; - for standard input.")),
    ] = None,
    every: Annotated[bool, typer.Option("--all", "-a", help=_("Show what passed, too."))] = False,
    as_json: AsJson = False,
) -> None:
    """Verify an evidence bundle by a trust file. It needs no network and no home.

    Exit status: 0 verified, 1 not verified, 2 undetermined (something could not be checked).
    """
    verdict = _verdict(bundle, trust, document)
    if as_json:
        write_json(verdict.to_json())
    else:
        show_verdict(verdict, every=every)
    raise typer.Exit(STATUS[verdict.word])


@command(app)
def show(bundle: BundleArgument, as_json: AsJson = False) -> None:
    """Show what a bundle says that it holds. Nothing is verified."""
    data = read_file(bundle)
    summary = summarize(decode_bundle(data), len(data))
    if as_json:
        return write_json(summary.to_json())
    console().print(_("What this bundle says that it holds; nothing of it is verified."), style="dim")
    for name, value in _lines(summary):
        console().print(f"{name:<22} {value}", markup=False)
    return None


def _verdict(bundle: Path, trust: Path, document: Path | None) -> Verdict:
    roots = read_trust(read_file(trust), str(trust))
    data = read_file(bundle)
    if document is None:
        return verify_evidence(data, roots)
    try:
        return verify_document_by_evidence(read_file(document), decode_bundle(data), roots)
    except LedgerError as error:
        return could_not_check(error.diagnostics())


def _parts(without: list[str], *, with_assessments: bool) -> frozenset[Part]:
    chosen = frozenset(Part) if with_assessments else GIVEN_BY_DEFAULT
    return chosen - {one_of(name, NAMES) for name in without}


def _attested(path: Path) -> AttestedHead:
    """An attested head: the attestation with the authorities' signatures."""
    import orjson  # noqa: PLC0415  # only this option reads JSON

    try:
        content = orjson.loads(read_file(path))
    except orjson.JSONDecodeError as error:
        raise InputError(f"is not JSON: {error}", where=str(path), mend=_("Give an attested head.")) from None
    read = JsonObject(content, str(path), ("attestation", "signatures"))
    signatures = []
    for number, each in enumerate(read.items("signatures", 256)):
        signature = JsonObject(each, f"{path}.signatures[{number}]", ("r", "vs"))
        signatures.append(Signature(signature.hash("r"), signature.hash("vs")))
    return AttestedHead(attestation_from_json(read.raw("attestation"), str(path)), tuple(signatures))


def _text(path: Path) -> str:
    try:
        return read_file(path).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"is not text: {error}", where=str(path), mend=_("Check the file.")) from None


def _lines(summary: Summary) -> list[tuple[str, str]]:
    blocks = summary.blocks
    return [
        (_("consignment"), f"0x{summary.consignment.hex()}"),
        (_("UCR"), summary.ucr or _("not disclosed")),
        (_("chain"), str(summary.ledger.chain_id)),
        (_("contract"), summary.ledger.consignments),
        (_("blocks"), f"{len(blocks)}, {blocks[0]} to {blocks[-1]}" if blocks else "0"),
        (
            _("log entries"),
            _("{n} of {receipts} transactions").format(n=summary.log_entries, receipts=summary.receipts),
        ),
        (_("events"), _("{n}, and {named} by hash alone").format(n=summary.events, named=summary.named_events)),
        (_("seals, details"), f"{summary.seals}, {summary.details}"),
        (_("assessments"), str(summary.assessments)),
        (_("in event logs"), str(summary.logged)),
        (_("end shown by"), ", ".join(summary.end) or _("nothing")),
        (_("blocks shown by"), ", ".join(summary.finality) or _("nothing")),
        (_("size"), _("{n} bytes").format(n=summary.size_bytes)),
    ]
