"""The bundled songs: a ``.mid`` with a ``.toml`` beside it, and the notation they are built from.

The package exists so that the files travel with the wheel; ``game.music.library`` reads them.
"""
