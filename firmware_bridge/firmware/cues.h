// Lights or vibration motors, one per grip.
#pragma once

#include <stdint.h>

// Show the cues of mask at this level (0 off, 255 full on) from `now_us` on for `ms`, at most 1 s.
// Cues of other grips go on as they were.
void cues_show(uint8_t mask, uint8_t level, uint16_t ms, uint32_t now_us);

// Once per scan: switch off what is over, and make the levels.
void cues_tick(uint32_t now_us);
