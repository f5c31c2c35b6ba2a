// SPDX-License-Identifier: BSL-1.0
#pragma once
// The verdict on one image.
#include <optional>
#include <reseal/source.hpp>
#include <reseal/verify.hpp>

#include "seal/file_layout.hpp"

namespace reseal::seal {

struct ExaminedImage {
    ImageVerdict verdict;             ///< problems are collected, not yet weighed
    std::optional<std::string> team;  ///< "": its signature names none; nothing: there is none, or nobody has asked it
};

/// `slice` is one of `layout`'s. Nothing when no Mach-O stands there.
std::optional<ExaminedImage> examine_image(const Source& file, const FileLayout& layout, const macho::Slice& slice,
                                           const VerifyOptions& options);

/// The same on a slice beside images where no Mach-O stands: nothing where it is what may well stand there.
std::optional<ImageVerdict> examine_other(const Source& file, const macho::Slice& slice, Level level);

}  // namespace reseal::seal
