// The serial line, by interrupts in both directions.
#pragma once

#include <stdbool.h>
#include <stdint.h>

void uart_setup(void);

// A buffer of MAX_FRAME bytes for a STATE; null if two wait already behind what is being sent: better
// no frame than a late one.
uint8_t *uart_state_buffer(void);

// Send what was written into the buffer just given out.
void uart_send_state(uint8_t length);

// A buffer of MAX_FRAME + 1 bytes for anything else; null while the last is not sent or a STATE
// waits, so that it goes out right after what is being sent, and never costs a STATE its place.
uint8_t *uart_reply_buffer(void);
void uart_send_reply(uint8_t length);

// Whether all has been sent, but for the last byte or two.
bool uart_idle(void);

bool uart_received(void);

// The next byte received; only if uart_received().
uint8_t uart_read(void);

// Whether bytes were lost or garbled since the last call.
bool uart_take_error(void);
