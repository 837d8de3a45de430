// The wire format GLV1 as a glove needs it. firmware_bridge/protocol.py is its twin on the host.
//
// A frame is COBS(payload + CRC-16, little-endian), then one zero byte. A payload begins with its
// type. Everything is little-endian; payload and CRC together have at most 60 bytes.
#pragma once

#define PROTOCOL 1
#define FIRMWARE_MAJOR 1
#define FIRMWARE_MINOR 0

#define ELECTRODES 5
#define MASK_RESERVED 0xE0

#define MAX_PAYLOAD 60                 // with CRC
#define MAX_RUN (MAX_PAYLOAD + 1)      // as COBS
#define STATE_HEAD 8                   // type, sequence, device time, flags
#define MAX_HISTORY (MAX_PAYLOAD - STATE_HEAD - 2)
#define STATE_OVERHEAD (STATE_HEAD + 4)  // a STATE on the wire without its masks

// Glove to host.
#define STATE 0x01
#define HELLO 0x02
#define PONG 0x03
#define ACK 0x04
#define DIAG 0x05

// Host to glove.
#define ASK_HELLO 0x81
#define PING 0x82
#define SET_RATE 0x83
#define STREAM 0x84
#define OUT 0x85
#define RESET 0x86

// Flags of STATE: what happened since the frame before it; FLAG_RESET stays for the whole run.
#define FLAG_SCAN_OVERRUN 0x01
#define FLAG_QUEUE_DROP 0x02
#define FLAG_RECEIVE_ERROR 0x04
#define FLAG_RESET 0x08                // this run began with a brown-out or watchdog reset
#define FLAG_EPOCH_SHIFT 4
#define EPOCH_MASK 3

// Status of ACK.
#define ACK_OK 0
#define ACK_BAD_LENGTH 1
#define ACK_BAD_VALUE 2
#define ACK_OVER_BANDWIDTH 3

// Modes of STREAM.
#define STREAM_OFF 0
#define STREAM_ON 1
#define STREAM_EVENT 2

#define RESET_MAGIC 0x544F4F42UL       // "BOOT"
#define MAX_LINE_USE_PERCENT 80
#define BITS_PER_BYTE 10
#define EVENT_HEARTBEAT_US 20000UL
#define OUT_LONGEST_MS 1000

// A glove begins with the profile of its line.
#if BAUD == 115200                     // lite
#define BAUD_CODE 0
#define FIRST_SCAN_HZ 1000
#define FIRST_HOP 2
#define FIRST_HISTORY 4
#elif BAUD == 500000                   // standard
#define BAUD_CODE 1
#define FIRST_SCAN_HZ 4000
#define FIRST_HOP 4
#define FIRST_HISTORY 8
#elif BAUD == 1000000                  // fast
#define BAUD_CODE 2
#define FIRST_SCAN_HZ 2000
#define FIRST_HOP 1
#define FIRST_HISTORY 4
#else
#error "BAUD is 115200, 500000 or 1000000"
#endif
