// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <reseal/finding.hpp>
#include <string>

#include "macho/defect.hpp"

namespace reseal::seal {

/// A finding before it is known in which file, and where in it, the image lies.
struct Remark {
    Severity severity;
    Code code;
    std::uint64_t offset;  ///< from the image's first byte
    std::string what;
};

inline Remark refusal(macho::Defect defect) { return {Severity::error, defect.code, defect.offset, std::move(defect.what)}; }

/// The same where the image is passed on all the same.
inline Remark left(Remark remark) {
    if (remark.severity == Severity::error) remark.what += "; its hashes were left as they were";
    remark.severity = Severity::note;
    return remark;
}

}  // namespace reseal::seal
