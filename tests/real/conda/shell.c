// SPDX-License-Identifier: BSL-1.0
// An interpreter that runs another one: what python is here, and what scripts name in their first line.
#ifdef __APPLE__
int puts(const char*);
int main(void) { return puts(PREFIX "/lib/shell"); }
#else
#include <stdio.h>
#include <unistd.h>

const char* volatile home = PREFIX "/lib/shell";

int main(int argc, char** argv) {
    if (argc < 2) return puts(home) < 0;
    argv[0] = INTERPRETER;
    execv(argv[0], argv);
    return 127;
}
#endif
