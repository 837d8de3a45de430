#include "uart.h"

#include <avr/interrupt.h>
#include <util/atomic.h>

#include "board.h"
#include "frame.h"

#define RECEIVED 64  // a power of two

static uint8_t reply[MAX_FRAME + 1];
static uint8_t states[2][MAX_FRAME];
static uint8_t state_lengths[2];
static volatile uint8_t first_state;   // the older of those queued
static volatile uint8_t state_count;   // those queued, with the one being sent
static volatile bool sending_state;
static const uint8_t *volatile next_byte;
static volatile uint8_t bytes_left;    // of the frame being sent; 0: nothing is queued

static volatile uint8_t received[RECEIVED];
static volatile uint8_t received_in;
static volatile uint8_t received_out;
static volatile bool receive_error;

void uart_setup(void) {
    UART_UBRR = (F_CPU + 4UL * BAUD) / (8UL * BAUD) - 1;
    UART_A = UART_DOUBLE_SPEED;
    UART_C = UART_8N1;
    UART_B = UART_ON;
}

static void send(const uint8_t *frame, uint8_t length, bool is_state) {
    next_byte = frame;
    bytes_left = length;
    sending_state = is_state;
}

ISR(UART_EMPTY_VECT) {
    UART_UDR = *next_byte++;
    if (--bytes_left) return;
    if (sending_state) {
        first_state ^= 1;
        state_count--;
    }
    if (state_count) send(states[first_state], state_lengths[first_state], true);
    else UART_B &= ~UART_EMPTY_ON;
}

uint8_t *uart_state_buffer(void) {
    uint8_t *buffer = 0;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (state_count < 2) buffer = states[first_state ^ (state_count & 1)];
    }
    return buffer;
}

void uart_send_state(uint8_t length) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        uint8_t slot = first_state ^ (state_count & 1);
        state_lengths[slot] = length;
        state_count++;
        if (!bytes_left) {
            send(states[slot], length, true);
            UART_B |= UART_EMPTY_ON;
        }
    }
}

bool uart_idle(void) { return bytes_left == 0; }

uint8_t *uart_reply_buffer(void) { return reply; }

void uart_send_reply(uint8_t length) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        send(reply, length, false);
        UART_B |= UART_EMPTY_ON;
    }
}

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
