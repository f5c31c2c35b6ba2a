// SPDX-License-Identifier: BSL-1.0
#include "support/demuxed.hpp"

#include <algorithm>
#include <stdexcept>

#include "container/demux.hpp"

namespace support {
namespace {

void contract(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

void take(Demuxed& result, const reseal::container::Parser& parser, const reseal::container::Run& run) {
    using reseal::container::RunKind;
    result.joined += run.bytes;
    if (run.kind == RunKind::contents) {
        result.contents[parser.path()] += run.bytes;
        contract(run.first == (result.files == result.whole), "contents that begin twice, or not at all");
        result.files += run.first ? 1 : 0;
        result.whole += run.last ? 1 : 0;
    }
    if (run.kind != RunKind::header) return;
    contract(result.files == result.whole, "a header within contents");
    for (std::string_view name : parser.names()) result.names.emplace_back(name);
    std::string header(run.bytes);
    for (const reseal::container::Target& at : parser.targets()) {
        contract(at.offset <= header.size() && at.size <= header.size() - at.offset, "a target outside its header");
        result.targets[parser.path()] += header.substr(at.offset, at.size);
    }
    parser.amend(header);
    contract(header.size() == run.bytes.size(), "a header that was amended to another length");
}

}  // namespace

Demuxed demux(reseal::Format format, std::string_view stream, std::size_t chunk) {
    Demuxed result;
    reseal::container::Demux demux(format, "plain");
    const auto drain = [&] {
        reseal::container::Run run;
        while (demux.next(run)) take(result, demux.parser(), run);
    };
    for (; !stream.empty(); stream.remove_prefix(std::min(chunk, stream.size()))) {
        demux.feed(stream.substr(0, chunk));
        drain();
    }
    demux.end();
    drain();
    result.format = demux.format();
    if (const reseal::container::Malformed* malformed = demux.malformed())
        result.malformed = malformed->entry + ": " + malformed->what + " (" + std::to_string(malformed->offset) + ")";
    else contract(result.files == result.whole, "contents that do not end");
    return result;
}

}  // namespace support
