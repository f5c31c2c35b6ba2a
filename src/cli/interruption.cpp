// SPDX-License-Identifier: BSL-1.0
#include "cli/interruption.hpp"

#include <sys/select.h>

#include <cerrno>

#include "fs/deadly_signals.hpp"

namespace reseal::cli {
namespace {

using fs::deadly_signals;

volatile std::sig_atomic_t caught = 0;

void note(int signal) { caught = signal; }

/// The number of a signal that has come and has not been held back already before; 0: none.
int waiting(const sigset_t& before) {
    sigset_t pending;
    ::sigpending(&pending);
    for (int signal : deadly_signals)
        if (sigismember(&pending, signal) == 1 && sigismember(&before, signal) == 0) return signal;
    return 0;
}

}  // namespace

void Interrupted::die() const {
    std::signal(signal_, SIG_DFL);
    std::raise(signal_);
}

Interruption::Interruption() {
    sigset_t held;
    sigemptyset(&held);
    for (int signal : deadly_signals) {
        struct sigaction action{};
        ::sigaction(signal, nullptr, &action);
        if (action.sa_handler == SIG_IGN) continue;
        sigaddset(&held, signal);
    }
    pthread_sigmask(SIG_BLOCK, &held, &before_);
    for (int signal : deadly_signals)
        if (sigismember(&held, signal) == 1) std::signal(signal, &note);
}

Interruption::~Interruption() {
    for (int signal : deadly_signals)
        if (struct sigaction action{}; ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == &note)
            std::signal(signal, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

// pselect(2), since not every system has ppoll(2); a descriptor that its set cannot hold is left to read(2). A signal that is
// waiting already may go unnoticed there when `fd` can be read, hence the question what is pending.
void Interruption::wait(int fd) const {
    if (const int signal = waiting(before_)) throw Interrupted(signal);
    int found = 0;
    while (fd < FD_SETSIZE && found <= 0) {
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(fd, &readable);
        found = ::pselect(fd + 1, &readable, nullptr, nullptr, nullptr, &before_);
        if (caught != 0) throw Interrupted(caught);
        if (found < 0 && errno != EINTR) return;  // read(2) will say why
    }
}

bool Interruption::pending() const { return waiting(before_) != 0; }

}  // namespace reseal::cli
