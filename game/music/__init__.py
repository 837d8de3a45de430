"""What a MIDI file says, and what becomes of it: song, chart, library, sound."""
