// SPDX-License-Identifier: BSL-1.0
#include "real/files.hpp"

#include <reseal/error.hpp>
#include <reseal/rewriter.hpp>
#include <reseal/sink.hpp>
#include <reseal/verify.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "support/chunks.hpp"

namespace real {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string bytes(std::filesystem::file_size(path), '\0');
    if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        throw std::runtime_error("cannot read " + path.string());
    return bytes;
}

reseal::Rules one_rule(std::string from, std::string to) {
    return reseal::Rules(std::vector<reseal::Rule>{{std::move(from), std::move(to)}});
}

Outcome rewrite(std::string_view input, const reseal::Rules& rules, std::size_t chunk_size, reseal::CmsPolicy cms) {
    Outcome outcome;
    reseal::StringSink sink;
    reseal::Options options;
    options.cms = cms;
    options.positions = true;
    reseal::Rewriter rewriter(rules, sink, options);
    try {
        for (std::string_view chunk : support::cut(input, chunk_size)) rewriter.write(chunk);
        rewriter.finish();
    } catch (const reseal::Error& e) {
        if (e.error() != reseal::ErrorCode::refused) throw;
        outcome.refused = true;
    }
    outcome.bytes = std::move(sink.bytes);
    outcome.report = rewriter.report();
    return outcome;
}

std::string verdicts(std::string_view file) {
    std::string names;
    for (const reseal::ImageVerdict& image : reseal::verify(reseal::MemorySource(file)))
        names.append(names.empty() ? "" : " ").append(name(image.verdict));
    return names;
}

std::size_t first_difference(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace real
