// SPDX-License-Identifier: BSL-1.0
#include "relocate/source_digest.hpp"

#include "digest/digest.hpp"
#include "relocate/source_chunks.hpp"

namespace reseal::relocate {

std::string sha256_of(const Source& file, const std::string& name) {
    digest::Hasher hasher(HashType::sha256);
    SourceChunks chunks(file, name);
    for (std::string_view chunk; chunks.next(chunk);) hasher.update(chunk);
    return std::string(hasher.finish().bytes());
}

}  // namespace reseal::relocate
