"""Griptune: rhythm-game hand therapy with a sensor glove."""

__version__ = "0.1.0"
