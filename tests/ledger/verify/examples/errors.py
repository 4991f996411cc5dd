"""Error declarations: what they declare wrong, and whether the event that corrects it exists."""
