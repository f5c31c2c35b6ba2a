// SPDX-License-Identifier: BSL-1.0
#include "seal/verifier_weight.hpp"

#include <algorithm>
#include <array>

namespace reseal::seal {
namespace {

Verdict verdict_of(Code code) {
    switch (code) {
        case Code::page_stale:
        case Code::special_stale:
        case Code::special_missing:
        case Code::pre_encrypt: return Verdict::stale;
        case Code::cms_unbound: return Verdict::unbound;
        case Code::unsigned_image: return Verdict::unsigned_;
        case Code::commands_too_large:
        case Code::signature_too_large:
        case Code::encrypted:
        case Code::version_unsupported:
        case Code::hash_unsupported:
        case Code::hash_unavailable:
        case Code::page_size_unsupported:
        case Code::page_size_misplaced:
        case Code::fat_unloadable: return Verdict::unsupported;
        default: return Verdict::malformed;
    }
}

int gravity(Verdict verdict) {
    constexpr std::array ascending{Verdict::valid, Verdict::unsigned_,   Verdict::unbound,
                                   Verdict::stale, Verdict::unsupported, Verdict::malformed};
    return static_cast<int>(std::find(ascending.begin(), ascending.end(), verdict) - ascending.begin());
}

}  // namespace

void weigh(ImageVerdict& image, Level level) {
    if (level == Level::kernel)
        std::erase_if(image.problems, [](const Problem& problem) { return problem.layer != Layer::kernel; });
    image.bad = !image.problems.empty();
    for (const Problem& problem : image.problems)
        if (Verdict asked = verdict_of(problem.code); gravity(asked) > gravity(image.verdict)) image.verdict = asked;
}

}  // namespace reseal::seal

namespace reseal {

std::optional<Layer> ImageVerdict::layer() const {
    std::optional<Layer> first;
    for (const Problem& problem : problems)
        if (!first || problem.layer < *first) first = problem.layer;
    return first;
}

}  // namespace reseal
