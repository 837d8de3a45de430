"""Songs of other games, made into ours.

A folder of Frets on Fire or Clone Hero songs holds, for each song, a chart for a guitar of five
frets (``notes.mid`` or ``.chart``), what is known of the song (``song.ini``) and its recording,
often one file for each instrument. What comes out is what Griptune plays anyway: a MIDI file
with a track named ``griptune``, a ``.toml`` and the recording beside it.

The formats are described by TheNathannator, "Guitar Game Chart Formats"; each module names what
it took from there.
"""
