"""One play, conducted: clock, edges and judge, with every device handed in."""
