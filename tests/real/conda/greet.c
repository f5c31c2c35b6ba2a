// SPDX-License-Identifier: BSL-1.0
// A program that finds its files by its prefix, its library by an rpath, and says what it found.
#include "greet.h"
#ifdef __APPLE__
int puts(const char*);
static void say(const char* what, const char* value) { puts(what), puts(value); }
#else
#include <stdio.h>
#include <string.h>

static void say(const char* what, const char* value) { printf("%s: %s\n", what, value); }

static void read_greeting(void) {
    char path[4096], line[100] = "";
    snprintf(path, sizeof path, "%s/greeting.txt", greet_home());
    FILE* file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL) line[strcspn(line, "\n")] = 0;
    say("greeting", file != NULL ? line : "not there");
}
#endif

int main(void) {
    say("home", greet_home());
    say("path", greet_path());
    say("conf", greet_conf);
    say("conf name", greet_conf_name);
#ifndef __APPLE__
    printf("packed: %.*s|%s\n", (int)sizeof greet_packed.home, greet_packed.home, greet_packed.behind);
    read_greeting();
#else
    say("packed", greet_packed.home);
#endif
    return 0;
}
