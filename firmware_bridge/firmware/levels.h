// The voltage on each electrode and of the supply, by the ADC.
#pragma once

#include <stdint.h>

void levels_setup(void);

// Once per scan: a conversion is looked after, without waiting for it.
void levels_tick(void);

// The newest level of an electrode: 0 ground, 255 supply. With a pull-up R and a contact of
// resistance C to ground it is about 255 * C / (R + C).
uint8_t levels_electrode(uint8_t electrode);

// The supply in mV; 0 before it was measured.
uint16_t levels_supply_mv(void);
