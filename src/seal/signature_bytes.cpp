// SPDX-License-Identifier: BSL-1.0
#include "seal/signature_bytes.hpp"

namespace reseal::seal {

void SignatureBytes::add(const match::Piece& piece) {
    if (piece.changed() && !before_) before_ = after_;
    if (before_) before_->append(piece.old);
    after_.append(piece.bytes);
}

std::optional<std::uint64_t> SignatureBytes::first_change(const macho::Range& part) const {
    if (!before_) return {};
    const char* const begin = after_.data() + part.offset;
    const char* const end = begin + part.size;
    const char* const found = std::mismatch(begin, end, before_->data() + part.offset).first;
    if (found == end) return {};
    return static_cast<std::uint64_t>(found - after_.data());
}

}  // namespace reseal::seal
