// The serial port a host opens: a pseudo-terminal, under a link whose name can be chosen.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port {
    int master;           // -1: unplugged
    const char *path;     // of the terminal
    char link[4096];      // empty: none
};

// Make the terminal and the link. Exits with a message if it cannot.
void port_plug(struct port *port, const char *link);

// Both are gone; a host that has it open gets an error.
void port_unplug(struct port *port);

bool port_is_open(const struct port *port);

// The speed that the host has set.
unsigned port_speed(const struct port *port);

// Hand over bytes. Returns for how many the host's buffer had room.
size_t port_write(const struct port *port, const uint8_t *bytes, size_t count);

// What the host wrote, without waiting.
size_t port_read(const struct port *port, uint8_t *bytes, size_t most);

// Throw away what nobody has read.
void port_flush(const struct port *port);

// Wait until the host has read what was written, at most so long.
void port_drain(const struct port *port, int most_ms);
