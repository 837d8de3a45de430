#include "levels.h"

#include <avr/io.h>

#include "board.h"

// The reference needs some 100 us after it was chosen: several conversions, of which the last
// counts.
#define REFERENCE_TRIES 6
#define REFERENCE_MV 1100UL

static const uint8_t channels[ELECTRODES] = ADC_ELECTRODES;
static uint8_t electrode_levels[ELECTRODES];
static uint16_t reference;
static uint8_t turn;  // 0 .. 4 the electrodes, then the reference

static void convert(uint8_t channel) {
    ADMUX = _BV(REFS0) | (channel & 0x1F);  // against the supply
#ifdef MUX5
    ADCSRB = channel & 0x20 ? _BV(MUX5) : 0;
#endif
    ADCSRA |= _BV(ADSC);
}

void levels_setup(void) {
    ADCSRA = _BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | (F_CPU > 8000000 ? _BV(ADPS0) : 0);  // 125 kHz
    convert(channels[0]);
}

void levels_tick(void) {
    if (ADCSRA & _BV(ADSC)) return;
    if (turn < ELECTRODES) electrode_levels[turn] = ADC >> 2;
    else reference = ADC;
    if (++turn == ELECTRODES + REFERENCE_TRIES) turn = 0;
    convert(turn < ELECTRODES ? channels[turn] : ADC_REFERENCE);
}

uint8_t levels_electrode(uint8_t electrode) { return electrode_levels[electrode]; }

uint16_t levels_supply_mv(void) { return reference ? REFERENCE_MV * 1024 / reference : 0; }
