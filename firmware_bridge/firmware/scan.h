// The timer: reads the electrodes at a steady rate, keeps the newest masks and the device time.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// As fast as the processor can go with room to spare: 4 kHz at 16 MHz.
#define SCAN_HZ_MOST (F_CPU / 4000)
#define SCAN_HZ_LEAST 100

// A frame that is due: the index of its newest mask, when that was read, and how many frames fell
// due before it that can no longer be built (the main loop came much too late for them).
struct due {
    uint8_t newest;
    uint8_t missed;
    uint32_t us;
};

// Scan at scan_hz and call a frame due every hop scans; the first when `history` masks are read.
// Device time goes on from where it was.
void scan_start(uint16_t scan_hz, uint8_t hop, uint8_t history);

// How many scans there have been, modulo 256.
uint8_t scan_count(void);

// Whether a frame is due and was not taken.
bool scan_due(void);

// Take the oldest frame that is due; false if none is. Four wait; of more, the newest four.
bool scan_take(struct due *due);

// The mask with this index; an older one has a smaller index, modulo 256. 256 are kept.
uint8_t scan_mask(uint8_t index);

// Device time now, in microseconds; wraps after 71.6 min.
uint32_t scan_now_us(void);
