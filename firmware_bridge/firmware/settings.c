#include "settings.h"

#include "scan.h"

uint8_t settings_check(const struct settings *s) {
    if (s->scan_hz < SCAN_HZ_LEAST || s->scan_hz > SCAN_HZ_MOST || s->hop == 0 ||
        s->history > MAX_HISTORY || s->hop > s->history) {
        return ACK_BAD_VALUE;
    }
    // bytes * bits * scan_hz / hop / BAUD > 80 %
    uint32_t asked = (uint32_t)(s->history + STATE_OVERHEAD) * s->scan_hz * BITS_PER_BYTE;
    uint32_t most = (uint32_t)BAUD / 100 * MAX_LINE_USE_PERCENT * s->hop;
    return asked > most ? ACK_OVER_BANDWIDTH : ACK_OK;
}
