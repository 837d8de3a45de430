"""The inner loops of the synthesiser: voices, room, limiter. Plain loops over arrays (numba).

Every kernel is a pure function of its arguments and releases the interpreter lock.
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
def _curve(curve, frame):
    place = frame / CURVE_STEP
    index = int(place)
    if index >= len(curve) - 1:
        return curve[len(curve) - 1]
    part = place - index
    return curve[index] * (1.0 - part) + curve[index + 1] * part


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def play_voices(voices, samples, curves, sample_rate, choke_seconds, floor, out):
    """Add ``voices`` to ``out`` (left, right, room send × frames; float32).

    ``curves`` is float32 (5, channels, points): gain, pan (−500 … 500), bend in cents, vibrato in
    cents, room send; a point every CURVE_STEP frames. A voice ends when its gain falls under
    ``floor``, at its sample's end or at the end of ``out``.
    """
    frames = out.shape[1]
    scratch = np.empty(BLOCK, np.float32)
    for number in range(len(voices)):
        voice = voices[number]
        channel = voice.channel
        envelope = voice.volume_envelope
        mod_envelope = voice.mod_envelope
        lfo = voice.lfo
        vibrato = voice.vibrato
        off = (voice.off_frame - voice.start_frame) / sample_rate
        mod_used = voice.mod_to_pitch != 0.0 or voice.mod_to_cutoff != 0.0
        choke = (voice.choke_frame - voice.start_frame) / sample_rate
        sample_start = voice.sample_start
        sample_end = voice.sample_end
        loop_end = voice.loop_end
        loop_length = loop_end - voice.loop_start
        looping = voice.loop != 0 and loop_length >= 8
        position = float(sample_start)
        left_was = 0.0
        right_was = 0.0
        send_was = 0.0
        first = True
        z1 = 0.0
        z2 = 0.0
        # What costs a sine or a power is worked out again only when it changes.
        cutoff_was = -1.0
        cents_was = 1e9
        pan_was = 1e9
        step = 1.0
        left_part = 0.0
        right_part = 0.0
        b0 = 1.0
        b1 = 0.0
        a1 = 0.0
        a2 = 0.0
        filtered = False
        ended = False
        frame = voice.start_frame
        attack_end = envelope[0] + envelope[1]
        while frame < frames and not ended:
            count = min(BLOCK, frames - frame)
            time = (frame - voice.start_frame) / sample_rate
            # Gains are set for the end of the block and ramped from those of its start.
            then = time + count / sample_rate
            modulation = modulation_at(mod_envelope, time, off) if mod_used else 0.0
            wobble = 0.0
            if lfo[2] != 0.0 or lfo[3] != 0.0 or lfo[4] != 0.0:
                wobble = _triangle(time, lfo[0], lfo[1])
            depth = vibrato[2] + _curve(curves[3, channel], frame)
            cents = voice.pitch_cents + _curve(curves[2, channel], frame)
            cents += modulation * voice.mod_to_pitch + wobble * lfo[2]
            if depth != 0.0:
                cents += depth * _triangle(time, vibrato[0], vibrato[1])
            # A broken font can ask for any pitch; ten octaves are enough for a sound one.
            cents = min(12_000.0, max(-12_000.0, cents))
            if cents != cents_was:
                step = 2.0 ** (cents / 1200.0)
                cents_was = cents

            gain = voice.gain * _curve(curves[0, channel], frame + count)
            if lfo[4] != 0.0:
                gain *= 10.0 ** (wobble * lfo[4] / 20.0)
            pan = voice.pan + _curve(curves[1, channel], frame + count)
            if pan != pan_was:
                angle = (min(500.0, max(-500.0, pan)) + 500.0) / 1000.0 * 1.5707963267948966
                left_part = np.cos(angle)
                right_part = np.sin(angle)
                pan_was = pan
            send_part = _curve(curves[4, channel], frame + count)
            if first:
                start_level = gain * volume_at(envelope, time, off)
                left_was = start_level * left_part
                right_was = start_level * right_part
                send_was = start_level * send_part
                first = False
            level = gain * volume_at(envelope, then, off)
            if then > choke:
                level *= max(0.0, 1.0 - (then - choke) / choke_seconds)
                if level <= 0.0:
                    ended = True
            loops_now = looping and (voice.loop == 1 or time < off)
            if not loops_now:
                # A sample that stops while it still sounds would click: the last CURVE_STEP
                # frames of it fade.
                left_over = (sample_end - 2 - position) / step - count
                if left_over < CURVE_STEP:
                    level *= max(0.0, left_over / CURVE_STEP)
            if level < floor and then > attack_end and (then > off or envelope[4] > 90.0):
                level = 0.0
                ended = True
            left = level * left_part
            right = level * right_part
            send = level * send_part

            cutoff = voice.cutoff_cents + modulation * voice.mod_to_cutoff + wobble * lfo[3]
            if cutoff < 13_400.0 or filtered or voice.q_cb > 0.0:
                if abs(cutoff - cutoff_was) > 0.5:
                    # Low pass of the Audio EQ Cookbook (R. Bristow-Johnson); resonance counted
                    # from the 3.01 dB that a maximally flat one has (SoundFont 2.04, gen. 9).
                    hertz = 8.175798915643707 * 2.0 ** (min(cutoff, 13_500.0) / 1200.0)
                    omega = 6.283185307179586 * max(20.0, min(hertz, 0.45 * sample_rate))
                    omega /= sample_rate
                    q = 10.0 ** ((voice.q_cb / 10.0 - 3.01) / 20.0)
                    alpha = np.sin(omega) / (2.0 * q)
                    cosine = np.cos(omega)
                    a0 = 1.0 + alpha
                    level_q = 1.0 / np.sqrt(max(1.0, q))
                    b1 = (1.0 - cosine) / a0 * level_q
                    b0 = 0.5 * b1
                    a1 = -2.0 * cosine / a0
                    a2 = (1.0 - alpha) / a0
                    cutoff_was = cutoff
                filtered = True

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
                    scratch[k] = ((c3 * x + c2) * x + c1) * x + y1
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
                        ended = True
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
                    scratch[k] = ((c3 * x + c2) * x + c1) * x + y1
                    position += step
            if filtered:
                for k in range(made):
                    dry = scratch[k]
                    wet = b0 * dry + z1
                    z1 = (b1 * dry + z2) - a1 * wet  # in this order: the shortest chain
                    z2 = b0 * dry - a2 * wet
                    scratch[k] = wet
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
                    y = scratch[k]
                    z = np.float32(k)
                    into_left[k] += y * (left_from + left_ramp * z)
                    into_right[k] += y * (right_from + right_ramp * z)
                    into_send[k] += y * (send_from + send_ramp * z)
            left_was = left
            right_was = right
            send_was = send
            frame += count


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def add_room(stem, delays, feedback, damping, pre_delay, level):
    """Add a small room to ``stem`` (left, right, send × frames), in place.

    A feedback delay network of as many lines as ``delays`` has (frames), mixed by a Householder
    reflection (J.-M. Jot 1991); ``feedback`` is each line's gain, ``damping`` 0 … 1 takes the
    treble out of the tail, odd lines go left and even ones right.
    """
    lines = len(delays)
    longest = 0
    for k in range(lines):
        longest = max(longest, delays[k])
    memory = np.zeros((lines, longest), np.float32)
    places = np.zeros(lines, np.int64)
    low = np.zeros(lines, np.float32)
    heard = np.zeros(lines, np.float32)
    share = np.float32(2.0 / lines)
    keep = np.float32(damping)
    new = np.float32(1.0 - damping)
    loud = np.float32(level)
    for frame in range(stem.shape[1]):
        into = stem[2, frame - pre_delay] if frame >= pre_delay else np.float32(0.0)
        total = np.float32(0.0)
        left = np.float32(0.0)
        right = np.float32(0.0)
        for k in range(lines):
            y = memory[k, places[k]]
            low[k] = low[k] * keep + y * new
            y = low[k] * feedback[k]
            heard[k] = y
            total += y
            if k & 1:
                left += y
            else:
                right += y
        # The tiny constant keeps the tail out of denormal numbers, which are slow.
        into += np.float32(1e-18)
        total *= share
        for k in range(lines):
            memory[k, places[k]] = into + heard[k] - total
            places[k] += 1
            if places[k] == delays[k]:
                places[k] = 0
        stem[0, frame] += left * loud
        stem[1, frame] += right * loud


@njit(cache=True, nogil=True)
def quantise(stem, gain, gains, out):
    """Write ``stem`` (frames × 2) × ``gain`` × ``gains`` (one a frame) as int16 to ``out``."""
    for frame in range(stem.shape[0]):
        for channel in range(2):
            level = stem[frame, channel] * gain * gains[frame] * 32767.0
            out[frame, channel] = np.int16(np.rint(min(32767.0, max(-32767.0, level))))
