// SPDX-License-Identifier: BSL-1.0
#pragma once
// The UUID that follows from an image's code alone, so that two builds whose code is the same but for their paths get the same
// one: a UUID of version 8 (RFC 9562, 5.8) from the SHA-256 of the code with NULs where the UUID stands.
#include <cstdint>
#include <string>
#include <string_view>

#include "digest/digest.hpp"
#include "macho/range.hpp"

namespace reseal::seal {

class DerivedUuid {
public:
    /// `uuid`: where its 16 bytes stand in the image.
    explicit DerivedUuid(macho::Range uuid) : uuid_(uuid) {}

    /// The image's bytes at `offset`; each one once, in order, up to the signature.
    void add(std::uint64_t offset, std::string_view bytes);
    /// 16 bytes. add() no more.
    std::string finish();

private:
    macho::Range uuid_;
    digest::Hasher hasher_{HashType::sha256};
};

}  // namespace reseal::seal
