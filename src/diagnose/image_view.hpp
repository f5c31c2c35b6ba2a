// SPDX-License-Identifier: BSL-1.0
#pragma once
// One image's part of a SignatureView.
#include <optional>
#include <reseal/signature.hpp>

#include "macho/fat.hpp"

namespace reseal::diagnose {

/// `slice`: of a fat file, where `fat`; of a thin one its cpu is not known. Nothing where no Mach-O begins there.
std::optional<ImageView> view_image(const Source& file, const macho::Slice& slice, bool fat, const ViewOptions& options);

}  // namespace reseal::diagnose
