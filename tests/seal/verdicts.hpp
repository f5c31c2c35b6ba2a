// SPDX-License-Identifier: BSL-1.0
#pragma once
// Short ways to ask for a verdict and to say what it should be.
#include <reseal/verify.hpp>
#include <string>
#include <vector>

namespace reseal {

inline std::vector<ImageVerdict> verdicts(const std::string& file, bool strict = false) {
    return verify(MemorySource(file), {.strict = strict});
}

/// Of a file that holds one image.
inline ImageVerdict verdict(const std::string& file, bool strict = false) {
    std::vector<ImageVerdict> images = verdicts(file, strict);
    return images.size() == 1 ? images[0] : ImageVerdict{"not one image", 0, Verdict::malformed, true, {}, {}, {}};
}

/// The same at the kernel's level.
inline std::vector<ImageVerdict> kernel_verdicts(const std::string& file) {
    VerifyOptions options;
    options.level = Level::kernel;
    return verify(MemorySource(file), options);
}

inline ImageVerdict kernel_verdict(const std::string& file) {
    std::vector<ImageVerdict> images = kernel_verdicts(file);
    return images.size() == 1 ? images[0] : ImageVerdict{"not one image", 0, Verdict::malformed, true, {}, {}, {}};
}

inline std::vector<Layer> layers(const ImageVerdict& image) {
    std::vector<Layer> out;
    for (const Problem& problem : image.problems) out.push_back(problem.layer);
    return out;
}

inline std::vector<Code> codes(const ImageVerdict& image) {
    std::vector<Code> out;
    for (const Problem& problem : image.problems) out.push_back(problem.code);
    return out;
}

using Slots = std::vector<std::int64_t>;
using Codes = std::vector<Code>;

}  // namespace reseal
