// SPDX-License-Identifier: BSL-1.0
#include "relocate/finder.hpp"

namespace reseal::relocate {
namespace {

/// Spack asks for a boundary in text files only.
Boundary in_binaries(const PrefixOptions& options) {
    return options.padding == Padding::spack ? Boundary::none : options.boundary;
}

}  // namespace

Finder::Finder(const Prefixes& prefixes, std::uint64_t max_wait)
    : search_(prefixes, in_binaries(prefixes.options())), decider_(prefixes, max_wait) {}

void Finder::write(std::string_view chunk) {
    decider_.heads().read(chunk);
    search_.feed(chunk);
    drain();
    decider_.settle();
}

void Finder::end() {
    search_.end();
    drain();
    decider_.end();
}

void Finder::drain() {
    for (Stretch stretch; search_.next(stretch);) decider_.take(stretch);
}

}  // namespace reseal::relocate
