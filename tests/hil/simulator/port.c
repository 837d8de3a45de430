#define _GNU_SOURCE
#include "port.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

void port_plug(struct port *port, const char *link) {
    port->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port->master < 0 || grantpt(port->master) || unlockpt(port->master)) err(2, "a terminal");
    port->path = ptsname(port->master);
    // Raw before anybody opens it: a terminal begins with echo, and would send the glove's frames
    // back to it as commands. And only after a first open and close does POLLHUP appear.
    int reader = open(port->path, O_RDWR | O_NOCTTY);
    struct termios settings;
    if (reader < 0 || tcgetattr(reader, &settings)) err(2, "%s", port->path);
    cfmakeraw(&settings);
    if (tcsetattr(reader, TCSANOW, &settings)) err(2, "%s", port->path);
    close(reader);
    if (link && *link) {
        snprintf(port->link, sizeof port->link, "%s", link);
        unlink(port->link);
        if (symlink(port->path, port->link)) err(2, "%s", port->link);
    }
}

void port_unplug(struct port *port) {
    if (port->master < 0) return;
    if (*port->link) unlink(port->link);
    port->link[0] = 0;
    close(port->master);
    port->master = -1;
}

bool port_is_open(const struct port *port) {
    if (port->master < 0) return false;
    struct pollfd look = { .fd = port->master };
    return poll(&look, 1, 0) == 0 || !(look.revents & POLLHUP);
}

unsigned port_speed(const struct port *port) {
    static const struct { speed_t name; unsigned baud; } speeds[] = {
        { B115200, 115200 }, { B500000, 500000 }, { B1000000, 1000000 },
    };
    struct termios settings;
    if (tcgetattr(port->master, &settings)) return 0;
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
        if (cfgetospeed(&settings) == speeds[i].name) return speeds[i].baud;
    }
    return 0;
}

size_t port_write(const struct port *port, const uint8_t *bytes, size_t count) {
    ssize_t written = write(port->master, bytes, count);
    return written < 0 ? 0 : (size_t)written;
}

size_t port_read(const struct port *port, uint8_t *bytes, size_t most) {
    ssize_t got = read(port->master, bytes, most);
    return got < 0 ? 0 : (size_t)got;
}

void port_flush(const struct port *port) { tcflush(port->master, TCIOFLUSH); }

void port_drain(const struct port *port, int most_ms) {
    if (!port_is_open(port)) return;
    int reader = open(port->path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (reader < 0) return;
    int unread = 1;
    while (most_ms-- > 0 && !ioctl(reader, FIONREAD, &unread) && unread) usleep(1000);
    close(reader);
}
