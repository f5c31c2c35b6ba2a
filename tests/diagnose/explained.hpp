// SPDX-License-Identifier: BSL-1.0
#pragma once
// Short ways to have a file explained, and to ask for what was said.
#include <reseal/explain.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "support/blobs.hpp"
#include "support/image_builder.hpp"

namespace support {

using Codes = std::vector<std::string>;

inline reseal::Explanation explained(const std::string& file, const reseal::Surroundings& around = {}) {
    return reseal::explain(reseal::MemorySource(file), around);
}
inline reseal::Explanation explained(const ImageSpec& spec, const reseal::Surroundings& around = {}) {
    return explained(build(spec).bytes, around);
}

inline Codes codes(const reseal::Explanation& explanation) {
    Codes out;
    for (const reseal::Cause& cause : explanation.causes) out.emplace_back(name(cause.code));
    return out;
}

/// The first one; an empty one, which is no cause that explain() gives, where there is none.
inline reseal::Cause first(const reseal::Explanation& explanation) {
    return explanation.causes.empty() ? reseal::Cause{} : explanation.causes.front();
}

/// How many images or files say something in vain: each cause has its sentence, something to do, and something to read.
inline bool is_whole(const reseal::Explanation& explanation) {
    return !explanation.causes.empty() &&
           std::all_of(explanation.causes.begin(), explanation.causes.end(), [](const reseal::Cause& cause) {
               return !cause.verdict.empty() && !cause.verdict.ends_with('.') && !cause.remedy.empty() &&
                      !cause.remedy.ends_with('\n') && cause.evidence.size() <= reseal::max_evidence;
           });
}

inline void flip(std::string& bytes, std::uint64_t at) { bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1); }

}  // namespace support
