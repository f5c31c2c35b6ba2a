// SPDX-License-Identifier: BSL-1.0
#include "codec/decompressor.hpp"

namespace reseal::codec {

void Decompressor::write(std::string_view bytes) {
    for (;;) {
        const std::string_view made = expander_.next(bytes);
        if (made.empty() && bytes.empty()) return;
        if (!made.empty()) next_.write(made);
    }
}

}  // namespace reseal::codec
