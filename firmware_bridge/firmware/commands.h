// What the host asks for.
#pragma once

// Take in the bytes received, and carry out the commands they complete.
void commands_poll(void);
