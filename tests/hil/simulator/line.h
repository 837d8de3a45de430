// The line from the glove to the host, with all that can happen to bytes on their way. Times in ns.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
    uint64_t random;         // state of the generator: one seed, one sequence of faults
    double corrupt;          // share of bytes changed
    double drop_bytes;       // share of bytes lost
    double drop_frames;      // share of frames lost, whole
    int64_t stalled_until;   // nothing is handed over before
    size_t batch_bytes;      // 0: every byte at once. Else as an FTDI adapter does it: when so many
    int64_t batch_ns;        //   have gathered, or this time after the last batch
    int64_t batch_since;
    bool in_frame;
    bool skipping;
    uint8_t waiting[1 << 18];  // 2 s of a full line at 1 Mbaud
    size_t waiting_count;
    uint64_t corrupted, dropped, frames_dropped, overrun;
};

void line_seed(struct line *line, uint64_t seed);

// A byte has left the glove.
void line_take(struct line *line, uint8_t byte);

// Random bytes that no glove has sent.
void line_garbage(struct line *line, int count);

// The first `count` waiting bytes become noise.
void line_garble(struct line *line, size_t count);

// How many of the waiting bytes are to be handed over now.
size_t line_due(struct line *line, int64_t now_ns);

// The first `count` waiting bytes have been handed over.
void line_handed_over(struct line *line, size_t count, int64_t now_ns);
