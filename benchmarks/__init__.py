"""Figures with their peers beside them: ``python -m benchmarks``."""
