#include "line.h"

#include <string.h>

void line_seed(struct line *line, uint64_t seed) {
    line->random = seed * 0x9E3779B97F4A7C15ull | 1;
}

// xorshift64* (Vigna 2016).
static uint64_t next_random(struct line *line) {
    line->random ^= line->random >> 12;
    line->random ^= line->random << 25;
    line->random ^= line->random >> 27;
    return line->random * 0x2545F4914F6CDD1Dull;
}

static bool chance(struct line *line, double share) {
    return share > 0 && (next_random(line) >> 11) * 0x1p-53 < share;
}

static void put(struct line *line, uint8_t byte) {
    if (line->waiting_count < sizeof line->waiting) line->waiting[line->waiting_count++] = byte;
    else line->overrun++;
}

void line_take(struct line *line, uint8_t byte) {
    if (!line->in_frame && byte) {
        line->in_frame = true;
        line->skipping = chance(line, line->drop_frames);
        line->frames_dropped += line->skipping;
    }
    bool skip = line->skipping;
    if (!byte) line->in_frame = line->skipping = false;
    if (skip) return;
    if (chance(line, line->drop_bytes)) {
        line->dropped++;
        return;
    }
    if (chance(line, line->corrupt)) {
        line->corrupted++;
        byte ^= 1 + next_random(line) % 255;
    }
    put(line, byte);
}

void line_garbage(struct line *line, int count) {
    while (count-- > 0) put(line, next_random(line) >> 32);
}

void line_garble(struct line *line, size_t count) {
    for (size_t i = 0; i < count; i++) line->waiting[i] = next_random(line) >> 32;
}

size_t line_due(struct line *line, int64_t now_ns) {
    if (now_ns < line->stalled_until) return 0;
    if (line->batch_bytes && now_ns - line->batch_since < line->batch_ns) {
        return line->waiting_count / line->batch_bytes * line->batch_bytes;
    }
    return line->waiting_count;
}

void line_handed_over(struct line *line, size_t count, int64_t now_ns) {
    line->waiting_count -= count;
    memmove(line->waiting, line->waiting + count, line->waiting_count);
    line->batch_since = now_ns;
}
