// SPDX-License-Identifier: BSL-1.0
// The binary form (CoreFoundation's CFBinaryPList.c): objects, a table of their offsets, a trailer of 32 bytes. Objects refer
// to each other by number, so a few bytes can mean a tree without end.
#include <optional>

#include "bundle/plist.hpp"
#include "bundle/plist_outline.hpp"
#include "bytes/reader.hpp"

namespace reseal::bundle {
namespace {

constexpr std::size_t trailer_size = 32;

class BinaryOutliner {
public:
    explicit BinaryOutliner(std::string_view bytes) : bytes_(bytes) {}

    OutlinedPlist run() {
        if (bytes_.size() < binary_plist_magic.size() + trailer_size) return PlistFault{bytes_.size(), "too short"};
        const std::size_t trailer = bytes_.size() - trailer_size;
        bytes::Reader reader(bytes_, bytes::Order::big);
        reader.seek(trailer + 6);
        offset_size_ = reader.u8();
        reference_size_ = reader.u8();
        objects_ = reader.u64();
        const std::uint64_t top = reader.u64();
        table_ = reader.u64();
        const bool sizes = offset_size_ >= 1 && offset_size_ <= 8 && reference_size_ >= 1 && reference_size_ <= 8;
        if (!sizes || table_ > trailer || objects_ > (trailer - table_) / offset_size_ || top >= objects_)
            return PlistFault{trailer, "a trailer that does not fit the file"};
        value(top, trailer, 0);
        if (fault_) return *fault_;
        return outline_;
    }

private:
    void fail(std::uint64_t offset, std::string what) {
        if (!fault_) fault_ = PlistFault{offset, std::move(what)};
    }

    static std::uint64_t number(bytes::Reader& reader, std::uint64_t size) {
        std::uint64_t value = 0;
        for (std::uint64_t i = 0; i < size; ++i) value = value << 8 | reader.u8();
        return value;
    }

    /// At the object's first byte; nothing where it lies outside of the objects.
    std::optional<bytes::Reader> object(std::uint64_t index, std::uint64_t from) {
        if (index >= objects_) {
            fail(from, "a reference to an object that is not there");
            return {};
        }
        bytes::Reader table(bytes_, bytes::Order::big);
        table.seek(table_ + index * offset_size_);
        const std::uint64_t offset = number(table, offset_size_);
        if (offset < binary_plist_magic.size() || offset >= table_) {
            fail(table_ + index * offset_size_, "an object that lies outside of the objects");
            return {};
        }
        bytes::Reader reader(bytes_.substr(0, static_cast<std::size_t>(table_)), bytes::Order::big);
        reader.seek(offset);
        return reader;
    }

    /// How many of what follows the object's first byte; the largest number there is where that does not fit.
    static std::uint64_t count(bytes::Reader& reader, unsigned low) {
        if (low != 15) return low;
        const unsigned kind = reader.u8();
        if (kind >> 4 != 1 || (kind & 15) > 3) return ~std::uint64_t{0};
        return number(reader, std::uint64_t{1} << (kind & 15));
    }

    void leaf(bytes::Reader& reader, std::uint64_t offset, std::uint64_t items, std::uint64_t size, bool text) {
        if (items > reader.left() / size) return fail(offset, "a value that runs past the objects");
        const std::string_view contents = reader.take(items * size);
        if (text && has_nul(contents, size)) return fail(offset, "a string with a NUL");
        constexpr std::uint64_t widest = 4;  // bytes that one character may become
        if (contents.size() > (max_plist_bytes - expanded_) / widest)
            return fail(offset, "more text and data than is looked at");
        expanded_ += contents.size() * widest;
    }

    static bool has_nul(std::string_view text, std::uint64_t size) {
        for (std::size_t i = 0; i < text.size(); i += size)
            if (text[i] == 0 && text[i + size - 1] == 0) return true;
        return false;
    }

    void key(std::uint64_t index, std::uint64_t from) {
        std::optional<bytes::Reader> reader = object(index, from);
        if (!reader) return;
        const std::uint64_t offset = reader->offset();
        const unsigned first = reader->u8(), kind = first >> 4;
        if (kind != 5 && kind != 6) return fail(offset, "a key that is no string");
        const std::uint64_t items = count(*reader, first & 15);
        ++outline_.keys;
        leaf(*reader, offset, items, kind == 5 ? 1 : 2, true);
    }

    void value(std::uint64_t index, std::uint64_t from, std::size_t depth) {
        std::optional<bytes::Reader> reader = object(index, from);
        if (!reader) return;
        const std::uint64_t offset = reader->offset();
        if (depth >= max_plist_depth)
            return fail(offset, "values within values more than " + std::to_string(max_plist_depth) + " deep");
        if (++outline_.values > max_plist_values)
            return fail(offset, "more than " + std::to_string(max_plist_values) + " values");
        const unsigned first = reader->u8(), kind = first >> 4, low = first & 15;
        switch (kind) {
            case 0x0:
                if (low != 8 && low != 9) fail(offset, "a value that is neither true nor false");
                return;
            case 0x1:
                if (low > 3) return fail(offset, "an integer that is none of 64 bits");
                return leaf(*reader, offset, std::uint64_t{1} << low, 1, false);
            case 0x2:
                if (low != 2 && low != 3) return fail(offset, "a real number of an odd size");
                return leaf(*reader, offset, std::uint64_t{1} << low, 1, false);
            case 0x3:
                if (low != 3) return fail(offset, "a date of an odd size");
                return leaf(*reader, offset, 8, 1, false);
            case 0x4: return leaf(*reader, offset, count(*reader, low), 1, false);
            case 0x5: return leaf(*reader, offset, count(*reader, low), 1, true);
            case 0x6: return leaf(*reader, offset, count(*reader, low), 2, true);
            case 0xa:
            case 0xd: return collection(*reader, offset, low, kind == 0xd, depth);
            default: return fail(offset, "a kind of value that property lists in XML do not have");
        }
    }

    void collection(bytes::Reader& reader, std::uint64_t offset, unsigned low, bool dict, std::size_t depth) {
        const std::uint64_t items = count(reader, low);
        const std::uint64_t each = dict ? 2 * reference_size_ : reference_size_;
        if (items > reader.left() / each) return fail(offset, "a list that runs past the objects");
        if (dict && items > max_plist_keys)
            return fail(offset, "a dictionary of more than " + std::to_string(max_plist_keys) + " keys");
        if (dict)
            for (std::uint64_t i = 0; i < items && !fault_; ++i) key(number(reader, reference_size_), offset);
        for (std::uint64_t i = 0; i < items && !fault_; ++i) value(number(reader, reference_size_), offset, depth + 1);
    }

    std::string_view bytes_;
    std::uint64_t offset_size_ = 0, reference_size_ = 0, objects_ = 0, table_ = 0, expanded_ = 0;
    PlistOutline outline_;
    std::optional<PlistFault> fault_;
};

}  // namespace

OutlinedPlist outline_binary(std::string_view bytes) { return BinaryOutliner(bytes).run(); }

}  // namespace reseal::bundle
