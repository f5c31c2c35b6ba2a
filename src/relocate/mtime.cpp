// SPDX-License-Identifier: BSL-1.0
#include "relocate/mtime.hpp"

#include <time.h>

#include <charconv>

namespace reseal::relocate {
namespace {

bool later(const timespec& one, const timespec& other) {
    return one.tv_sec != other.tv_sec ? one.tv_sec > other.tv_sec : one.tv_nsec > other.tv_nsec;
}

/// Not UTIME_NOW, which only a file system understands: an archive's entries have times too.
timespec current() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return time;
}

}  // namespace

std::optional<MtimePolicy> parse_mtime(std::string_view word) {
    if (word == "patched+1") return MtimePolicy{};
    if (word == "source") return MtimePolicy{MtimePolicy::Kind::source, 0};
    if (word == "now") return MtimePolicy{MtimePolicy::Kind::now, 0};
    if (!word.starts_with('@')) return {};
    MtimePolicy fixed{MtimePolicy::Kind::fixed, 0};
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data() + 1, end, fixed.seconds);
    if (error != std::errc() || stop != end) return {};
    return fixed;
}

timespec time_of_patched(const MtimePolicy& policy, const timespec& own, const std::optional<timespec>& package) {
    switch (policy.kind) {
        case MtimePolicy::Kind::source: return own;
        case MtimePolicy::Kind::now: return current();
        case MtimePolicy::Kind::fixed: return {.tv_sec = static_cast<time_t>(policy.seconds), .tv_nsec = 0};
        case MtimePolicy::Kind::patched: break;
    }
    timespec time = package && later(*package, own) ? *package : own;
    ++time.tv_sec;
    return time;
}

}  // namespace reseal::relocate
