#include "uart.h"

#include <avr/interrupt.h>
#include <util/atomic.h>

#include "board.h"
#include "frame.h"

#define RECEIVED 64  // a power of two
#define STATES 3     // one being sent, two that wait

enum sending { NOTHING, A_REPLY, A_STATE };

static uint8_t reply[MAX_FRAME + 1];
static volatile uint8_t reply_waits;   // its length; 0: it does not
static uint8_t states[STATES][MAX_FRAME];
static uint8_t state_lengths[STATES];
static volatile uint8_t first_state;   // the oldest of those queued
static volatile uint8_t state_count;   // those queued, with the one being sent
static volatile uint8_t sending;       // one of enum sending
static const uint8_t *volatile next_byte;
static volatile uint8_t bytes_left;    // of what is being sent

static volatile uint8_t received[RECEIVED];
static volatile uint8_t received_in;
static volatile uint8_t received_out;
static volatile bool receive_error;

void uart_setup(void) {
    UART_A = UART_DOUBLE_SPEED;
    UART_C = UART_8N1;
    UART_UBRR = (F_CPU + 4UL * BAUD) / (8UL * BAUD) - 1;
    UART_B = UART_ON;
}

// Begin with the next frame, if there is one. Only with interrupts off, when nothing is being sent.
// Inline, because an interrupt that calls a function saves every register, for every byte.
static inline __attribute__((always_inline)) void send_next(void) {
    if (reply_waits) {
        next_byte = reply;
        bytes_left = reply_waits;
        reply_waits = 0;
        sending = A_REPLY;
    } else if (state_count) {
        next_byte = states[first_state];
        bytes_left = state_lengths[first_state];
        sending = A_STATE;
    } else {
        sending = NOTHING;
        UART_B &= ~UART_EMPTY_ON;
        return;
    }
    UART_B |= UART_EMPTY_ON;
}

ISR(UART_EMPTY_VECT) {
    UART_UDR = *next_byte++;
    if (--bytes_left) return;
    if (sending == A_STATE) {
        first_state = first_state == STATES - 1 ? 0 : first_state + 1;
        state_count--;
    }
    send_next();
    WORK = 1;  // something else may be sent now
}

// Where the next STATE goes. Only with interrupts off.
static uint8_t free_state(void) {
    uint8_t slot = first_state + state_count;
    return slot < STATES ? slot : slot - STATES;
}

static uint8_t states_waiting(void) { return state_count - (sending == A_STATE); }

uint8_t *uart_state_buffer(void) {
    uint8_t *buffer = 0;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (states_waiting() < 2) buffer = states[free_state()];
    }
    return buffer;
}

void uart_send_state(uint8_t length) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        // The same buffer as was given out: what was sent since has moved both ends alike.
        state_lengths[free_state()] = length;
        state_count++;
        if (sending == NOTHING) send_next();
    }
}

uint8_t *uart_reply_buffer(void) {
    uint8_t *buffer = 0;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (!reply_waits && sending != A_REPLY && !states_waiting()) buffer = reply;
    }
    return buffer;
}

void uart_send_reply(uint8_t length) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        reply_waits = length;
        if (sending == NOTHING) send_next();
    }
}

bool uart_idle(void) { return sending == NOTHING; }

ISR(UART_RECEIVED_VECT) {
    if (UART_A & UART_ERRORS) receive_error = true;
    uint8_t byte = UART_UDR;
    uint8_t in = received_in;
    if ((uint8_t)(in - received_out) == RECEIVED) {
        receive_error = true;
        return;
    }
    received[in % RECEIVED] = byte;
    received_in = in + 1;
    WORK = 1;
}

bool uart_received(void) { return received_in != received_out; }

uint8_t uart_read(void) {
    uint8_t byte = received[received_out % RECEIVED];
    received_out++;
    return byte;
}

bool uart_take_error(void) {
    if (!receive_error) return false;
    receive_error = false;
    return true;
}
