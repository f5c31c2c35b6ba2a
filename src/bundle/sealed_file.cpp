// SPDX-License-Identifier: BSL-1.0
#include "bundle/sealed_file.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <utility>

#include "digest/digest.hpp"
#include "fs/file_source.hpp"

namespace reseal::bundle {
namespace {

constexpr std::size_t sealed_file_block = std::size_t{128} << 10;

std::vector<std::pair<HashType, digest::Digest>> digests_of(const Source& file, const std::vector<HashType>& types) {
    std::vector<digest::Hasher> hashers;
    for (const HashType type : types) hashers.emplace_back(type);
    std::string block(static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), sealed_file_block)), '\0');
    for (std::uint64_t at = 0; at < file.size();) {
        const std::size_t got = file.read_at(at, block.data(), block.size());
        if (got == 0) break;  // it has become shorter
        for (digest::Hasher& hasher : hashers) hasher.update(std::string_view(block).substr(0, got));
        at += got;
    }
    std::vector<std::pair<HashType, digest::Digest>> digests;
    for (std::size_t i = 0; i < types.size(); ++i) digests.emplace_back(types[i], hashers[i].finish());
    return digests;
}

}  // namespace

std::optional<BundleFinding> check_sealed_file(const Inside& top, const std::string& name, const Seal& seal) {
    const auto finding = [&](BundleCode code, std::string what, Severity severity = Severity::error) {
        return BundleFinding{severity, code, Layer::codesign, name, std::move(what)};
    };
    std::vector<HashType> types;
    for (const auto& [type, hash] : seal.hashes)
        if (digest::available(type)) types.push_back(type);
    if (types.empty())
        return finding(BundleCode::hash_unavailable, "this build cannot compute the hash that it is sealed by", Severity::note);
    try {
        const fs::Descriptor fd = top.open(name);
        std::string wrong;
        for (const auto& [type, digest] : digests_of(fs::FileSource::share(fd.get(), top.path(name)), types))
            for (const auto& [sealed_type, hash] : seal.hashes)
                if (sealed_type == type && digest.bytes() != hash)
                    wrong.append(wrong.empty() ? "" : ", ").append(reseal::name(type));
        if (wrong.empty()) return {};
        return finding(BundleCode::file_changed, "it has another " + wrong + " than was sealed");
    } catch (const Error&) {
        return finding(BundleCode::unreadable, "cannot be read");
    }
}

}  // namespace reseal::bundle
