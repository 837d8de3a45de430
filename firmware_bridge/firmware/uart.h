// The serial line, by interrupts in both directions.
#pragma once

#include <stdbool.h>
#include <stdint.h>

void uart_setup(void);

// A buffer of MAX_FRAME bytes for a STATE; null if two are queued already. At most two may wait,
// so that a frame is never older than what two frames take: better none than a late one.
uint8_t *uart_state_buffer(void);

// Send what was written into the buffer just given out.
void uart_send_state(uint8_t length);

// Whether nothing is queued. Everything but STATE is sent only then, so that it never costs one.
bool uart_idle(void);

// A buffer of MAX_FRAME + 1 bytes for anything else; only while uart_idle().
uint8_t *uart_reply_buffer(void);
void uart_send_reply(uint8_t length);

bool uart_received(void);

// The next byte received; only if uart_received().
uint8_t uart_read(void);

// Whether bytes were lost or garbled since the last call.
bool uart_take_error(void);
