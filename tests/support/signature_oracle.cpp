// SPDX-License-Identifier: BSL-1.0
#include "support/signature_oracle.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/octets.hpp"
#include "support/plain_sha.hpp"

namespace support {
namespace {

constexpr std::uint32_t superblob_magic = 0xfade0cc0, directory_magic = 0xfade0c02, wrapper_magic = 0xfade0b01;
constexpr std::uint32_t cms_slot = 0x10000;

bool is_directory_slot(std::uint32_t slot) { return slot == 0 || (slot >= 0x1000 && slot <= 0x1004); }

// The special slots whose blobs stand in the SuperBlob.
const std::set<std::uint32_t> embedded = {2, 5, 7, 8, 9, 10, 11};

std::uint32_t expected_magic(std::uint32_t slot) {
    if (is_directory_slot(slot)) return directory_magic;
    if (slot == 2) return 0xfade0c01;
    if (slot == 5) return 0xfade7171;
    if (slot == 7) return 0xfade7172;
    if (slot >= 8 && slot <= 11) return 0xfade8181;
    if (slot == cms_slot) return wrapper_magic;
    return 0;
}

using Blobs = std::map<std::uint32_t, std::string_view>;

Blobs read_blobs(std::string_view signature, std::vector<std::string>& problems) {
    if (big32(signature, 0) == directory_magic) {
        if (big32(signature, 4) > signature.size()) throw std::out_of_range("the length of the bare CodeDirectory");
        return {{0, signature.substr(0, big32(signature, 4))}};
    }
    if (big32(signature, 0) != superblob_magic) throw std::out_of_range("neither SuperBlob nor CodeDirectory");
    const std::uint64_t length = big32(signature, 4), count = big32(signature, 8);
    if (length > signature.size() || 12 + 8 * count > length) throw std::out_of_range("the SuperBlob's length");
    const std::string_view whole = signature.substr(0, length);
    Blobs blobs;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> spans = {{0, 12 + 8 * count}};
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint32_t slot = big32(whole, 12 + 8 * i);
        const std::uint64_t offset = big32(whole, 16 + 8 * i);
        const std::uint64_t blob_length = big32(whole, offset + 4);
        if (blob_length < 8 || offset + blob_length > length) throw std::out_of_range("a blob past the SuperBlob's end");
        if (expected_magic(slot) != 0 && big32(whole, offset) != expected_magic(slot)) problems.push_back("a blob's magic");
        if (!blobs.emplace(slot, whole.substr(offset, blob_length)).second) problems.push_back("two blobs of one slot");
        spans.emplace_back(offset, offset + blob_length);
    }
    std::sort(spans.begin(), spans.end());
    for (std::size_t i = 1; i < spans.size(); ++i)
        if (spans[i].first < spans[i - 1].second) problems.push_back("blobs overlap");
    return blobs;
}

// The pages in the order of their slots: by the scatter list where there is one.
std::vector<std::uint64_t> pages_of_slots(std::string_view cd, std::uint64_t scatter, std::uint64_t slots) {
    std::vector<std::uint64_t> pages;
    if (scatter == 0) {
        for (std::uint64_t i = 0; i < slots; ++i) pages.push_back(i);
        return pages;
    }
    for (std::uint64_t at = scatter;; at += 24) {
        const std::uint64_t count = big32(cd, at), base = big32(cd, at + 4);
        if (count == 0) return pages;
        if (!pages.empty() && base <= pages.back()) throw std::out_of_range("an unordered scatter list");
        for (std::uint64_t i = 0; i < count; ++i) {
            if (pages.size() == slots) throw std::out_of_range("a scatter list of more pages than slots");
            pages.push_back(base + i);
        }
    }
}

void check_string(std::string_view cd, std::uint64_t at) {
    if (at < 44 || at >= cd.size() || cd.find('\0', at) == std::string_view::npos)
        throw std::out_of_range("a string of the CodeDirectory");
}

CheckedDirectory check_directory(std::uint32_t slot, std::string_view cd, const ImageFacts& facts, const Blobs& blobs,
                                 std::vector<std::string>& problems) {
    CheckedDirectory out;
    out.slot = slot;
    const std::uint32_t version = big32(cd, 8);
    const std::uint64_t hash_at = big32(cd, 16), specials = big32(cd, 24), slots = big32(cd, 28);
    const auto hash_size = get(cd, 36, 1, true);
    const auto type = static_cast<std::uint8_t>(get(cd, 37, 1, true));
    const auto shift = static_cast<unsigned>(get(cd, 39, 1, true));
    std::uint64_t limit = big32(cd, 32);
    const std::uint64_t scatter = version >= 0x20100 ? big32(cd, 44) : 0;
    const std::uint64_t team = version >= 0x20200 ? big32(cd, 48) : 0;
    if (version >= 0x20300 && big64(cd, 56) != 0) limit = big64(cd, 56);
    const std::uint64_t pre_encrypt = version >= 0x20500 ? big32(cd, 92) : 0;
    out.hash_type = type;
    out.page_shift = shift;
    out.code_slots = slots;

    if (cd.size() < 108) problems.push_back("a CodeDirectory shorter than 108 bytes");
    if (version < 0x20001 || version > 0x2f000) problems.push_back("the CodeDirectory's version");
    const std::string of_nothing = plain_hash(type, "");
    if (type < 1 || type > 4) throw std::out_of_range("the hash type");
    if (hash_size != of_nothing.size()) throw std::out_of_range("the hash size");
    if (shift != 12 && shift != 14) throw std::out_of_range("the page size");
    if (shift == 14 && !facts.page16_allowed) problems.push_back("16 KiB pages where they must not be");
    if (hash_at > cd.size() || specials > hash_at / hash_size || slots > (cd.size() - hash_at) / hash_size)
        throw std::out_of_range("the slot table");
    if (limit > facts.signature_at) throw std::out_of_range("the code limit");
    check_string(cd, big32(cd, 20));
    if (team != 0) check_string(cd, team);
    out.cdhash = hex(plain_hash(type, cd).substr(0, 20));

    const std::uint64_t page = std::uint64_t{1} << shift;
    const std::vector<std::uint64_t> pages = pages_of_slots(cd, scatter, slots);
    if (pages.size() != slots) problems.push_back("a scatter list of fewer pages than slots");
    if (scatter == 0 && slots != (limit + page - 1) / page) problems.push_back("the number of code slots");
    const std::string_view code = facts.bytes.substr(0, limit);

    for (std::uint64_t k = specials; k >= 1; --k) {
        const std::string_view stored = cd.substr(hash_at - k * hash_size, hash_size);
        const bool absent = stored == std::string(hash_size, '\0');
        const auto number = static_cast<std::uint32_t>(k);
        if (blobs.contains(number)) {
            if (stored != plain_hash(type, blobs.at(number))) out.bad.push_back(-static_cast<std::int64_t>(k));
        } else if (k == 1 && facts.info_plist) {
            if (!absent && stored != plain_hash(type, *facts.info_plist)) out.bad.push_back(-1);
        } else if (!absent) {
            if (embedded.contains(number)) out.bad.push_back(-static_cast<std::int64_t>(k));
            else out.unchecked.push_back(-static_cast<std::int64_t>(k));
        }
    }
    for (const auto& [number, blob] : blobs)
        if (embedded.contains(number) && number > specials) problems.push_back("a blob without its special slot");
    for (std::size_t i = 0; i < pages.size(); ++i) {
        if (pages[i] * page > limit) throw std::out_of_range("a page past the code limit");
        const std::string_view stored = cd.substr(hash_at + i * hash_size, hash_size);
        const std::string computed = plain_hash(type, code.substr(pages[i] * page, page));
        const bool pre_encrypt_differs = pre_encrypt != 0 && cd.substr(pre_encrypt + i * hash_size, hash_size) != computed;
        if (stored != computed || pre_encrypt_differs) out.bad.push_back(static_cast<std::int64_t>(i));
    }
    return out;
}

bool holds(std::string_view where, const std::string& what) { return where.find(what) != std::string_view::npos; }

}  // namespace

void check_signature(const ImageFacts& facts, CheckedImage& out) {
    try {
        const Blobs blobs = read_blobs(facts.signature, out.problems);
        if (!blobs.contains(0)) out.problems.push_back("no CodeDirectory in slot 0");
        std::set<unsigned> types;
        for (const auto& [slot, blob] : blobs) {
            if (!is_directory_slot(slot)) continue;
            out.directories.push_back(check_directory(slot, blob, facts, blobs, out.problems));
            if (!types.insert(out.directories.back().hash_type).second)
                out.problems.push_back("two CodeDirectories of one hash type");
        }
        if (!blobs.contains(cms_slot) || blobs.at(cms_slot).size() <= 8 || !blobs.contains(0)) return;
        const std::string_view cms = blobs.at(cms_slot);
        out.cms = true;
        out.cms_bound = holds(cms, plain_sha1(blobs.at(0))) || holds(cms, plain_sha256(blobs.at(0))) ||
                        holds(cms, plain_sha384(blobs.at(0)));
    } catch (const std::out_of_range& e) {
        out.problems.push_back(std::string("malformed: ") + e.what());
    }
}

}  // namespace support
