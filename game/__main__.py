"""``python -m game`` is ``griptune``."""

from game.cli import main

if __name__ == "__main__":
    main()
