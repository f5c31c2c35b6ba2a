// SPDX-License-Identifier: BSL-1.0
#pragma once
// Signals for a command that has more to clear away than a handler may: they wait until the command asks.
#include <csignal>

namespace reseal::cli {

/// Thrown where the command waits; once everything is cleared away, die().
class Interrupted {
public:
    explicit Interrupted(int signal) : signal_(signal) {}
    /// Of the signal, so that a shell sees 128 + its number.
    void die() const;

private:
    int signal_;
};

/// While it lives, deadly signals have no effect but in wait(). One that is ignored (nohup) stays ignored. One at a
/// time, in the only thread.
class Interruption {
public:
    Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    ~Interruption();

    /// Until `fd` can be read, or throws Interrupted.
    void wait(int fd) const;
    /// Whether one has come; it takes effect when the object goes.
    bool pending() const;

private:
    sigset_t before_;
};

}  // namespace reseal::cli
