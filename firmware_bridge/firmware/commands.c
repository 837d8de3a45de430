#include "commands.h"

#include <stdbool.h>
#include <stdint.h>

#include "cues.h"
#include "frame.h"
#include "reports.h"
#include "scan.h"
#include "settings.h"
#include "uart.h"

static uint8_t run[MAX_RUN];
static uint8_t length;      // MAX_RUN + 1: too long, wait for the next zero
static bool heard_a_zero;   // what comes before the first is no error

static uint16_t get16(const uint8_t *at) { return at[0] | at[1] << 8; }

static uint32_t get32(const uint8_t *at) { return get16(at) | (uint32_t)get16(at + 2) << 16; }

static uint8_t length_of(uint8_t type) {
    switch (type) {
        case ASK_HELLO: return 1;
        case STREAM: return 3;
        case PING:
        case SET_RATE:
        case OUT:
        case RESET: return 6;
        default: return 0;
    }
}

static uint8_t carry_out(const uint8_t *command) {
    switch (command[0]) {
        case SET_RATE: {
            struct settings settings = { get16(command + 2), command[4], command[5] };
            uint8_t status = settings_check(&settings);
            if (status == ACK_OK) reports_set(&settings);
            return status;
        }
        case STREAM:
            if (command[2] > STREAM_EVENT) return ACK_BAD_VALUE;
            reports_stream(command[2]);
            return ACK_OK;
        case OUT:
            if (command[2] & MASK_RESERVED) return ACK_BAD_VALUE;
            cues_show(command[2], command[3], get16(command + 4), scan_now_us());
            return ACK_OK;
        default:  // RESET
            if (get32(command + 2) != RESET_MAGIC) return ACK_BAD_VALUE;
            reports_reset();
            return ACK_OK;
    }
}

static void hear(const uint8_t *command, uint8_t size) {
    uint8_t expected = length_of(command[0]);
    if (expected == 0) {
        reports_bad_command();
    } else if (size != expected) {
        reports_bad_command();
        if (size > 1) reports_ack(command[1], command[0], ACK_BAD_LENGTH);
    } else if (command[0] == ASK_HELLO) {
        reports_hello();
    } else if (command[0] == PING) {
        reports_pong(command[1], get32(command + 2));
    } else {
        uint8_t status = carry_out(command);
        if (status != ACK_OK) reports_bad_command();
        reports_ack(command[1], command[0], status);
    }
}

static void end_run(void) {
    uint8_t size = length <= MAX_RUN ? frame_decode(run, length) : 0;
    if (size) {
        hear(run, size);
    } else if (heard_a_zero && length) {
        reports_receive_error();
        reports_bad_command();
    }
    heard_a_zero = true;
    length = 0;
}

void commands_poll(void) {
    if (uart_take_error()) reports_receive_error();
    // A command is read only when it can be answered, and when no frame is due; until then it waits
    // in the line's buffer. Several that come at once, from a computer that was busy, each take as
    // long as there is from one frame to the next.
    while (uart_received() && reports_ready() && !scan_due()) {
        uint8_t byte = uart_read();
        if (byte == 0) end_run();
        else if (length < MAX_RUN) run[length++] = byte;
        else length = MAX_RUN + 1;
    }
}
