"""Boards and, later, the staff pages of a clinic."""
