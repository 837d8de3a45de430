"""The clinic's pages: each module answers a few paths; ``game/clinic/routes.py`` lists them all."""
