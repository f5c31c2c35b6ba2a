// SPDX-License-Identifier: BSL-1.0
#pragma once
// A CodeDirectory as people are shown it, sound or not.
#include <optional>
#include <reseal/signature.hpp>
#include <string_view>

#include "macho/codedirectory.hpp"
#include "macho/header.hpp"
#include "macho/superblob.hpp"

namespace reseal::diagnose {

/// What a CodeDirectory is looked at together with.
struct DirectorySurroundings {
    const Source& file;
    macho::Range image;  ///< of the file
    const macho::Header& header;
    const macho::SuperBlob& super;  ///< the blobs that are sound
    std::string_view signature;
    const ViewOptions& options;
};

/// `blob`: one of the SuperBlob's. `sound`: the same, parsed; null where it could not be, and `fault` says why.
CodeDirectoryView view_directory(const DirectorySurroundings& around, const macho::Blob& blob,
                                 const macho::CodeDirectory* sound, const std::string& fault);

}  // namespace reseal::diagnose
