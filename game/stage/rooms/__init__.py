"""The rooms of the game: where one can be, and what goes on there.

A screen only shows plain data; its room brings that data from the evening's services, and does
what is done nowhere else. A new screen is one file here (and one in ``screens``), and a line in
the table of :mod:`game.stage.navigation` that says which action leads to it.
"""
