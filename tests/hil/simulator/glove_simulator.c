// The glove's firmware on a simulated processor, its serial line on a pseudo-terminal.
//
//   glove-simulator FIRMWARE.elf [options]
//     --mcu NAME            atmega328p (default) or atmega32u4
//     --frequency HZ        16000000 (default)
//     --baud N              of the line, 500000 (default): paces what the host sends
//     --skew PPM            how much faster than true the processor's clock runs
//     --seed N              of the faults on the line
//     --link PATH           a link to the terminal
//     --reset-on-open MS    opening the port resets, and a bootloader waits so long
//     --tuned               a host that listens at another speed hears noise, and is not heard
//     --slice US            how long to sleep between two looks at the clock, 200 (default)
//     --script FILE         commands at times, "at US COMMAND", US since the start
//     --bytes FILE          no terminal and no real time: run as fast as it can for --for, and
//     --for US              write what the glove sends
//
// Commands, one a line, on standard input or in the script ("at" there in host time, here since
// the start; without it: now):
//     mask M                the electrodes that touch
//     level E MV            the voltage on an electrode, for its ADC alone
//     corrupt S, drop S, dropframes S     share of bytes changed, of bytes lost, of frames lost
//     garbage N             N random bytes; stall MS: hand over nothing for so long
//     batch BYTES US        as an FTDI adapter does; batch 0 0: no more
//     unplug, plug [LINK]   power and terminal go; a new terminal, and a power-on reset
//     reset [power|external|brownout]
//     send HEX              bytes to the glove, as if from the host
//     poke ADDRESS VALUE    write a byte of its memory (data space, hex)
//     quit
//
// Tells on standard output, one a line, times in microseconds of CLOCK_MONOTONIC (since the start
// with --bytes): pty PATH · start T · mask T CYCLE M · cue T M · open T · close T · boot T ·
// unplug T · plug T PATH · starved T FROM (from then until T this program was not given a processor,
// so the glove fell silent) · at the end: end AWAKE CORRUPTED DROPPED FRAMES_DROPPED UNREAD (bytes
// for which there was no room, because nobody read).
//
// One thread: the processor is run up to the present, then what has left it is handed over. simavr
// hands a byte over when its transmission begins, and takes 11 bits for each; both errors nearly
// cancel.

#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <simavr/avr_adc.h>
#include <simavr/avr_extint.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "line.h"
#include "port.h"

#define ELECTRODES 5
#define SUPPLY_MV 5000
#define MCUSR_ADDRESS 0x54
#define NEVER INT64_MAX
#define PIECE_NS 20000000
#define STARVED_NS 200000000  // after 250 ms of silence a host takes a glove for lost

struct pin {
    char port;
    int bit;
    int adc;  // -1: not simulated
};

struct board {
    const char *mcu;
    char uart;
    struct pin electrodes[ELECTRODES];
    struct pin cues[ELECTRODES];
};

static const struct board boards[] = {
    { "atmega328p", '0',
      { { 'C', 0, 0 }, { 'C', 1, 1 }, { 'C', 2, 2 }, { 'C', 3, 3 }, { 'C', 4, 4 } },
      { { 'D', 2, 0 }, { 'D', 3, 0 }, { 'D', 4, 0 }, { 'D', 5, 0 }, { 'D', 6, 0 } } },
    { "atmega32u4", '1',
      { { 'F', 7, 7 }, { 'F', 6, 6 }, { 'F', 5, 5 }, { 'F', 4, 4 }, { 'B', 4, -1 } },
      { { 'D', 1, 0 }, { 'D', 0, 0 }, { 'D', 4, 0 }, { 'C', 6, 0 }, { 'D', 7, 0 } } },
};

struct event {
    int64_t at_ns;
    uint64_t order;
    char command[256];
};

static const struct board *board = &boards[0];
static avr_t *avr;
static struct line line;
static struct port port = { .master = -1 };
static FILE *bytes;

// Where true time and cycles meet: a cycle is at `since_ns` + (cycle - since_cycle) / hz.
static int64_t start_ns;
static int64_t since_ns;
static avr_cycle_count_t since_cycle;
static double hz;
static bool powered = true;

static struct event *events;
static size_t event_count;
static uint64_t event_order;
static int electrode_mask;
static int cue_mask;
static uint64_t awake_cycles;
static bool is_open;
static bool quitting;
static int reset_on_open_ms = -1;
static bool tuned;
static double baud = 500000;
static uint8_t to_glove[1 << 16];
static size_t to_glove_first, to_glove_count;
static avr_cycle_count_t next_to_glove;
static avr_cycle_count_t cycles_to_glove;

static int64_t monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static int64_t time_of(avr_cycle_count_t cycle) {
    return since_ns + (int64_t)((double)(int64_t)(cycle - since_cycle) * 1e9 / hz);
}

// The first cycle at or after this time.
static avr_cycle_count_t cycle_at(int64_t ns) {
    if (ns <= since_ns) return since_cycle;
    avr_cycle_count_t cycle = since_cycle + (avr_cycle_count_t)((double)(ns - since_ns) * hz / 1e9);
    while (time_of(cycle) < ns) cycle++;
    return cycle;
}

static int64_t present_ns;  // while the processor is off

// simavr has been reset, by us or by the glove's watchdog: what is driven from outside is lost.
static bool was_reset;

static void on_reset(avr_io_t *io) {
    (void)io;
    was_reset = true;
}

static avr_io_t reset_watch = { .kind = "reset watch", .reset = on_reset };

static int64_t now_ns(void) { return powered ? time_of(avr->cycle) : present_ns; }

static avr_irq_t *pin_irq(const struct pin *pin) {
    return avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(pin->port), pin->bit);
}

static void set_level(int electrode, int mv) {
    int channel = board->electrodes[electrode].adc;
    if (channel >= 0) {
        avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0 + channel), mv);
    }
}

// simavr has no pull-ups: the open pins are driven high.
static void drive_electrodes(void) {
    for (int i = 0; i < ELECTRODES; i++) {
        int touches = electrode_mask >> i & 1;
        // Both ways: simavr drops a level that it believes to be there already.
        avr_raise_irq(pin_irq(&board->electrodes[i]), touches);
        avr_raise_irq(pin_irq(&board->electrodes[i]), !touches);
        set_level(i, touches ? 0 : SUPPLY_MV);
    }
}

static void after_reset(void) {
    was_reset = false;
    drive_electrodes();
    // simavr looks at low pins with an external interrupt in every cycle, even while that
    // interrupt is off: ten times slower.
    for (int i = 0; i < 4; i++) avr_extint_set_strict_lvl_trig(avr, (uint8_t)i, 0);
    to_glove_count = 0;
    line.in_frame = line.skipping = false;
    printf("boot %lld\n", (long long)now_ns() / 1000);
}

static void boot(uint8_t cause) {
    avr_reset(avr);
    avr->data[MCUSR_ADDRESS] = cause;
    if (!powered) {
        powered = true;
        since_ns = present_ns;
        since_cycle = avr->cycle;
    }
    after_reset();
}

static void add_event(int64_t at_ns, const char *command) {
    events = realloc(events, (event_count + 1) * sizeof *events);
    if (!events) err(2, "memory");
    size_t place = event_count++;
    while (place > 0 && events[place - 1].at_ns > at_ns) {
        events[place] = events[place - 1];
        place--;
    }
    events[place].at_ns = at_ns;
    events[place].order = event_order++;
    snprintf(events[place].command, sizeof events[place].command, "%s", command);
}

static void send_hex(const char *hex) {
    unsigned byte;
    int used;
    while (sscanf(hex, " %2x%n", &byte, &used) == 1) {
        hex += used;
        if (to_glove_count < sizeof to_glove) {
            to_glove[(to_glove_first + to_glove_count++) % sizeof to_glove] = (uint8_t)byte;
        }
    }
}

static void poke(unsigned address, unsigned value) {
    if (address > avr->ramend) errx(2, "poke: there is no address %x", address);
    if (address >= 32 && address <= avr->ioend && avr->io[AVR_DATA_TO_IO(address)].w.c) {
        avr->io[AVR_DATA_TO_IO(address)].w.c(avr, (avr_io_addr_t)address, (uint8_t)value,
                                             avr->io[AVR_DATA_TO_IO(address)].w.param);
    } else {
        avr->data[address] = (uint8_t)value;
    }
}

static void carry_out(const char *text) {
    char word[32] = "", name[200] = "";
    double share = 0;
    int number = 0, second = 0;
    unsigned address = 0, value = 0;
    long long now_us = now_ns() / 1000;
    if (sscanf(text, "%31s", word) != 1) return;
    const char *rest = strstr(text, word) + strlen(word);
    if (!strcmp(word, "mask") && sscanf(rest, "%i", &number) == 1) {
        electrode_mask = number;
        if (powered) drive_electrodes();
        printf("mask %lld %llu %d\n", now_us, (unsigned long long)avr->cycle, number);
    } else if (!strcmp(word, "level") && sscanf(rest, "%i %i", &number, &second) == 2) {
        if (number < 0 || number >= ELECTRODES) errx(2, "there is no electrode %d", number);
        set_level(number, second);
    } else if (!strcmp(word, "corrupt") && sscanf(rest, "%lf", &share) == 1) {
        line.corrupt = share;
    } else if (!strcmp(word, "drop") && sscanf(rest, "%lf", &share) == 1) {
        line.drop_bytes = share;
    } else if (!strcmp(word, "dropframes") && sscanf(rest, "%lf", &share) == 1) {
        line.drop_frames = share;
    } else if (!strcmp(word, "garbage") && sscanf(rest, "%i", &number) == 1) {
        line_garbage(&line, number);
    } else if (!strcmp(word, "stall") && sscanf(rest, "%i", &number) == 1) {
        line.stalled_until = now_ns() + number * 1000000ll;
    } else if (!strcmp(word, "batch") && sscanf(rest, "%i %i", &number, &second) == 2) {
        line.batch_bytes = (size_t)number;
        line.batch_ns = second * 1000ll;
    } else if (!strcmp(word, "unplug")) {
        present_ns = now_ns();
        powered = is_open = false;
        line.waiting_count = 0;
        port_unplug(&port);
        printf("unplug %lld\n", now_us);
    } else if (!strcmp(word, "plug")) {
        if (port.master >= 0) errx(2, "plug: it is not unplugged");
        sscanf(rest, " %199[^\n]", name);
        port_plug(&port, name);
        boot(1 << 0);
        printf("plug %lld %s\n", (long long)monotonic_ns() / 1000, port.path);
    } else if (!strcmp(word, "reset")) {
        sscanf(rest, "%31s", word);
        present_ns = now_ns();
        boot(!strcmp(word, "power") ? 1 << 0 : !strcmp(word, "brownout") ? 1 << 2 : 1 << 1);
    } else if (!strcmp(word, "send")) {
        send_hex(rest);
    } else if (!strcmp(word, "poke") && sscanf(rest, "%x %x", &address, &value) == 2) {
        poke(address, value);
    } else if (!strcmp(word, "quit")) {
        quitting = true;
    } else {
        errx(2, "not a command: %s", text);
    }
}

static void next_event(void) {
    struct event event = events[0];
    memmove(events, events + 1, --event_count * sizeof *events);
    if (!powered && event.at_ns > present_ns) present_ns = event.at_ns;
    carry_out(event.command);
}

static void take_command(char *text, int64_t from_ns) {
    long long at_us;
    int used = 0;
    text[strcspn(text, "\r\n#")] = 0;
    if (sscanf(text, " at %lld%n", &at_us, &used) == 1) {
        add_event(from_ns + at_us * 1000, text + used);
    } else {
        add_event(now_ns(), text);
    }
}

static void read_script(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) err(2, "%s", path);
    char text[4096];
    while (fgets(text, sizeof text, file)) take_command(text, start_ns);
    fclose(file);
}

// Commands on standard input; its end is a quit.
static void read_input(void) {
    static char buffer[1 << 16];
    static size_t filled;
    struct pollfd look = { .fd = 0, .events = POLLIN };
    while (poll(&look, 1, 0) > 0) {
        ssize_t got = read(0, buffer + filled, sizeof buffer - 1 - filled);
        if (got <= 0) {
            quitting = true;
            return;
        }
        filled += (size_t)got;
        buffer[filled] = 0;
        char *begin = buffer, *end;
        while ((end = strchr(begin, '\n'))) {
            *end = 0;
            take_command(begin, 0);
            begin = end + 1;
        }
        filled = (size_t)(buffer + filled - begin);
        memmove(buffer, begin, filled);
    }
}

static void on_byte(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq, (void)param;
    line_take(&line, (uint8_t)value);
}

static void on_cue(struct avr_irq_t *irq, uint32_t value, void *param) {
    (void)irq;
    int bit = 1 << (int)(intptr_t)param;
    int mask = value & 1 ? cue_mask | bit : cue_mask & ~bit;
    if (mask == cue_mask) return;
    cue_mask = mask;
    printf("cue %lld %d\n", (long long)now_ns() / 1000, mask);
}

static void never_sleep(avr_t *sleeping, avr_cycle_count_t cycles) {
    (void)sleeping, (void)cycles;  // time is kept here, in the main loop
}

static avr_cycle_count_t wake(avr_t *woken, avr_cycle_count_t when, void *param) {
    (void)woken, (void)when, (void)param;
    return 0;
}

static void give_byte(void) {
    avr_irq_t *input = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ(board->uart), UART_IRQ_INPUT);
    avr_raise_irq(input, to_glove[to_glove_first++ % sizeof to_glove]);
    to_glove_count--;
    next_to_glove = avr->cycle + cycles_to_glove;
}

// Run the processor and what was asked for up to this time.
static void run_until(int64_t until_ns) {
    while (!quitting) {
        int64_t event_ns = event_count ? events[0].at_ns : NEVER;
        if (!powered) {
            if (event_ns > until_ns) {
                present_ns = until_ns;
                return;
            }
            next_event();
            continue;
        }
        avr_cycle_count_t bound = cycle_at(event_ns < until_ns ? event_ns : until_ns);
        if (to_glove_count && next_to_glove < bound) bound = next_to_glove;
        if (avr->cycle < bound) {
            // A sleeping processor skips to its next timer: let it not skip over this.
            avr_cycle_timer_register(avr, bound - avr->cycle, wake, NULL);
            while (avr->cycle < bound) {
                avr_cycle_count_t before = avr->cycle;
                bool awake = avr->state == cpu_Running;
                int state = avr_run(avr);
                if (awake) awake_cycles += state == cpu_Sleeping ? 1 : avr->cycle - before;
                if (state == cpu_Crashed || state == cpu_Done) errx(3, "the firmware crashed");
                if (was_reset) after_reset();
            }
        }
        if (to_glove_count && avr->cycle >= next_to_glove) give_byte();
        else if (event_ns <= time_of(avr->cycle) && event_ns <= until_ns) next_event();
        else return;
    }
}

static void look_at_port(void) {
    bool open = port_is_open(&port);
    if (open != is_open) {
        is_open = open;
        printf("%s %lld\n", open ? "open" : "close", (long long)now_ns() / 1000);
        line.waiting_count = 0;
        if (open && reset_on_open_ms >= 0) {
            present_ns = now_ns();
            powered = false;
            add_event(present_ns + reset_on_open_ms * 1000000ll, "reset external");
        }
        if (!open && port.master >= 0) port_flush(&port);
    }
    if (!open) return;
    uint8_t chunk[1024];
    size_t got = port_read(&port, chunk, sizeof chunk);
    if (tuned && port_speed(&port) != (unsigned)baud) got = 0;
    if (got && powered) {
        // A processor that lags behind, because this program was not given its own, gets nothing
        // from the future: it would answer a PING before it was asked.
        avr_cycle_count_t present = cycle_at(monotonic_ns());
        if (next_to_glove < present) next_to_glove = present;
    }
    for (size_t i = 0; i < got; i++) {
        if (powered && to_glove_count < sizeof to_glove) {
            to_glove[(to_glove_first + to_glove_count++) % sizeof to_glove] = chunk[i];
        }
    }
}

static void hand_over(int64_t now) {
    size_t due = line_due(&line, now);
    if (!due) return;
    if (bytes) {
        fwrite(line.waiting, 1, due, bytes);
    } else if (is_open) {
        // What a full terminal does not take is offered again: bytes that this program made in a
        // burst, because it was not given the processor for a while, are no fault of the reader.
        if (tuned && port_speed(&port) != (unsigned)baud) line_garble(&line, due);
        due = port_write(&port, line.waiting, due);
    }
    line_handed_over(&line, due, now);
}

static void silent(avr_t *from, const int level, const char *format, va_list arguments) {
    if (level <= LOG_ERROR && from) vfprintf(stderr, format, arguments);
}

static void make_glove(const char *firmware, double frequency) {
    elf_firmware_t loaded = { 0 };
    avr_global_logger_set(silent);
    if (elf_read_firmware(firmware, &loaded)) errx(2, "%s is no firmware", firmware);
    avr = avr_make_mcu_by_name(board->mcu);
    if (!avr) errx(2, "simavr does not know the %s", board->mcu);
    avr_init(avr);
    avr_load_firmware(avr, &loaded);
    avr_register_io(avr, &reset_watch);
    avr->frequency = (uint32_t)frequency;
    avr->vcc = avr->avcc = avr->aref = SUPPLY_MV;
    avr->sleep = never_sleep;
    uint32_t flags = 0;
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS(board->uart), &flags);
    avr_irq_register_notify(
        avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ(board->uart), UART_IRQ_OUTPUT), on_byte, NULL);
    for (int i = 0; i < ELECTRODES; i++) {
        avr_irq_register_notify(pin_irq(&board->cues[i]), on_cue, (void *)(intptr_t)i);
    }
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        { "mcu", 1, 0, 'm' },   { "frequency", 1, 0, 'f' }, { "baud", 1, 0, 'b' },
        { "skew", 1, 0, 's' },  { "seed", 1, 0, 'r' },      { "link", 1, 0, 'l' },
        { "slice", 1, 0, 'u' }, { "script", 1, 0, 'c' },    { "reset-on-open", 1, 0, 'o' },
        { "bytes", 1, 0, 'y' }, { "for", 1, 0, 't' },       { "tuned", 0, 0, 'n' },
        { 0 },
    };
    double frequency = 16e6, skew = 0;
    const char *link = "", *script = NULL;
    int64_t slice_ns = 200000, run_ns = 0;
    uint64_t seed = 1;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
            case 'm':
                board = !strcmp(optarg, boards[1].mcu) ? &boards[1] : &boards[0];
                if (strcmp(optarg, board->mcu)) errx(2, "no pinout for the %s", optarg);
                break;
            case 'f': frequency = atof(optarg); break;
            case 'b': baud = atof(optarg); break;
            case 's': skew = atof(optarg); break;
            case 'r': seed = strtoull(optarg, NULL, 0); break;
            case 'l': link = optarg; break;
            case 'u': slice_ns = atoll(optarg) * 1000; break;
            case 'c': script = optarg; break;
            case 'o': reset_on_open_ms = atoi(optarg); break;
            case 'y':
                bytes = fopen(optarg, "wb");
                if (!bytes) err(2, "%s", optarg);
                break;
            case 'n': tuned = true; break;
            case 't': run_ns = atoll(optarg) * 1000; break;
            default: return 2;
        }
    }
    if (optind + 1 != argc) errx(2, "which firmware?");
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    signal(SIGPIPE, SIG_IGN);
    make_glove(argv[optind], frequency);
    line_seed(&line, seed);
    hz = frequency * (1 + skew / 1e6);
    cycles_to_glove = (avr_cycle_count_t)(frequency * 12 / baud);

    if (!bytes) {
        port_plug(&port, link);
        printf("pty %s\n", port.path);
        start_ns = monotonic_ns();
    }
    since_ns = start_ns;
    since_cycle = avr->cycle;
    printf("start %lld\n", (long long)start_ns / 1000);
    if (script) read_script(script);
    boot(1 << 0);
    fflush(stdout);

    if (bytes) {
        for (int64_t t = 0; t < run_ns && !quitting; t += slice_ns) {
            run_until(t + slice_ns < run_ns ? t + slice_ns : run_ns);
            hand_over(now_ns());
        }
        fclose(bytes);
    }
    int64_t next_ns = start_ns, looked_ns = start_ns;
    while (!bytes && !quitting) {
        next_ns += slice_ns;
        int64_t now = monotonic_ns();
        if (next_ns < now) next_ns = now;
        struct timespec until = { next_ns / 1000000000, next_ns % 1000000000 };
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        if (!powered) present_ns = monotonic_ns();
        read_input();
        look_at_port();
        // In pieces: a long one, caught up with at once, would not find room where it waits.
        int64_t present = monotonic_ns();
        while (powered && !quitting && present - now_ns() > PIECE_NS) {
            run_until(now_ns() + PIECE_NS);
            hand_over(monotonic_ns());
        }
        run_until(present);
        now = monotonic_ns();
        if (now - looked_ns > STARVED_NS) {
            printf("starved %lld %lld\n", (long long)now / 1000, (long long)looked_ns / 1000);
        }
        looked_ns = now;
        hand_over(now);
        fflush(stdout);
    }
    if (port.master >= 0) {
        port_drain(&port, 200);
        port_unplug(&port);
    }
    printf("end %.4f %llu %llu %llu %llu\n", (double)awake_cycles / (double)(avr->cycle + 1),
           (unsigned long long)line.corrupted, (unsigned long long)line.dropped,
           (unsigned long long)line.frames_dropped, (unsigned long long)line.overrun);
    return 0;
}
