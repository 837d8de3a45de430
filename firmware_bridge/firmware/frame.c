#include "frame.h"

#include <util/crc16.h>

uint8_t frame_encode(uint8_t *out, uint8_t *payload, uint8_t length) {
    uint16_t crc = 0xFFFF;
    for (uint8_t i = 0; i < length; i++) crc = _crc_xmodem_update(crc, payload[i]);
    uint8_t *code = out;  // where the length of the block being written goes
    uint8_t *at = out + 1;
    uint8_t block = 1;
    payload[length] = crc & 0xFF;
    payload[length + 1] = crc >> 8;
    for (length += 2; length; length--) {
        uint8_t byte = *payload++;
        if (byte) {
            *at++ = byte;
            block++;
        } else {
            *code = block;
            code = at++;
            block = 1;
        }
    }
    *code = block;
    *at++ = 0;
    return at - out;
}

uint8_t frame_decode(uint8_t *run, uint8_t length) {
    uint8_t at = 0;
    uint8_t written = 0;
    while (at < length) {
        uint8_t end = at + run[at];
        if (end > length) return 0;
        if (at) run[written++] = 0;
        for (at++; at < end; at++) run[written++] = run[at];
    }
    if (written < 3) return 0;
    written -= 2;
    uint16_t crc = 0xFFFF;
    for (uint8_t i = 0; i < written; i++) crc = _crc_xmodem_update(crc, run[i]);
    if (run[written] != (crc & 0xFF) || run[written + 1] != crc >> 8) return 0;
    return written;
}
