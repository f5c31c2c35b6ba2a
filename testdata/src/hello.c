// SPDX-License-Identifier: BSL-1.0
// A program that knows its store path, as packaged ones do: it prints where its message catalogue would be.
int puts(const char*);

extern const char message_file[];

int main(void) {
    puts("Hello from @STORE_PATH@/bin/hello");
    puts(message_file);
    return 0;
}
