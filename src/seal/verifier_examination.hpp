// SPDX-License-Identifier: BSL-1.0
#pragma once
// A signed image while it is examined: what its checks look at, and where they put what they find.
#include <optional>
#include <reseal/source.hpp>
#include <reseal/verify.hpp>
#include <string>
#include <string_view>

#include "macho/defect.hpp"
#include "macho/header.hpp"
#include "macho/range.hpp"

namespace reseal::seal {

struct Examination {
    const Source& file;
    macho::Range image;  ///< of the file
    const macho::Header& header;
    std::string_view head;   ///< the image's first bytes, load commands included
    std::string_view bytes;  ///< of the signature
    const VerifyOptions& options;
    ImageVerdict& verdict;
    std::optional<std::string>& team;  ///< as codesign reads it; "" where the signature names none

    std::uint64_t signature_offset() const { return image.offset + header.signature->offset; }
    void problem(Layer layer, Code code, std::uint64_t offset, std::string what) const {
        verdict.problems.push_back({code, offset, std::move(what), layer});
    }
    /// `defect`: of the signature.
    void problem(Layer layer, const macho::Defect& defect) const {
        problem(layer, defect.code, signature_offset() + defect.offset, defect.what);
    }
};

}  // namespace reseal::seal
