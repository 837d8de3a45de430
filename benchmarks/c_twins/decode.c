/* The decoder's loop in plain C: the same work as _decode_runs in firmware_bridge/frames.py, for
   the benchmark to run beside it. Arguments and memory are laid out as there. */

#include <stdint.h>
#include <string.h>

enum { FIRST_RUN, SKIPPING, KNOWN, EPOCH, HISTORY, SCAN_HZ, NONCE, RUNNING, SEQUENCE, TIME_US };
enum { FRAMES, MESSAGES, BAD_CRC, BAD_LENGTH, BAD_VALUE, UNKNOWN, UNMATCHED, GAPS, MISSING,
       REPAIRED };

/* results: bytes used, samples, frames, messages. */
void decode_runs(const uint8_t *data, int64_t size, int64_t carried, int64_t *memory,
                 int64_t *offsets, int64_t *counters, const int64_t *parameters,
                 const int64_t *lengths, const uint16_t *table, int64_t *times, uint8_t *masks,
                 uint8_t *links, int64_t *frame_us, int64_t *frame_sample, int64_t *frame_end,
                 uint8_t *frame_restart, uint8_t *message_bytes, int64_t *message_bounds,
                 int64_t *results)
{
    const int64_t max_run = parameters[0], head = parameters[1], max_history = parameters[2];
    const int64_t mask_reserved = parameters[3], flags_reserved = parameters[4];
    const int64_t epoch_shift = parameters[5], protocol = parameters[6];
    uint8_t payload[256];
    int64_t samples = 0, frames = 0, messages = 0, stored = 0, start = 0, end = 0;

    for (;;) {
        while (end < size && data[end] != 0)
            end++;
        if (end == size)
            break;
        const int64_t run_start = start, run_length = end - start;
        end++;
        start = end;
        const int64_t counted = 1 - memory[FIRST_RUN];
        memory[FIRST_RUN] = 0;
        if (memory[SKIPPING]) {
            memory[SKIPPING] = 0;
            continue;
        }
        if (run_length == 0)
            continue;
        if (run_length > max_run) {
            counters[BAD_LENGTH] += counted;
            continue;
        }

        int64_t length = 0, i = run_start, whole = 1;
        const int64_t run_end = run_start + run_length;
        while (i < run_end) {
            const int64_t block_end = i + data[i];
            if (block_end > run_end) {
                whole = 0;
                break;
            }
            i++;
            while (i < block_end)
                payload[length++] = data[i++];
            if (i < run_end)
                payload[length++] = 0;
        }
        if (!whole || length < 3) {
            counters[BAD_LENGTH] += counted;
            continue;
        }

        uint32_t crc = 0xFFFF;
        for (i = 0; i < length - 2; i++)
            crc = ((crc << 8) & 0xFFFF) ^ table[(crc >> 8) ^ payload[i]];
        if (crc != payload[length - 2] + 256u * payload[length - 1]) {
            counters[BAD_CRC] += counted;
            continue;
        }

        const int64_t kind = payload[0], expected = lengths[kind];
        if (expected == 0) {
            counters[UNKNOWN]++;
            continue;
        }
        if (expected > 0) {
            if (length != expected) {
                counters[BAD_LENGTH] += counted;
                continue;
            }
            if (kind == 2) {
                const int64_t history = payload[5], hop = payload[6], epoch = payload[7];
                const int64_t scan_hz = payload[10] + 256 * payload[11];
                const int64_t nonce = payload[12] + 256 * payload[13];
                if (history < 1 || history > max_history || hop < 1 || epoch > 3 || scan_hz < 1) {
                    counters[BAD_VALUE] += counted;
                    continue;
                }
                if (payload[1] == protocol) {
                    if (memory[KNOWN] && memory[NONCE] != nonce)
                        memory[RUNNING] = 0;
                    if (memory[SCAN_HZ] != scan_hz)
                        for (int64_t k = 0; k <= max_history; k++)
                            offsets[k] = (k * 1000000 + scan_hz / 2) / scan_hz;
                    memory[KNOWN] = 1;
                    memory[EPOCH] = epoch;
                    memory[HISTORY] = history;
                    memory[SCAN_HZ] = scan_hz;
                    memory[NONCE] = nonce;
                } else {
                    memory[KNOWN] = 0;
                }
            }
            counters[MESSAGES]++;
            message_bounds[3 * messages] = stored;
            memcpy(message_bytes + stored, payload, (size_t)(length - 2));
            stored += length - 2;
            message_bounds[3 * messages + 1] = stored;
            message_bounds[3 * messages + 2] = end - carried;
            messages++;
            continue;
        }

        const int64_t history = length - head - 2;
        if (history < 1 || length - 2 > head + max_history) {
            counters[BAD_LENGTH] += counted;
            continue;
        }
        const int64_t flags = payload[7];
        int64_t reserved = flags & flags_reserved;
        for (i = 0; i < history; i++)
            reserved |= payload[head + i] & mask_reserved;
        if (reserved) {
            counters[BAD_VALUE] += counted;
            continue;
        }
        if (!memory[KNOWN] || memory[EPOCH] != ((flags >> epoch_shift) & 3)) {
            counters[UNMATCHED]++;
            continue;
        }
        if (history != memory[HISTORY]) {
            counters[BAD_LENGTH] += counted;
            continue;
        }
        const int64_t sequence = payload[1] + 256 * payload[2];
        const int64_t stamp =
            payload[3] + 256 * (payload[4] + 256 * (payload[5] + 256 * (int64_t)payload[6]));
        const int64_t last = memory[TIME_US];
        const int64_t step = (stamp - last) & 0xFFFFFFFF;
        if (step >= 0x80000000)
            memory[RUNNING] = 0;
        const int fresh = memory[RUNNING] == 0;
        counters[FRAMES]++;
        if (!fresh && step == 0)
            continue;
        const int64_t time = fresh ? stamp : last + step;
        uint8_t unbroken = 0;
        if (!fresh) {
            const int64_t lost = (sequence - memory[SEQUENCE] - 1) & 0xFFFF;
            if (lost == 0) {
                unbroken = 1;
            } else {
                counters[GAPS]++;
                counters[MISSING] += lost;
                if (2 * (time - offsets[history - 1] - last) <= 3 * offsets[1]) {
                    counters[REPAIRED]++;
                    unbroken = 1;
                }
            }
        }
        frame_us[frames] = time;
        frame_sample[frames] = samples;
        frame_end[frames] = end - carried;
        frame_restart[frames] = (uint8_t)fresh;
        frames++;
        for (int64_t k = history - 1; k >= 0; k--) {
            const int64_t sampled = time - offsets[k];
            if (fresh || 2 * (sampled - last) > offsets[1]) {
                times[samples] = sampled;
                masks[samples] = payload[head + k];
                links[samples] = unbroken;
                unbroken = 1;
                samples++;
            }
        }
        memory[RUNNING] = 1;
        memory[SEQUENCE] = sequence;
        memory[TIME_US] = time;
    }

    if (memory[SKIPPING]) {
        start = size;
    } else if (size - start > max_run) {
        counters[BAD_LENGTH] += 1 - memory[FIRST_RUN];
        memory[SKIPPING] = 1;
        start = size;
    }
    frame_sample[frames] = samples;
    results[0] = start;
    results[1] = samples;
    results[2] = frames;
    results[3] = messages;
}
