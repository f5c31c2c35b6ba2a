// SPDX-License-Identifier: BSL-1.0
#include "macho/der_entitlements.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "bytes/reader.hpp"
#include "macho/constants.hpp"
#include "macho/hex.hpp"

namespace reseal::macho {
namespace {

enum Tag : std::uint8_t {
    der_boolean = 0x01,
    der_integer = 0x02,
    der_string = 0x0c,
    der_sequence = 0x30,
    der_set = 0x31,
    der_whole = 0x70,
    der_dictionary = 0xb0,
};

class DerEntitlements {
public:
    DerEntitlements(std::string_view blob, std::string what)
        : blob_(blob), what_(std::move(what)), reader_(blob, bytes::Order::big) {}

    Parsed<plist::Dict> run() {
        reader_.skip(8);
        plist::Dict dict;
        const Element outer = element();
        if (outer.tag == der_set) {
            dict = dictionary(outer, 0);
        } else if (expect(outer, der_whole)) {
            const Element version = element();
            if (expect(version, der_integer))
                if (const std::int64_t number = integer(version); number != 1) fail("version " + std::to_string(number));
            const Element inner = element();
            if (expect(inner, der_dictionary)) dict = dictionary(inner, 0);
            if (!defect_ && reader_.offset() != outer.end) fail("bytes behind the dictionary");
        }
        if (!defect_ && reader_.left() != 0) fail("bytes behind the entitlements");
        if (defect_) return *defect_;
        return dict;
    }

private:
    struct Element {
        std::uint8_t tag = 0;
        std::size_t begin = 0, end = 0;  // of its contents
    };

    void fail(const std::string& what) {
        if (!defect_) defect_ = Defect{Code::blob_malformed, reader_.offset(), what_ + ": " + what};
    }

    bool expect(const Element& element, Tag tag) {
        if (!defect_ && element.tag != tag) fail("tag " + hex(element.tag) + " where " + hex(tag) + " belongs");
        return !defect_;
    }

    Element element() {
        if (defect_) return {};
        Element found;
        found.tag = reader_.u8();
        std::uint64_t length = reader_.u8();
        if (length > 0x80 && length <= 0x84) {
            const std::uint64_t bytes = length - 0x80;
            length = 0;
            for (std::uint64_t i = 0; i < bytes; ++i) length = length << 8 | reader_.u8();
            if (reader_.ok() && (length < 0x80 || length >> 8 * (bytes - 1) == 0))
                fail("a length that is longer than it need be");
        } else if (length >= 0x80) {
            fail("a length of an odd form");
        }
        if (!reader_.ok() || length > reader_.left()) fail("an element that runs past the blob");
        found.begin = reader_.offset();
        found.end = defect_ ? found.begin : found.begin + static_cast<std::size_t>(length);
        return found;
    }

    std::string_view contents(const Element& element) {
        if (defect_) return {};
        reader_.seek(element.end);
        return blob_.substr(element.begin, element.end - element.begin);
    }

    std::int64_t integer(const Element& element) {
        const std::string_view digits = contents(element);
        if (digits.empty() || digits.size() > 8) {
            fail("an integer of " + std::to_string(digits.size()) + " bytes");
            return 0;
        }
        std::uint64_t value = (digits.front() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
        for (char digit : digits) value = value << 8 | static_cast<std::uint8_t>(digit);
        return static_cast<std::int64_t>(value);
    }

    std::string string(const Element& element) {
        const std::string_view text = contents(element);
        if (text.find('\0') != text.npos) fail("a string with a NUL");
        return std::string(text);
    }

    bool boolean(const Element& element) {
        const std::string_view flag = contents(element);
        if (flag.size() != 1) fail("a truth of " + std::to_string(flag.size()) + " bytes");
        return flag != std::string_view("\0", 1);
    }

    plist::Dict dictionary(const Element& whole, std::size_t depth) {
        plist::Dict dict;
        std::vector<std::string_view> keys;
        while (!defect_ && reader_.offset() < whole.end) {
            const Element pair = element();
            if (!expect(pair, der_sequence)) break;
            const Element name = element();
            if (!expect(name, der_string)) break;
            keys.push_back(blob_.substr(name.begin, name.end - name.begin));
            std::string key = string(name);
            plist::Value item = value(depth);
            if (!defect_ && reader_.offset() != pair.end) fail("a pair of other than two");
            dict.entries.push_back({std::move(key), std::move(item)});
        }
        if (!defect_ && reader_.offset() != whole.end) fail("a value that runs past its dictionary");
        std::sort(keys.begin(), keys.end());
        if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) fail("a key that is there twice");
        return dict;
    }

    plist::Array array(const Element& whole, std::size_t depth) {
        plist::Array values;
        while (!defect_ && reader_.offset() < whole.end) values.push_back(value(depth));
        if (!defect_ && reader_.offset() != whole.end) fail("a value that runs past its array");
        return values;
    }

    plist::Value value(std::size_t depth) {
        const Element found = element();
        if (!defect_ && depth + 1 >= max_der_entitlements_depth) fail("values within values without end");
        if (!defect_ && ++values_ > max_der_entitlements_values) fail("too many values");
        if (defect_) return {};
        switch (found.tag) {
            case der_boolean: return {boolean(found)};
            case der_integer: return {integer(found)};
            case der_string: return {string(found)};
            case der_sequence: return {array(found, depth + 1)};
            case der_dictionary:
            case der_set: return {dictionary(found, depth + 1)};
            default: fail("a value of tag " + hex(found.tag)); return {};
        }
    }

    std::string_view blob_;
    std::string what_;
    bytes::Reader reader_;
    std::size_t values_ = 0;
    std::optional<Defect> defect_;
};

Parsed<plist::Dict> parse_der_blob(std::string_view blob, std::uint32_t wanted, const std::string& what) {
    bytes::Reader reader(blob, bytes::Order::big);
    const std::uint32_t magic = reader.u32(), length = reader.u32();
    if (!reader.ok() || magic != wanted) return Defect{Code::blob_malformed, 0, "no " + what + " but magic " + hex(magic)};
    if (length < 8 || length > blob.size() || length > max_der_entitlements_size)
        return Defect{Code::blob_malformed, 4, what + " of " + std::to_string(length) + " bytes"};
    return DerEntitlements(blob.substr(0, length), what).run();
}

}  // namespace

Parsed<plist::Dict> parse_der_entitlements(std::string_view blob) {
    return parse_der_blob(blob, magic_der_entitlements, "DER entitlements");
}
Parsed<plist::Dict> parse_der_constraint(std::string_view blob) { return parse_der_blob(blob, magic_constraint, "constraint"); }

}  // namespace reseal::macho
