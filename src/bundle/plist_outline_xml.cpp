// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "bundle/plist.hpp"
#include "bundle/plist_outline.hpp"

namespace reseal::bundle {
namespace {

constexpr std::string_view space = " \t\r\n";

bool is_leaf(std::string_view name) {
    constexpr std::string_view leaves[] = {"key", "string", "integer", "real", "data", "date", "true", "false"};
    return std::find(std::begin(leaves), std::end(leaves), name) != std::end(leaves);
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(space);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// As property lists are written: no octal or hexadecimal, which readers take differently.
bool is_integer(std::string_view text) {
    text = trimmed(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return false;
    if (text.front() == '-') text.remove_prefix(1);
    return text == "0" || text.front() != '0';
}

class XmlOutliner {
public:
    explicit XmlOutliner(std::string_view bytes) : bytes_(bytes) {}

    OutlinedPlist run() {
        if (const std::size_t nul = bytes_.find('\0'); nul != bytes_.npos) fail_at(nul, "a NUL in XML");
        for (;;) {
            const std::size_t begin = at_;
            at_ = std::min(bytes_.find('<', at_), bytes_.size());
            if (!fault_ && !in_leaf() && !trimmed(bytes_.substr(begin, at_ - begin)).empty())
                fail_at(begin, "text outside of a value");
            if (fault_) return *fault_;
            if (at_ == bytes_.size()) break;
            markup();
        }
        if (!open_.empty()) fail(std::string(open_.back().name) + " is never closed");
        else if (!ended_) fail("no <plist>");
        if (fault_) return *fault_;
        return outline_;
    }

private:
    struct Open {
        std::string_view name;
        std::size_t contents;    // where they begin
        std::size_t inside = 0;  // elements
    };

    void fail_at(std::uint64_t offset, std::string what) {
        if (!fault_) fault_ = PlistFault{offset, std::move(what)};
    }
    void fail(std::string what) { fail_at(at_, std::move(what)); }

    bool in_leaf() const { return !open_.empty() && is_leaf(open_.back().name); }
    std::string_view rest() const { return bytes_.substr(at_); }

    /// Past the next `end` behind the first `skipped` bytes.
    void past(std::string_view end, std::size_t skipped) {
        const std::size_t found = bytes_.find(end, at_ + skipped);
        if (found == bytes_.npos) return fail("markup that never ends");
        at_ = found + end.size();
    }

    void markup() {
        if (rest().starts_with("<!--")) return past("-->", 4);
        if (rest().starts_with("<![CDATA[") && in_leaf()) return past("]]>", 9);
        if (rest().starts_with("</")) return close();
        if (in_leaf()) return fail("an element within <" + std::string(open_.back().name) + ">");
        if (rest().starts_with("<?")) return past("?>", 2);
        if (rest().starts_with("<!DOCTYPE")) return doctype();
        open();
    }

    /// One that defines entities could grow without end.
    void doctype() {
        const std::size_t end = bytes_.find('>', at_);
        if (end == bytes_.npos || bytes_.substr(at_, end - at_).find('[') != bytes_.npos || started_)
            return fail("a document type that defines something");
        at_ = end + 1;
    }

    void open() {
        const std::size_t end = bytes_.find('>', at_);
        if (end == bytes_.npos) return fail("an element that never ends");
        std::string_view tag = bytes_.substr(at_ + 1, end - at_ - 1);
        const bool empty = tag.ends_with('/');
        if (empty) tag.remove_suffix(1);
        const std::string_view name = tag.substr(0, tag.find_first_of(space));
        if (name != "plist" && tag.find_first_of("\"'<") != tag.npos) return fail("an element with attributes");
        element(name);
        at_ = end + 1;
        if (fault_ || empty) {
            if (name == "plist") fail("an empty <plist>");
            if (name == "integer") fail("an empty <integer>");
            return;
        }
        if (open_.size() > max_plist_depth)
            return fail("values within values more than " + std::to_string(max_plist_depth) + " deep");
        open_.push_back({name, at_});
    }

    /// Whether an element of this name may begin here.
    void element(std::string_view name) {
        if (name == "plist") {
            if (started_) fail("a second <plist>");
            started_ = true;
            return;
        }
        if (open_.empty()) return fail("an element outside of <plist>");
        if (!is_leaf(name) && name != "dict" && name != "array") return fail("an element that property lists do not have");
        Open& parent = open_.back();
        const bool wants_key = parent.name == "dict" && parent.inside % 2 == 0;
        if ((name == "key") != wants_key) return fail("keys and values do not take turns");
        if (parent.name == "plist" && parent.inside == 1) return fail("a second value");
        ++parent.inside;
        if (wants_key && parent.inside / 2 >= max_plist_keys)
            return fail("a dictionary of more than " + std::to_string(max_plist_keys) + " keys");
        ++(name == "key" ? outline_.keys : outline_.values);
        if (outline_.values > max_plist_values) fail("more than " + std::to_string(max_plist_values) + " values");
    }

    void close() {
        const std::size_t end = bytes_.find('>', at_);
        if (end == bytes_.npos || open_.empty() || trimmed(bytes_.substr(at_ + 2, end - at_ - 2)) != open_.back().name)
            return fail("what is closed is not what was opened last");
        const Open closed = open_.back();
        if (closed.name == "dict" && closed.inside % 2 != 0) return fail("a key without a value");
        if (closed.name == "plist" && closed.inside == 0) return fail("an empty <plist>");
        if (closed.name == "integer" && !is_integer(bytes_.substr(closed.contents, at_ - closed.contents)))
            return fail_at(closed.contents, "an integer that is none of 64 bits");
        open_.pop_back();
        ended_ = open_.empty();
        at_ = end + 1;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    bool started_ = false, ended_ = false;
    std::vector<Open> open_;
    PlistOutline outline_;
    std::optional<PlistFault> fault_;
};

}  // namespace

OutlinedPlist outline_xml(std::string_view bytes) { return XmlOutliner(bytes).run(); }

}  // namespace reseal::bundle
