// SPDX-License-Identifier: BSL-1.0
#include "seal/block_reader.hpp"

#include <algorithm>

namespace reseal::seal {

std::string_view BlockReader::next() {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, left_.size));
    if (wanted == 0) return {};
    if (!block_) block_ = std::make_unique_for_overwrite<char[]>(wanted);
    const std::size_t got = file_.read_at(left_.offset, block_.get(), wanted);
    left_ = got < wanted ? macho::Range{} : macho::Range{left_.offset + wanted, left_.size - wanted};
    return {block_.get(), got};
}

}  // namespace reseal::seal
