// SPDX-License-Identifier: BSL-1.0
#include "support/codedirectory_builder.hpp"

#include <algorithm>

#include "support/octets.hpp"
#include "support/plain_sha.hpp"

namespace support {
namespace {

std::string hashed(std::uint8_t type, std::string_view bytes) {
    const std::string value = plain_hash(type, bytes);
    return value.empty() ? plain_sha256(bytes) : value;
}

// The hashes of the pages, in the order of their slots.
std::string page_hashes(const DirectorySpec& spec, std::string_view code) {
    std::string out;
    if (spec.page_shift == 0 || spec.page_shift > 30) return hashed(spec.hash_type, code);
    const std::uint64_t page = std::uint64_t{1} << spec.page_shift;
    const std::uint64_t pages = (code.size() + page - 1) / page;
    std::vector<ScatterRange> ranges = spec.scatter;
    if (ranges.empty()) ranges.push_back({static_cast<std::uint32_t>(pages), 0});
    for (const ScatterRange& range : ranges)
        for (std::uint64_t i = range.base; i < std::uint64_t{range.base} + range.count && i < pages; ++i)
            out += hashed(spec.hash_type, code.substr(i * page, page));
    return out;
}

std::size_t header_size(std::uint32_t version) {
    if (version >= 0x20600) return 108;
    if (version >= 0x20500) return 96;
    if (version >= 0x20400) return 88;
    if (version >= 0x20300) return 64;
    if (version >= 0x20200) return 52;
    return version >= 0x20100 ? 48 : 44;
}

}  // namespace

std::string codedirectory(const DirectorySpec& spec, std::string_view code, std::map<int, std::string> sealed,
                          BuiltDirectory& at) {
    for (const auto& [k, preimage] : spec.seals) sealed[k] = preimage;
    const std::uint64_t limit = spec.code_limit.value_or(code.size());
    const std::size_t hash_size = hashed(spec.hash_type, "").size();
    const std::string slots = page_hashes(spec, code.substr(0, limit));
    const std::uint32_t specials =
        spec.special_slots.value_or(sealed.empty() ? 0 : static_cast<std::uint32_t>(sealed.rbegin()->first));
    const bool wide_limit = spec.limit_field != LimitField::narrow;

    at = {};
    at.slot = spec.slot;
    at.hash_size = hash_size;
    at.slots = slots.size() / hash_size;

    std::string body;  // what follows the fixed header
    const std::size_t header = header_size(spec.version);
    const auto here = [&] { return header + body.size(); };
    if (!spec.scatter.empty()) {
        at.scatter = here();
        for (const ScatterRange& range : spec.scatter)
            body += be32(range.count) + be32(range.base) + be64(range.target) + be64(0);
        body += std::string(24, '\0');
    }
    at.identifier = here();
    body += spec.identifier + '\0';
    if (spec.team) {
        at.team = here();
        body += *spec.team + '\0';
    }
    body.append(spec.team_hole, '\0');
    if (spec.pre_encrypt) {
        at.pre_encrypt = here();
        body += slots;
    }
    body.append(spec.hole, '\0');
    for (std::uint32_t k = specials; k >= 1; --k) {
        const auto found = sealed.find(static_cast<int>(k));
        body += found == sealed.end() ? std::string(hash_size, '\0') : hashed(spec.hash_type, found->second);
    }
    at.code_slots = here();
    body += slots;
    if (!spec.linkage.empty()) at.linkage = here();
    body += spec.linkage;
    at.length = here();

    std::string fixed = be32(0xfade0c02) + be32(at.length) + be32(spec.version) + be32(spec.flags) + be32(at.code_slots) +
                        be32(at.identifier) + be32(specials) + be32(at.slots) +
                        be32(!wide_limit                                 ? limit
                             : spec.limit_field == LimitField::wide_zero ? 0
                                                                         : 0xffffffff);
    for (std::uint64_t byte :
         {std::uint64_t{hash_size}, std::uint64_t{spec.hash_type}, std::uint64_t{0}, std::uint64_t{spec.page_shift}})
        fixed += integer(byte, 1, true);
    fixed += be32(0);                                              // spare2
    fixed += be32(at.scatter);                                     // from version 0x20100
    fixed += be32(at.team);                                        // 0x20200
    fixed += be32(0) + be64(wide_limit ? limit : 0);               // 0x20300: spare3, codeLimit64
    fixed += be64(0) + be64(code.size() / 4096 * 4096) + be64(1);  // 0x20400: __TEXT, main binary
    fixed += be32(0x000d0000) + be32(at.pre_encrypt);              // 0x20500: runtime
    fixed += be32(spec.linkage.empty() ? 0 : 0x01010000) + be32(at.linkage) + be32(spec.linkage.size());  // 0x20600
    fixed.resize(header);

    std::string out = fixed + body;
    for (const Poke& p : spec.pokes) poke(out, p.at, p.bytes);
    return out;
}

}  // namespace support
