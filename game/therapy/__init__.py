"""Difficulty and the people it serves. Pure: no clock, file, screen or database."""
