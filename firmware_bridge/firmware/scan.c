#include "scan.h"

#include <avr/interrupt.h>
#include <util/atomic.h>

#include "board.h"

#define TICKS_PER_US (F_CPU / 8000000)
#define KEPT 256  // as many as an index of one byte has: it needs no wrapping of its own

// Frames that are due wait here when the main loop is late: at 4 000 a second, reading a PING and
// writing a HELLO takes longer than there is from one to the next. A power of two.
#define DUES 4

// The oldest mask of the oldest frame that waits is still kept, also while that frame is built.
_Static_assert(MAX_HISTORY + DUES * MAX_HISTORY < KEPT, "masks would be overwritten");

static volatile uint8_t masks[KEPT];
static volatile uint8_t scans;
static volatile uint32_t scan_us;  // device time of the newest scan
static uint8_t rest_ticks;         // and what is over a whole microsecond
static uint16_t step_us;           // a scan period
static uint8_t step_ticks;
static uint8_t hop;
static uint8_t hop_left;
static struct due dues[DUES];        // the frames that are due and were not taken: the newest ones
static volatile uint8_t dues_in;
static volatile uint8_t dues_out;
static uint8_t missed;               // frames that fell due before those, and will not be built

void scan_start(uint16_t scan_hz, uint8_t every, uint8_t history) {
    uint32_t period = (F_CPU / 8 + scan_hz / 2) / scan_hz;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (TCCR1B) scan_us = scan_now_us();
        step_us = period / TICKS_PER_US;
        step_ticks = period % TICKS_PER_US;
        hop = every;
        hop_left = history;
        dues_out = dues_in;
        missed = 0;
        TCNT1 = 0;
        OCR1A = period - 1;
        TIFR1 = _BV(OCF1A);
        TIMSK1 = _BV(OCIE1A);
        TCCR1B = _BV(WGM12) | _BV(CS11);  // from 0 to OCR1A, at F_CPU / 8
    }
}

ISR(TIMER1_COMPA_vect) {
    uint8_t newest = ++scans;
    masks[newest] = board_contacts();
    uint32_t us = scan_us + step_us;
    rest_ticks += step_ticks;
    if (rest_ticks >= TICKS_PER_US) {
        rest_ticks -= TICKS_PER_US;
        us++;
    }
    scan_us = us;
    WORK = 1;
    if (--hop_left == 0) {
        hop_left = hop;
        uint8_t in = dues_in;
        uint8_t out = dues_out;
        if ((uint8_t)(in - out) == DUES) {
            dues_out = out + 1;
            missed++;
        }
        struct due *due = &dues[in % DUES];
        due->newest = newest;
        due->us = us;
        dues_in = in + 1;
    }
}

uint8_t scan_count(void) { return scans; }

bool scan_due(void) { return dues_in != dues_out; }

bool scan_take(struct due *taken) {
    if (dues_in == dues_out) return false;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        *taken = dues[dues_out % DUES];
        taken->missed = missed;
        missed = 0;
        dues_out++;
    }
    return true;
}

uint8_t scan_mask(uint8_t index) { return masks[index]; }

uint32_t scan_now_us(void) {
    uint32_t us;
    uint16_t ticks;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        us = scan_us;
        ticks = TCNT1;
        // A scan that is due but was not made yet: the timer has begun anew, its time has not.
        if ((TIFR1 & _BV(OCF1A)) && ticks < OCR1A) us += step_us;
    }
    return us + ticks / TICKS_PER_US;
}
