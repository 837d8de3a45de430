"""What is kept: patients, plays and every repetition in them, difficulty, boards.

Import from the modules (``game.records.store`` …): this package stays empty, so that a command
that only needs the error class does not load a database library.
"""
