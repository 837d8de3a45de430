"""Virtual patients who play ten songs in a row end where four in five are hit.

Of 30 patients at least 27 must have a pooled success of .72 to .88 in plays 6 to 10: one in ten may
lie outside, because a hundred targets tell a share of .8 to .04 only. The short run takes one of
each severity, and none may; GRIPTUNE_SOAK=1 takes all thirty.
"""

import os

from tests.cli.evenings import SEVERITIES, evening, pooled_success

SOAK = os.environ.get("GRIPTUNE_SOAK") == "1"
SEEDS = range(10 if SOAK else 1)
PLAYS = 10


def test_success_settles_where_it_is_aimed_for(tmp_path):
    found = {}
    for severity in SEVERITIES:
        for seed in SEEDS:
            documents = evening(
                tmp_path / f"{severity}-{seed}", severity, seed, ["ode-to-joy"], PLAYS
            )
            found[severity, seed] = pooled_success(documents[5:])
    settled = [key for key, success in found.items() if 0.72 <= success <= 0.88]
    print(*(f"{s} {seed}: {success:.3f}" for (s, seed), success in found.items()), sep="\n")
    assert len(found) - len(settled) <= (3 if SOAK else 0), found
    assert 0.75 <= sum(found.values()) / len(found) <= 0.85


def test_songs_in_turn_make_no_difference(tmp_path):
    songs = ["greensleeves", "the-entertainer", "amazing-grace", "ode-to-joy", "korobeiniki"]
    documents = evening(tmp_path, "moderate", 4, songs, PLAYS)
    assert 0.72 <= pooled_success(documents[5:]) <= 0.88
    assert len({document["song"] for document in documents}) == len(songs)
