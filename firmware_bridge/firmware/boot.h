// How this run began, what makes it different from the last, and which glove this is.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Causes of a reset: those of MCUSR, and one of ours.
#define CAUSE_POWER_ON 0x01
#define CAUSE_EXTERNAL 0x02
#define CAUSE_BROWN_OUT 0x04
#define CAUSE_WATCHDOG 0x08
#define CAUSE_COMMAND 0x10

#define SERIAL_BYTES 8

// Counts the run in EEPROM. Before interrupts are on: it may take 7 ms.
void boot_setup(void);

uint8_t boot_cause(void);

// Runs so far: the boot nonce, and the resets that DIAG tells.
uint16_t boot_count(void);

// Byte i of the serial number: from EEPROM, bytes 0 to 7, or the one the firmware was built with.
uint8_t boot_serial(uint8_t i);

// Begin a new run.
void boot_again(void) __attribute__((noreturn));
