"""An auditor: verifies, and states nothing."""

from __future__ import annotations

from typing import ClassVar

from clients.party import Party
from ledger.identity.milestones import Role


class Auditor(Party):
    """Who checks a consignment's history from parcels and the chain (see :meth:`Party.verify`)."""

    role: ClassVar[Role | None] = Role.AUDITOR
