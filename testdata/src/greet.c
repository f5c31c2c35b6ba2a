// SPDX-License-Identifier: BSL-1.0
// The same for a library or a plug-in: no entry point, one exported function.
extern const char message_file[];

const char* greet(void) { return message_file; }
const char* greet_home(void) { return "@STORE_PATH@/share/greet"; }
