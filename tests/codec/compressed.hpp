// SPDX-License-Identifier: BSL-1.0
#pragma once
// Compressed bytes for tests, by our own compressor.
#include <algorithm>
#include <reseal/sink.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "codec/compressor.hpp"

namespace reseal::codec {

inline std::string compressed(std::string_view bytes, const Choice& choice, std::size_t chunk = 100'000) {
    StringSink out;
    Compressor compressor(out);
    compressor.choose(choice);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(chunk, bytes.size()))) compressor.write(bytes.substr(0, chunk));
    compressor.finish();
    return std::move(out.bytes);
}

inline std::string compressed(std::string_view bytes, Compression compression) {
    return compressed(bytes, {compression, levels(compression).usual});
}

}  // namespace reseal::codec
