// How the glove scans and sends now.
#pragma once

#include <stdint.h>

#include "protocol.h"

struct settings {
    uint16_t scan_hz;
    uint8_t hop;      // scans from one STATE to the next
    uint8_t history;  // masks in a STATE
};

// One of ACK_...: the glove refuses what it cannot scan, what would leave scans untold (hop above
// history), and what would fill more than 80 % of its line.
uint8_t settings_check(const struct settings *settings);
