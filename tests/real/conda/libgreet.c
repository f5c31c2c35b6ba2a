// SPDX-License-Identifier: BSL-1.0
#include "greet.h"

const char* greet_home(void) { return PREFIX "/share/greet"; }
const char* greet_path(void) { return PREFIX "/bin:" PREFIX "/sbin:/usr/bin"; }
