"""Static and symbolic analysis of the contracts: ``python -m scripts.analysis``."""
