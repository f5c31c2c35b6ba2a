// SPDX-License-Identifier: BSL-1.0
#include "support/rewritten.hpp"

#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>
#include <reseal/sink.hpp>
#include <utility>

#include "support/chunks.hpp"

namespace support {

Rewritten rewrite(const reseal::Rules& rules, const std::vector<std::string_view>& chunks, const reseal::Options& options) {
    Rewritten out;
    reseal::StringSink sink;
    reseal::Rewriter rewriter(rules, sink, options);
    try {
        for (std::string_view chunk : chunks) rewriter.write(chunk);
        rewriter.finish();
    } catch (const reseal::Error& error) {
        if (error.error() != reseal::ErrorCode::refused && error.error() != reseal::ErrorCode::malformed) throw;
        out.failure = error.what();
    }
    out.output = std::move(sink.bytes);
    out.report = rewriter.report();
    out.work = rewriter.work();
    return out;
}

Rewritten rewrite(const reseal::Rules& rules, std::string_view input, const reseal::Options& options, std::size_t chunk,
                  std::uint64_t seed) {
    return rewrite(rules, cut(input, chunk, seed), options);
}

}  // namespace support
