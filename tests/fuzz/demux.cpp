// SPDX-License-Identifier: BSL-1.0
// Raw bytes as an archive: its runs are the stream, up to where it stops being one, and nothing depends on the chunks.
#include "fuzz/feed.hpp"
#include "support/demuxed.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Feed feed(data, size);
    constexpr reseal::Format formats[] = {reseal::Format::automatic, reseal::Format::nar, reseal::Format::tar};
    const reseal::Format format = formats[feed.below(3)];
    const std::size_t chunk = 1 + feed.u16() % 2048;
    const std::string_view stream = feed.rest();
    const support::Demuxed whole = support::demux(format, stream, size + 1);
    fuzz::require(stream.starts_with(whole.joined), "runs that are not the stream");
    fuzz::require(!whole.malformed.empty() || whole.joined == stream, "bytes that are in no run");
    // How far the runs of a malformed stream reach may depend on the chunks; what is wrong with it, and where, may not.
    const auto same = [&](const support::Demuxed& other) {
        fuzz::require(stream.starts_with(other.joined), "runs that are not the stream");
        fuzz::require(other.malformed == whole.malformed, "the verdict depends on the chunks");
        fuzz::require(!whole.malformed.empty() || other == whole, "the runs depend on the chunks");
    };
    same(support::demux(format, stream, 1));
    same(support::demux(format, stream, chunk));
    return 0;
}
