// Firmware of the Griptune glove: five electrodes, read by a timer, told over a serial line.
//
// Pinout: see board.h. What is said on the line: protocol.h and docs/glove-builders.md.
//
// Interrupts read the electrodes (scan.c) and move bytes (uart.c); everything else is done here,
// once per scan, and then the processor sleeps. Masks are sent as they are read: what is a press is
// decided on the host, where it can be decided again.

#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "board.h"
#include "boot.h"
#include "commands.h"
#include "cues.h"
#include "levels.h"
#include "reports.h"
#include "scan.h"
#include "uart.h"

int main(void) {
    board_setup();
    boot_setup();
    levels_setup();
    uart_setup();
    reports_setup();
    set_sleep_mode(SLEEP_MODE_IDLE);
    wdt_enable(WDTO_250MS);
    sei();
    uint8_t scans = 0;
    for (;;) {
        cli();
        while (!WORK) {
            sleep_enable();
            sei();  // takes effect after the next instruction, so no wake-up is missed
            sleep_cpu();
            sleep_disable();
            cli();
        }
        WORK = 0;
        sei();
        if (scans != scan_count()) {
            scans = scan_count();
            // Only here: a main loop that hangs or a timer that stands both end in a reset.
            wdt_reset();
            uint32_t now_us = scan_now_us();
            reports_tick(now_us);
            cues_tick(now_us);
            levels_tick();
        }
        commands_poll();
        reports_poll();
    }
}
