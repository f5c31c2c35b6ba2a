// SPDX-License-Identifier: BSL-1.0
#include "seal/signature_bytes.hpp"

namespace reseal::seal {

void SignatureBytes::add(const match::Piece& piece) {
    if (piece.changed() && !before_) before_ = after_;
    if (before_) before_->append(piece.old);
    after_.append(piece.bytes);
}

std::vector<macho::Range> SignatureBytes::changes() const {
    std::vector<macho::Range> runs;
    if (!before_) return runs;
    for (std::size_t i = 0; i < after_.size(); ++i) {
        if (after_[i] == (*before_)[i]) continue;
        if (!runs.empty() && runs.back().end() == i) ++runs.back().size;
        else runs.push_back({i, 1});
    }
    return runs;
}

}  // namespace reseal::seal
