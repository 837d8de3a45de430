// Payloads to frames and back: CRC-16/IBM-3740 and COBS.
#pragma once

#include <stdint.h>

#include "protocol.h"

#define MAX_FRAME (MAX_RUN + 1)  // with the closing zero

// Write the frame of payload[0 .. length) to out, with CRC and closing zero; returns its length.
// The CRC is put after the payload first: there must be room for it.
uint8_t frame_encode(uint8_t *out, uint8_t *payload, uint8_t length);

// Undo the COBS of run[0 .. length) in place and check the CRC.
// Returns the length of the payload without CRC; 0 if it is no frame.
uint8_t frame_decode(uint8_t *run, uint8_t length);
