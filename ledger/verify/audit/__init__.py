"""Audit: the whole ledger of a member computed anew from its raw data, and everything that does not fit told.

::

    scope = AuditScope(store=home.store_path, store_key=keyring.store_key(), log=FolderSource(home.log_folder),
                       contracts=contracts)
    report = audit(scope)
    report.word, [str(finding) for finding in report.findings]

Nothing is taken from the store that its documents do not give, nothing from the log that its entries do not give, and
the chain is what both are held to. A fault ends nothing: what can still be checked is checked.
"""

from ledger.verify.audit.auditor import AuditScope, audit
from ledger.verify.audit.report import AuditFinding, AuditReport
from ledger.verify.audit.rules import AUDIT_RULES, AuditRule

__all__ = ["AUDIT_RULES", "AuditFinding", "AuditReport", "AuditRule", "AuditScope", "audit"]
