// SPDX-License-Identifier: BSL-1.0
#include "package/archive_facts.hpp"

#include <filesystem>
#include <system_error>

#include "digest/digest.hpp"
#include "digest/md5.hpp"
#include "fs/file_source.hpp"
#include "package/input.hpp"
#include "package/stream.hpp"
#include "relocate/source_chunks.hpp"

namespace reseal::package {

std::optional<ArchiveFacts> find_facts(const std::string& archive, const std::function<bool()>& stop) {
    std::error_code none;
    if (archive == standard_input || !std::filesystem::is_regular_file(archive, none)) return {};
    const fs::FileSource file = fs::FileSource::open(archive);
    digest::Hasher sha256(HashType::sha256);
    std::optional<digest::Md5> md5;
    if (digest::Md5::available()) md5.emplace();
    relocate::SourceChunks chunks(file, archive);
    for (std::string_view chunk; chunks.next(chunk);) {
        if (stop()) throw Stopped();
        sha256.update(chunk);
        if (md5) md5->update(chunk);
    }
    ArchiveFacts facts{file.size(), std::string(sha256.finish().bytes()), {}};
    if (md5) facts.md5 = md5->finish();
    return facts;
}

FactsBeside::FactsBeside(const std::string& archive, const std::function<bool()>& stop)
    : facts_(std::async([this, archive, stop] { return find_facts(archive, [&] { return given_up_ || stop(); }); })) {}

}  // namespace reseal::package
