// SPDX-License-Identifier: BSL-1.0
#pragma once
// When a patched file says it was modified. Python goes on running compiled code whose source has the time and the size that it
// remembers, so a source whose bytes change has to have another time.
#include <time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reseal::relocate {

struct MtimePolicy {
    enum class Kind {
        patched,  ///< a second behind the later of its own time and its package's: the same on every run
        source,   ///< its own, as if nothing had happened
        now,
        fixed,  ///< `seconds`
    };
    Kind kind = Kind::patched;
    std::int64_t seconds = 0;  ///< since 1970
    bool operator==(const MtimePolicy&) const = default;
};

/// `patched+1`, `source`, `now`, `@SECONDS`; none for anything else.
std::optional<MtimePolicy> parse_mtime(std::string_view word);

/// As utimensat(2) takes it. `own`: the file's time before; `package`: when its package was made (info/about.json), where that
/// is known.
timespec time_of_patched(const MtimePolicy& policy, const timespec& own, const std::optional<timespec>& package = {});

}  // namespace reseal::relocate
