"""Stations and the clinic's server: facts pushed, prescriptions and songs pulled."""
