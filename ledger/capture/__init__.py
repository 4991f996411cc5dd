"""Capture: from EPCIS documents in files to a checkpoint of the member's event log on chain.

The steps, each in a module of its own, and each safe to repeat:

1. *sources* finds the documents: files, folders, NDJSON files, standard input.
2. *reading* parses and validates each, and computes the digests of its events, in processes of their own
   (*readers*, *worker*, *wire*). A document that breaks a rule is *set aside*.
3. *keeping* writes documents, events and their places in the log to the store, a batch in a transaction.
4. *member_log* appends the entries to the log on disk, signs and publishes its checkpoint, has it recorded on chain,
   and asks witnesses for cosignatures.

The store is the journal: whatever a crash leaves undone follows from it, and is done by the next capture. So each
event is in the log exactly once, whatever happens. :mod:`ledger.capture.pipeline` puts the steps together.
"""
