"""Moments: the events' own times, beside each other, the chain's and the place's clock."""
