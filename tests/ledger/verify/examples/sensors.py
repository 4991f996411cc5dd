"""Sensors: the goods stayed within the consignment's limits, and the record has no gap."""
