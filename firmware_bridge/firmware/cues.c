#include "cues.h"

#include "board.h"

static uint8_t shown;  // mask of the cues that are not over
static uint8_t levels[ELECTRODES];
static uint8_t sums[ELECTRODES];
static uint32_t until_us[ELECTRODES];

void cues_show(uint8_t mask, uint8_t level, uint16_t ms, uint32_t now_us) {
    if (ms > OUT_LONGEST_MS) ms = OUT_LONGEST_MS;
    for (uint8_t i = 0; i < ELECTRODES; i++) {
        if (!(mask & _BV(i))) continue;
        levels[i] = level;
        until_us[i] = now_us + ms * 1000UL;
    }
    if (level && ms) shown |= mask;
    else shown &= ~mask;
    cues_tick(now_us);
}

void cues_tick(uint32_t now_us) {
    static uint8_t lit;
    uint8_t mask = 0;
    if (!shown && !lit) return;
    for (uint8_t i = 0; i < ELECTRODES; i++) {
        uint8_t bit = _BV(i);
        if (!(shown & bit)) continue;
        if ((int32_t)(now_us - until_us[i]) >= 0) {
            shown &= ~bit;
            continue;
        }
        // On for level of 255 scans, spread evenly: no pin has to be one with a PWM of its own.
        uint16_t sum = sums[i] + levels[i];
        if (levels[i] == 255 || sum >= 255) {
            mask |= bit;
            sum -= 255;
        }
        sums[i] = sum;
    }
    lit = mask;
    board_cues(mask);
}
