// Pinout. The names in brackets are those printed on Arduino boards.
//
//                     ATmega328P               ATmega32U4
//                     (Uno, Nano, Pro Mini)    (Leonardo, Micro, Pro Micro)
//   index             PC0 (A0)                 PF7 (A0)
//   middle            PC1 (A1)                 PF6 (A1)
//   ring              PC2 (A2)                 PF5 (A2)
//   little            PC3 (A3)                 PF4 (A3)
//   key               PC4 (A4)                 PB4 (D8)
//   thumb             GND                      GND
//   cue 1 .. 5        PD2 .. PD6 (D2 .. D6)    PD1, PD0, PD4, PC6, PD7 (D2 .. D6)
//   to the host       PD1 (TX)                 PD3 (TX, D1)
//   from the host     PD0 (RX)                 PD2 (RX, D0)
//
// Every electrode has a pull-up of 4.7 to 10 kOhm of its own and 1 kOhm in series with its pin;
// touching the thumb pulls it to ground. Internal pull-ups stay off: through their 20 to 50 kOhm
// damp fabric reads closed. A cue is high while it is shown: an LED with its resistor, or a
// transistor that switches a vibration motor.
//
// The ATmega32U4 speaks over its USART1, so it needs a USB-serial adapter (or USB isolator with
// one) on D0 and D1; its own USB port is used for flashing only.
#pragma once

#include <avr/io.h>
#include <stdint.h>

#include "protocol.h"

#if F_CPU != 16000000 && F_CPU != 8000000
#error "F_CPU is 16000000 or 8000000: device time counts whole ticks of a timer at F_CPU / 8"
#endif

#if defined(__AVR_ATmega328P__) || defined(__AVR_ATmega328__) || defined(__AVR_ATmega168P__)

static inline void board_setup(void) {
    DDRC &= ~0x1F;
    PORTC &= ~0x1F;
    DDRD |= 0x7C;
}

// The closed contacts, bit 0 index to bit 4 key.
static inline uint8_t board_contacts(void) { return ~PINC & 0x1F; }

// Show the cues of this mask and no others.
static inline void board_cues(uint8_t mask) { PORTD = (PORTD & ~0x7C) | mask << 2; }

// ADC channels of the electrodes, and of the 1.1 V reference.
#define ADC_ELECTRODES { 0, 1, 2, 3, 4 }
#define ADC_REFERENCE 0x0E

#define UART_UDR UDR0
#define UART_UBRR UBRR0
#define UART_A UCSR0A
#define UART_B UCSR0B
#define UART_C UCSR0C
#define UART_RECEIVED_VECT USART_RX_vect
#define UART_EMPTY_VECT USART_UDRE_vect

#elif defined(__AVR_ATmega32U4__) || defined(__AVR_ATmega16U4__)

static inline void board_setup(void) {
    MCUCR |= _BV(JTD);  // twice within four cycles: PF4 to PF7 are electrodes, not JTAG
    MCUCR |= _BV(JTD);
    DDRF &= ~0xF0;
    PORTF &= ~0xF0;
    DDRB &= ~_BV(PB4);
    PORTB &= ~_BV(PB4);
    DDRD |= _BV(PD0) | _BV(PD1) | _BV(PD4) | _BV(PD7);
    DDRC |= _BV(PC6);
}

static inline uint8_t board_contacts(void) {
    uint8_t open = PINF;
    uint8_t mask = 0;
    if (!(open & _BV(PF7))) mask |= 0x01;
    if (!(open & _BV(PF6))) mask |= 0x02;
    if (!(open & _BV(PF5))) mask |= 0x04;
    if (!(open & _BV(PF4))) mask |= 0x08;
    if (!(PINB & _BV(PB4))) mask |= 0x10;
    return mask;
}

static inline void board_cues(uint8_t mask) {
    uint8_t on_d = 0;
    if (mask & 0x01) on_d |= _BV(PD1);
    if (mask & 0x02) on_d |= _BV(PD0);
    if (mask & 0x04) on_d |= _BV(PD4);
    if (mask & 0x10) on_d |= _BV(PD7);
    PORTD = (PORTD & ~(_BV(PD0) | _BV(PD1) | _BV(PD4) | _BV(PD7))) | on_d;
    if (mask & 0x08) PORTC |= _BV(PC6);
    else PORTC &= ~_BV(PC6);
}

// From 0x20 on the channel's highest bit is MUX5, in ADCSRB.
#define ADC_ELECTRODES { 7, 6, 5, 4, 0x23 }
#define ADC_REFERENCE 0x1E

#define UART_UDR UDR1
#define UART_UBRR UBRR1
#define UART_A UCSR1A
#define UART_B UCSR1B
#define UART_C UCSR1C
#define UART_RECEIVED_VECT USART1_RX_vect
#define UART_EMPTY_VECT USART1_UDRE_vect

#else
#error "no pinout for this MCU: atmega328p and atmega32u4 are known"
#endif

// Set by interrupts that leave the main loop something to do: the others wake it for a moment only.
// In a register that is read in one cycle, which a variable is not.
#define WORK GPIOR0

// The same bits in both families.
#define UART_DOUBLE_SPEED _BV(1)                   // in A: U2Xn
#define UART_ERRORS (_BV(4) | _BV(3))              // in A: FEn, DORn
#define UART_EMPTY_ON _BV(5)                       // in B: UDRIEn
#define UART_ON (_BV(7) | _BV(4) | _BV(3))         // in B: RXCIEn, RXENn, TXENn
#define UART_8N1 (_BV(2) | _BV(1))                 // in C
