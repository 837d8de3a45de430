"""The glove: from electrodes to edges. Knows nothing of songs, patients or screens."""
