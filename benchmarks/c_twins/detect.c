/* The contact state machine's loop in plain C: the same work as _detect in
   firmware_bridge/contacts.py, for the benchmark to run beside it. Arguments as there. */

#include <stdint.h>

enum { BLOCKED, OPEN, PRESSED, STUCK, LOST };
enum { STATE, FIRST, CLOSED, SUM, OPENED, COLUMNS };
enum { TIME, MASK, SEEN, EARLIEST, SINCE };

#define FAR ((int64_t)1 << 62)

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Returns how many edges were written. */
int64_t detect(const int64_t *times, const uint8_t *masks, const uint8_t *unbroken, int64_t size,
               const int64_t *settings, int64_t (*electrodes)[COLUMNS], int64_t count,
               int64_t *shared, int64_t *edge_us, uint8_t *edge_grip, uint8_t *edge_down)
{
    const int64_t confirm = settings[0], together = settings[1], release = settings[2];
    const int64_t unblock = settings[3], stuck = settings[4], lost = settings[5];
    const int64_t unseen = settings[6], unseen_unbroken = settings[7];
    int64_t last = shared[TIME], mask_before = shared[MASK], seen = shared[SEEN];
    int64_t edges = 0, calm_until = last;

#define EDGE(at, is_down)            \
    do {                             \
        edge_us[edges] = (at);       \
        edge_grip[edges] = (uint8_t)e; \
        edge_down[edges] = (is_down); \
        edges++;                     \
    } while (0)

    for (int64_t i = 0; i < size; i++) {
        const int64_t time = times[i], mask = masks[i];
        if (seen != 0 && time <= last)
            continue;
        int fresh = seen != 1;
        if (!fresh) {
            if (time - last > lost) {
                fresh = 1;
                for (int64_t e = 0; e < count; e++)
                    if (electrodes[e][STATE] == PRESSED)
                        EDGE(last, 0);
            } else if (mask == mask_before && time < calm_until) {
                last = time;
                continue;
            }
        }
        if (fresh) {
            for (int64_t e = 0; e < count; e++) {
                electrodes[e][STATE] = BLOCKED;
                electrodes[e][SUM] = 0;
            }
            seen = 1;
            shared[SINCE] = time;
            mask_before = mask;
            last = time;
        }
        const int64_t credit = least(time - last, unbroken[i] ? unseen_unbroken : unseen);
        calm_until = FAR;
        for (int64_t e = 0; e < count; e++) {
            int64_t *const it = electrodes[e];
            const int closed = (int)(mask >> e) & 1, before = (int)(mask_before >> e) & 1;
            if (it[STATE] == OPEN) {
                if (closed) {
                    int64_t total = it[SUM];
                    if (total > 0 && !before && time - it[CLOSED] > together)
                        total = 0;
                    if (total == 0)
                        it[FIRST] = time;
                    total += before ? credit : least(credit, unbroken[i] ? confirm : 1);
                    it[SUM] = total;
                    it[CLOSED] = time;
                    if (total > confirm) {
                        it[STATE] = PRESSED;
                        EDGE(it[FIRST], 1);
                        calm_until = least(calm_until, it[FIRST] + stuck);
                    } else {
                        calm_until = time;
                    }
                } else if (it[SUM] > 0) {
                    if (time - it[CLOSED] >= together)
                        it[SUM] = 0;
                    else
                        calm_until = time;
                }
            } else if (it[STATE] == PRESSED) {
                if (closed) {
                    if (time - it[FIRST] >= stuck) {
                        it[STATE] = STUCK;
                        it[SUM] = 0;
                        EDGE(time, 0);
                    } else {
                        calm_until = least(calm_until, it[FIRST] + stuck);
                    }
                } else {
                    if (before) {
                        it[OPENED] = time;
                        it[SUM] = 0;
                    } else {
                        it[SUM] += credit;
                    }
                    if (it[SUM] > release) {
                        it[STATE] = OPEN;
                        it[SUM] = 0;
                        EDGE(it[OPENED], 0);
                    } else {
                        calm_until = time;
                    }
                }
            } else if (!closed) {
                if (before)
                    it[SUM] = 0;
                else
                    it[SUM] += credit;
                if (it[SUM] >= unblock) {
                    it[STATE] = OPEN;
                    it[SUM] = 0;
                } else {
                    calm_until = time;
                }
            }
        }
        last = time;
        mask_before = mask;
    }
    shared[TIME] = last;
    shared[MASK] = mask_before;
    shared[SEEN] = seen;
    int64_t earliest = last + 1;
    for (int64_t e = 0; e < count; e++)
        if (electrodes[e][STATE] == OPEN && electrodes[e][SUM] > 0)
            earliest = least(earliest, electrodes[e][FIRST]);
    shared[EARLIEST] = earliest;
    return edges;
}
