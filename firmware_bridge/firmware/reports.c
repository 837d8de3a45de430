#include "reports.h"

#include <string.h>

#include "boot.h"
#include "frame.h"
#include "levels.h"
#include "scan.h"
#include "uart.h"

#define SECOND_US 1000000UL
#define ANSWERS 4  // a power of two

struct answer {
    uint8_t kind;  // PONG or ACK
    uint8_t tag;
    uint8_t command;
    uint8_t status;
    uint32_t token;
};

static struct settings settings = { FIRST_SCAN_HZ, FIRST_HOP, FIRST_HISTORY };
static struct settings next_settings;
static bool settings_wait;
static uint8_t epoch;
static uint8_t mode = STREAM_ON;

static uint16_t sequence;
static uint8_t flags;        // since the last STATE
static uint8_t lasting_flags;
static uint32_t sent_us;     // device time of the last STATE sent
static uint32_t slot_us;     // from one frame to the next
static bool change_owed;     // event mode: a change could not be sent

static struct answer answers[ANSWERS];
static uint8_t answers_in;
static uint8_t answers_out;
static bool hello_waits;
static bool diag_waits;
static bool first_hello = true;
static bool reset_waits;
static uint32_t hello_us;
static uint32_t diag_us;

static uint16_t scan_overruns;
static uint16_t queue_drops;
static uint16_t bad_commands;

static uint8_t *put16(uint8_t *at, uint16_t value) {
    *at++ = value;
    *at++ = value >> 8;
    return at;
}

static uint8_t *put32(uint8_t *at, uint32_t value) { return put16(put16(at, value), value >> 16); }

static void begin(const struct settings *s) {
    settings = *s;
    slot_us = SECOND_US * settings.hop / settings.scan_hz;
    scan_start(settings.scan_hz, settings.hop, settings.history);
}

void reports_setup(void) {
    if (boot_cause() & (CAUSE_BROWN_OUT | CAUSE_WATCHDOG)) lasting_flags = FLAG_RESET;
    hello_us = SECOND_US;
    diag_us = SECOND_US / 2;
    hello_waits = true;
    struct settings first = settings;
    begin(&first);
}

// Event mode: whether a mask of the frames that fell due differs from the one before it.
static bool changed(const struct due *due) {
    uint8_t index = due->newest;
    uint8_t scans = due->missed ? MAX_HISTORY : settings.hop;
    uint8_t mask = scan_mask(index);
    while (scans--) {
        if (scan_mask(--index) != mask) return true;
    }
    return false;
}

static void send_state(const struct due *due) {
    if (due->missed) {
        flags |= FLAG_SCAN_OVERRUN;
        scan_overruns += due->missed;
        if (mode == STREAM_ON) sequence += due->missed;
    }
    if (mode == STREAM_OFF || reset_waits) return;
    if (mode == STREAM_EVENT) {
        bool quiet = due->us - sent_us + slot_us <= EVENT_HEARTBEAT_US;
        if (!changed(due) && !change_owed && quiet) return;
    }
    uint16_t number = sequence++;
    uint8_t *buffer = uart_state_buffer();
    if (!buffer) {
        flags |= FLAG_QUEUE_DROP;
        queue_drops++;
        change_owed = true;
        return;
    }
    uint8_t payload[MAX_PAYLOAD];
    uint8_t *at = payload;
    *at++ = STATE;
    at = put16(at, number);
    at = put32(at, due->us);
    *at++ = flags | lasting_flags | epoch << FLAG_EPOCH_SHIFT;
    for (uint8_t i = 0; i < settings.history; i++) *at++ = scan_mask(due->newest - i);
    uart_send_state(frame_encode(buffer, payload, at - payload));
    flags = 0;
    change_owed = false;
    sent_us = due->us;
}

void reports_tick(uint32_t now_us) {
    struct due due;
    // Two, so that what was late once does not stay late; and no more, so that a glove that is
    // asked for too much still listens.
    for (uint8_t i = 0; i < 2 && scan_take(&due); i++) send_state(&due);
    if ((int32_t)(now_us - hello_us) >= 0) {
        hello_us += SECOND_US;
        hello_waits = true;
    }
    if ((int32_t)(now_us - diag_us) >= 0) {
        diag_us += SECOND_US;
        diag_waits = true;
    }
}

static uint8_t *hello(uint8_t *at) {
    *at++ = HELLO;
    *at++ = PROTOCOL;
    *at++ = FIRMWARE_MAJOR;
    *at++ = FIRMWARE_MINOR;
    *at++ = ELECTRODES;
    *at++ = settings.history;
    *at++ = settings.hop;
    *at++ = epoch;
    *at++ = BAUD_CODE;
    *at++ = boot_cause();
    at = put16(at, settings.scan_hz);
    at = put16(at, boot_count());
    for (uint8_t i = 0; i < SERIAL_BYTES; i++) *at++ = boot_serial(i);
    return at;
}

static uint8_t *diag(uint8_t *at) {
    *at++ = DIAG;
    at = put16(at, levels_supply_mv());
    for (uint8_t i = 0; i < ELECTRODES; i++) *at++ = levels_electrode(i);
    at = put16(at, scan_overruns);
    at = put16(at, queue_drops);
    at = put16(at, bad_commands);
    return put16(at, boot_count());
}

static uint8_t *answer(uint8_t *at) {
    const struct answer *answer = &answers[answers_out++ % ANSWERS];
    *at++ = answer->kind;
    *at++ = answer->tag;
    if (answer->kind == PONG) return put32(put32(at, answer->token), scan_now_us());
    *at++ = answer->command;
    *at++ = answer->status;
    return at;
}

void reports_poll(void) {
    // Frames come before answers: what is due and not built yet will want its place on the line.
    uint8_t *buffer = scan_due() ? 0 : uart_reply_buffer();
    if (!buffer) return;
    uint8_t payload[MAX_PAYLOAD];
    uint8_t *end;
    if (first_hello) {
        end = hello(payload);
    } else if (answers_in != answers_out) {
        end = answer(payload);
    } else if (settings_wait) {
        // The epoch changes with the HELLO that tells it, and with the frames that follow.
        settings_wait = false;
        if (memcmp(&next_settings, &settings, sizeof settings)) {
            epoch = (epoch + 1) & EPOCH_MASK;
            begin(&next_settings);
        }
        end = hello(payload);
        hello_waits = false;
    } else if (reset_waits) {
        if (uart_idle()) boot_again();
        return;
    } else if (hello_waits) {
        end = hello(payload);
        hello_waits = false;
    } else if (diag_waits) {
        end = diag(payload);
        diag_waits = false;
    } else {
        return;
    }
    uint8_t *at = buffer;
    if (first_hello) {
        // A reset may have cut a frame off: end it, or it would swallow this one.
        first_hello = hello_waits = false;
        *at++ = 0;
    }
    at += frame_encode(at, payload, end - payload);
    uart_send_reply(at - buffer);
}

bool reports_ready(void) {
    return (uint8_t)(answers_in - answers_out) < ANSWERS && !settings_wait && !reset_waits;
}

void reports_hello(void) { hello_waits = true; }

void reports_pong(uint8_t tag, uint32_t token) {
    struct answer *answer = &answers[answers_in++ % ANSWERS];
    answer->kind = PONG;
    answer->tag = tag;
    answer->token = token;
}

void reports_ack(uint8_t tag, uint8_t command, uint8_t status) {
    struct answer *answer = &answers[answers_in++ % ANSWERS];
    answer->kind = ACK;
    answer->tag = tag;
    answer->command = command;
    answer->status = status;
}

void reports_set(const struct settings *s) {
    next_settings = *s;
    settings_wait = true;
}

void reports_stream(uint8_t new_mode) {
    mode = new_mode;
    change_owed = true;  // the first frame of event mode is sent at once
}

void reports_reset(void) { reset_waits = true; }

void reports_receive_error(void) { flags |= FLAG_RECEIVE_ERROR; }

void reports_bad_command(void) { bad_commands++; }
