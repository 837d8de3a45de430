// What the glove says: STATE when a frame is due, everything else between them.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"

void reports_setup(void);

// Once per scan: send the STATE that is due, if one is; HELLO and DIAG every second.
void reports_tick(uint32_t now_us);

// Send one of the messages that wait, if there is room for it.
void reports_poll(void);

// Whether a command can be answered: there is room for its ACK or PONG, and no new settings wait.
bool reports_ready(void);

void reports_hello(void);
void reports_pong(uint8_t tag, uint32_t token);
void reports_ack(uint8_t tag, uint8_t command, uint8_t status);

// From the next HELLO on, which follows the ACKs that wait. The same settings again change nothing,
// so that a repeated SET_RATE does no harm.
void reports_set(const struct settings *settings);
void reports_stream(uint8_t mode);

// Reset when all that waits has been sent.
void reports_reset(void);

void reports_receive_error(void);
void reports_bad_command(void);
