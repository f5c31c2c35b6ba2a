// SPDX-License-Identifier: BSL-1.0
// What a compiler makes of paths: strings that end with a NUL, that share their end with another one, that hold the prefix
// twice, and that end where their length says.
#define CONF PREFIX "/lib/greet.conf"

const char* greet_home(void);
const char* greet_path(void);

static const char* const greet_conf = CONF;
// The linker lets this one be the end of the one above.
static const char* const greet_conf_name = "/greet.conf";

struct packed {
    char home[sizeof(PREFIX "/share/greet") - 1];
    char behind[8];
};
static const struct packed greet_packed = {PREFIX "/share/greet", "behind"};
