#include "boot.h"

#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/wdt.h>

#define EEPROM_SERIAL ((uint8_t *)0)
#define EEPROM_RUNS ((uint16_t *)8)

#define BY_COMMAND 0xB007

// Kept over a reset, and set before anything else runs.
static volatile uint16_t marker __attribute__((section(".noinit")));
static volatile uint8_t raw_cause __attribute__((section(".noinit"), used));
static volatile uint8_t bootloader_cause __attribute__((section(".noinit"), used));

static const char default_serial[SERIAL_BYTES + 1] = SERIAL;
_Static_assert(sizeof(SERIAL) == SERIAL_BYTES + 1, "SERIAL has eight characters");

static uint8_t cause;
static uint8_t serial[SERIAL_BYTES];
static uint16_t runs;

// After a watchdog reset the watchdog is still on, at 16 ms: off with it before memory is set up.
// Optiboot clears MCUSR and leaves what it was in r2.
void boot_first(void) __attribute__((naked, used, section(".init3")));
void boot_first(void) {
    __asm__ volatile("sts %0, r2" : : "i"(&bootloader_cause));
    raw_cause = MCUSR;
    MCUSR = 0;
    wdt_disable();
}

void boot_setup(void) {
    cause = (raw_cause ? raw_cause : bootloader_cause) & 0x0F;
    if (cause == CAUSE_WATCHDOG && marker == BY_COMMAND) cause = CAUSE_COMMAND;
    marker = 0;
    runs = eeprom_read_word(EEPROM_RUNS) + 1;
    eeprom_update_word(EEPROM_RUNS, runs);
    eeprom_read_block(serial, EEPROM_SERIAL, SERIAL_BYTES);
    if (serial[0] == 0xFF) {
        for (uint8_t i = 0; i < SERIAL_BYTES; i++) serial[i] = default_serial[i];
    }
}

uint8_t boot_cause(void) { return cause; }

uint16_t boot_count(void) { return runs; }

uint8_t boot_serial(uint8_t i) { return serial[i]; }

void boot_again(void) {
    cli();
    marker = BY_COMMAND;
    wdt_enable(WDTO_15MS);
    for (;;) {
    }
}
