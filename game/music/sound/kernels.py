"""The inner loops of the synthesiser: one voice's wave, and voices mixed. Plain loops (numba).

Every kernel is a pure function of its arguments and releases the interpreter lock. They are in
one file because numba's cache looks at the file of the outermost one only.

A song repeats its notes: the same key of the same instrument is struck ten or twenty times. What
such notes have in common, the sample at its pitch through its filter, is made once
(:func:`make_waves`), and what is each one's own, envelope, volume and pan, is put on when they are
mixed (:func:`mix_voices`). Notes under a bend are made one by one.
"""

import numpy as np
from numba import njit

#: One layer of one note, ready to be played. Times are in seconds of its own envelope unless they
#: are ``frame`` counts of the output; pitches are cents; ``sustain_db`` and ``attenuation`` as
#: they say. ``loop``: 0 plays to the sample's end, 1 loops, 3 loops until the note is let go.
VOICE = np.dtype(
    [
        ("start_frame", "i8"),
        ("off_frame", "i8"),  # let go here; beyond the end of the sound: rings out
        ("choke_frame", "i8"),  # silenced within a few milliseconds from here (closed hi-hat)
        ("sample_start", "i8"),
        ("sample_end", "i8"),
        ("loop_start", "i8"),
        ("loop_end", "i8"),
        ("loop", "i4"),
        ("channel", "i4"),  # row of the control curves
        ("pitch_cents", "f8"),  # of the playing speed: 0 is one sample a frame
        ("gain", "f8"),
        ("pan", "f8"),  # −500 left … 500 right
        ("cutoff_cents", "f8"),
        ("q_cb", "f8"),
        ("volume_envelope", "f8", 6),  # delay, attack, hold, decay, sustain (dB down), release
        ("mod_envelope", "f8", 6),  # delay, attack, hold, decay, sustain (0 … 1), release
        ("mod_to_pitch", "f8"),
        ("mod_to_cutoff", "f8"),
        ("lfo", "f8", 5),  # delay, Hz, cents of pitch, cents of cutoff, dB of volume
        ("vibrato", "f8", 3),  # delay, Hz, cents of pitch
    ]
)

#: Frames between two points of a control curve.
CURVE_STEP = 256

#: Frames over which envelope, pitch and filter are held; the gain is ramped within.
BLOCK = 64

#: Frames over which the gain is ramped where it moves slowly: after the attack, when what falls
#: takes SLOW_SECONDS or more for its 100 dB.
LONG_BLOCK = 256
SLOW_SECONDS = 0.3

#: What a voice remembers from block to block, by its place in an array of floats.
MEMORY = 11
_POSITION, _STEP, _CENTS_WAS, _CUTOFF_WAS, _FILTERED = 0, 1, 2, 3, 4
_BAND, _LOW, _A1, _A2, _A3, _LEVEL = 5, 6, 7, 8, 9, 10

# Typed constants, so that the inner loop stays in 32-bit arithmetic and unsigned indices.
HALF = np.float32(0.5)
ONE_AND_HALF = np.float32(1.5)
ONE = np.uint64(1)
TWO = np.uint64(2)


@njit(cache=True, nogil=True)
def volume_at(envelope, time, off):
    """Linear gain of a volume envelope ``time`` seconds after its start, let go at ``off``.

    Attack is linear in amplitude; decay and release are linear in decibels, their times those of
    100 dB (SoundFont 2.04, section 8.1.3).
    """
    held = min(time, off)
    delay, attack, hold, decay = envelope[0], envelope[1], envelope[2], envelope[3]
    sustain_db = envelope[4]
    held -= delay
    if held <= 0.0:
        return 0.0
    if held < attack:
        gain = held / attack
    else:
        down = max(0.0, held - attack - hold) / decay * 100.0
        gain = np.exp(-0.11512925464970229 * min(down, sustain_db))
    if time > off:
        gain *= np.exp(-11.512925464970229 * (time - off) / envelope[5])
    return gain


@njit(cache=True, nogil=True)
def modulation_at(envelope, time, off):
    """Level 0 … 1 of a modulation envelope ``time`` seconds after its start."""
    held = min(time, off) - envelope[0]
    if held <= 0.0:
        return 0.0
    if held < envelope[1]:
        # Convex attack, as the format asks: fast first.
        level = 1.0 - (1.0 - held / envelope[1]) ** 2
    else:
        down = max(0.0, held - envelope[1] - envelope[2]) / envelope[3]
        level = max(1.0 - down, envelope[4])
    if time > off:
        level = max(0.0, level - (time - off) / envelope[5])
    return level


@njit(cache=True, nogil=True)
def _triangle(time, delay, hertz):
    phase = (time - delay) * hertz
    if phase <= 0.0:
        return 0.0
    phase = (phase + 0.25) % 1.0
    return 4.0 * phase - 1.0 if phase < 0.5 else 3.0 - 4.0 * phase


@njit(cache=True, nogil=True)
def _curve(curves, kind, channel, frame):
    place = frame / CURVE_STEP
    index = int(place)
    if index >= curves.shape[2] - 1:
        return curves[kind, channel, curves.shape[2] - 1]
    part = place - index
    return curves[kind, channel, index] * (1.0 - part) + curves[kind, channel, index + 1] * part


@njit(cache=True, nogil=True)
def _start(voice, memory):
    """Put ``memory`` to where a voice begins."""
    memory[:] = 0.0
    memory[_POSITION] = voice.sample_start
    memory[_STEP] = 1.0
    memory[_CENTS_WAS] = 1e9
    memory[_CUTOFF_WAS] = -1.0
    # A filter that began in the middle of a note would click.
    lowest = voice.cutoff_cents + min(0.0, voice.mod_to_cutoff) - abs(voice.lfo[3])
    if lowest < 13_400.0 or voice.q_cb > 0.0:
        memory[_FILTERED] = 1.0


@njit(cache=True, nogil=True)
def _loops(voice, time, let_go):
    long_enough = voice.loop_end - voice.loop_start >= 8
    return voice.loop != 0 and long_enough and (voice.loop == 1 or time < let_go)


@njit(cache=True, nogil=True)
def _let_go(voice, sample_rate):
    """Seconds after which the wave of a voice is let go: its off, rounded up to a whole block.

    So that notes of about the same length have the same wave. The volume is let go exactly.
    """
    return -(-(voice.off_frame - voice.start_frame) // BLOCK) * BLOCK / sample_rate


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _next_block(voice, samples, sample_rate, time, let_go, bend, depth, memory, block):
    """Write a voice's next frames, pitched and filtered but with no gain, to ``block``.

    ``time`` is that of its first frame, ``bend`` in cents, ``depth`` the vibrato's, in cents.
    Returns how many frames there were: fewer than ``block`` holds where the sample ends.
    """
    count = len(block)
    lfo = voice.lfo
    vibrato = voice.vibrato
    modulation = 0.0
    if voice.mod_to_pitch != 0.0 or voice.mod_to_cutoff != 0.0:
        # As it is in the middle of the block: most of these envelopes rise within the first one.
        middle = time + 0.5 * BLOCK / sample_rate
        modulation = modulation_at(voice.mod_envelope, middle, let_go)
    wobble = 0.0
    if lfo[2] != 0.0 or lfo[3] != 0.0:
        wobble = _triangle(time, lfo[0], lfo[1])
    cents = voice.pitch_cents + bend + modulation * voice.mod_to_pitch + wobble * lfo[2]
    depth += vibrato[2]
    if depth != 0.0:
        cents += depth * _triangle(time, vibrato[0], vibrato[1])
    # A broken font can ask for any pitch; ten octaves are enough for a sound one.
    cents = min(12_000.0, max(-12_000.0, cents))
    # What costs a sine or a power is worked out again only when it changes.
    if cents != memory[_CENTS_WAS]:
        memory[_STEP] = 2.0 ** (cents / 1200.0)
        memory[_CENTS_WAS] = cents
    step = memory[_STEP]

    loops_now = _loops(voice, time, let_go)
    sample_start = voice.sample_start
    sample_end = voice.sample_end
    loop_end = voice.loop_end
    loop_length = loop_end - voice.loop_start
    position = memory[_POSITION]
    made = count
    base = int(position)
    limit = loop_end if loops_now else sample_end
    if base > sample_start and position + step * count + 3.0 < limit:
        # The usual case, without a branch in the loop.
        rest = position - base
        for k in range(count):
            place = rest + step * k
            offset = np.int32(place)
            x = np.float32(place - offset)
            index = np.uint64(base + offset)
            y0 = samples[index - ONE]
            y1 = samples[index]
            y2 = samples[index + ONE]
            y3 = samples[index + TWO]
            # Cubic through four points with matching slopes (Catmull–Rom).
            c1 = HALF * (y2 - y0)
            c3 = HALF * (y3 - y0) + ONE_AND_HALF * (y1 - y2)
            c2 = y0 - y1 - c3 + c1
            block[k] = ((c3 * x + c2) * x + c1) * x + y1
        position += step * count
    else:
        for k in range(count):
            index = int(position)
            if loops_now:
                if index >= loop_end:
                    position -= loop_length * (1 + (index - loop_end) // loop_length)
                    index = int(position)
            elif index >= sample_end - 1:
                made = k
                break
            x = np.float32(position - index)
            i0 = max(index - 1, sample_start)
            i2 = index + 1
            i3 = index + 2
            if loops_now:
                if i2 >= loop_end:
                    i2 -= loop_length
                if i3 >= loop_end:
                    i3 -= loop_length
            elif i3 >= sample_end:
                i3 = sample_end - 1
            y0 = samples[i0]
            y1 = samples[index]
            y2 = samples[i2]
            y3 = samples[i3]
            c1 = HALF * (y2 - y0)
            c3 = HALF * (y3 - y0) + ONE_AND_HALF * (y1 - y2)
            c2 = y0 - y1 - c3 + c1
            block[k] = ((c3 * x + c2) * x + c1) * x + y1
            position += step
    memory[_POSITION] = position

    if memory[_FILTERED] != 0.0:
        cutoff = voice.cutoff_cents + modulation * voice.mod_to_cutoff + wobble * lfo[3]
        if abs(cutoff - memory[_CUTOFF_WAS]) > 0.5:
            # A state variable filter with trapezoidal integrators (A. Simper, "Solving the
            # continuous SVF equations", 2013): its memory is what stands in two capacitors, so
            # that a cutoff that moves does not make it jump, as that of a biquad does.
            # Resonance is counted from the 3.01 dB that a maximally flat one has (SoundFont
            # 2.04, generator 9), and takes half of itself from the level.
            hertz = 8.175798915643707 * 2.0 ** (min(cutoff, 13_500.0) / 1200.0)
            hertz = max(20.0, min(hertz, 0.45 * sample_rate))
            g = np.tan(3.141592653589793 * hertz / sample_rate)
            q = 10.0 ** ((voice.q_cb / 10.0 - 3.01) / 20.0)
            memory[_A1] = 1.0 / (1.0 + g * (g + 1.0 / q))
            memory[_A2] = g * memory[_A1]
            memory[_A3] = g * memory[_A2]
            memory[_LEVEL] = 1.0 / np.sqrt(max(1.0, q))
            memory[_CUTOFF_WAS] = cutoff
        a1, a2, a3, level = memory[_A1], memory[_A2], memory[_A3], memory[_LEVEL]
        band, low = memory[_BAND], memory[_LOW]
        for k in range(made):
            rest = block[k] - low
            across = a1 * band + a2 * rest
            through = low + a2 * band + a3 * rest
            band = 2.0 * across - band
            low = 2.0 * through - low
            block[k] = through * level
        memory[_BAND], memory[_LOW] = band, low
    return made


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def make_waves(voices, lengths, samples, sample_rate, firsts, pool, memories, made):
    """The waves of ``voices`` in ``pool``, one after the other.

    Wave k takes ``lengths[k]`` frames (a multiple of BLOCK) from ``firsts[k]`` on; ``made[k]``
    says how many its sample had. ``memories`` gets the memory at the start of each block, and at
    the wave's end.
    """
    memory = np.empty(MEMORY)
    for number in range(len(voices)):
        voice = voices[number]
        let_go = _let_go(voice, sample_rate)
        _start(voice, memory)
        first = firsts[number]
        done = 0
        while done < lengths[number]:
            memories[(first + done) // BLOCK] = memory
            block = pool[first + done : first + done + BLOCK]
            count = _next_block(
                voice, samples, sample_rate, done / sample_rate, let_go, 0.0, 0.0, memory, block
            )
            done += count
            if count < BLOCK:
                break
        if done == lengths[number]:
            memories[(first + done) // BLOCK] = memory
        made[number] = done


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def mix_voices(
    voices, shared, firsts, pool, memories, samples, curves, sample_rate, choke_seconds, floor, out
):
    """Add ``voices`` to ``out`` (left, right, room send × frames; float32).

    ``curves`` is float32 (5, channels, points): gain, pan (−500 … 500), bend in cents, vibrato in
    cents, room send; a point every CURVE_STEP frames. A voice ends when its gain falls under
    ``floor``, at its sample's end or at the end of ``out``. The first ``shared[k]`` frames of
    voice k are read from ``pool`` at ``firsts[k]`` (see :func:`make_waves`), the others made here.
    """
    frames = out.shape[1]
    scratch = np.empty(BLOCK, np.float32)
    memory = np.empty(MEMORY)
    for number in range(len(voices)):
        voice = voices[number]
        channel = voice.channel
        envelope = voice.volume_envelope
        lfo = voice.lfo
        off = (voice.off_frame - voice.start_frame) / sample_rate
        choke = (voice.choke_frame - voice.start_frame) / sample_rate
        let_go = _let_go(voice, sample_rate)
        attack_end = envelope[0] + envelope[1]
        # From here on the gain moves slowly.
        steady_from = attack_end
        if envelope[3] < SLOW_SECONDS:
            steady_from += envelope[2] + envelope[3] * min(envelope[4], 100.0) / 100.0
        if lfo[4] != 0.0 or envelope[5] < SLOW_SECONDS:
            steady_from = np.inf
        left_was = 0.0
        right_was = 0.0
        send_was = 0.0
        pan_was = 1e9
        left_part = 0.0
        right_part = 0.0
        frame = voice.start_frame
        done = 0
        live = shared[number] == 0
        if live:
            _start(voice, memory)
        ended = False
        while frame < frames and not ended:
            time = done / sample_rate
            if not live and done >= shared[number]:
                live = True
                memory[:] = memories[(firsts[number] + done) // BLOCK]
            count = BLOCK
            if not live and time >= steady_from:
                longer = (done + LONG_BLOCK) / sample_rate
                if (off < time or off > longer) and longer < choke:
                    count = min(LONG_BLOCK, shared[number] - done)
            count = min(count, frames - frame)
            # Gains are set for the end of the block and ramped from those of its start.
            then = time + count / sample_rate
            gain = voice.gain * _curve(curves, 0, channel, frame + count)
            if lfo[4] != 0.0:
                gain *= 10.0 ** (_triangle(time, lfo[0], lfo[1]) * lfo[4] / 20.0)
            pan = voice.pan + _curve(curves, 1, channel, frame + count)
            if pan != pan_was:
                angle = (min(500.0, max(-500.0, pan)) + 500.0) / 1000.0 * 1.5707963267948966
                left_part = np.cos(angle)
                right_part = np.sin(angle)
                pan_was = pan
            send_part = _curve(curves, 4, channel, frame + count)
            if done == 0:
                start_level = gain * volume_at(envelope, time, off)
                left_was = start_level * left_part
                right_was = start_level * right_part
                send_was = start_level * send_part
            level = gain * volume_at(envelope, then, off)
            if then > choke:
                level *= max(0.0, 1.0 - (then - choke) / choke_seconds)
                if level <= 0.0:
                    ended = True
            if not _loops(voice, time, let_go):
                # A sample that stops while it still sounds would click: the last CURVE_STEP
                # frames of it fade.
                state = memory if live else memories[(firsts[number] + done) // BLOCK]
                left_over = (voice.sample_end - 2 - state[_POSITION]) / state[_STEP] - count
                if left_over < CURVE_STEP:
                    level *= max(0.0, left_over / CURVE_STEP)
            if level < floor and then > attack_end and (then > off or envelope[4] > 90.0):
                level = 0.0
                ended = True
            left = level * left_part
            right = level * right_part
            send = level * send_part

            made = count
            if live:
                bend = _curve(curves, 2, channel, frame)
                depth = _curve(curves, 3, channel, frame)
                wave = scratch[:count]
                made = _next_block(
                    voice, samples, sample_rate, time, let_go, bend, depth, memory, wave
                )
                ended = ended or made < count
            else:
                wave = pool[firsts[number] + done : firsts[number] + done + count]
            if made > 0:
                left_ramp = np.float32((left - left_was) / made)
                right_ramp = np.float32((right - right_was) / made)
                send_ramp = np.float32((send - send_was) / made)
                left_from = np.float32(left_was)
                right_from = np.float32(right_was)
                send_from = np.float32(send_was)
                into_left = out[0, frame : frame + made]
                into_right = out[1, frame : frame + made]
                into_send = out[2, frame : frame + made]
                for k in range(made):
                    y = wave[k]
                    z = np.float32(k)
                    into_left[k] += y * (left_from + left_ramp * z)
                    into_right[k] += y * (right_from + right_ramp * z)
                    into_send[k] += y * (send_from + send_ramp * z)
            left_was = left
            right_was = right
            send_was = send
            frame += count
            done += count
