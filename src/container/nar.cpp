// SPDX-License-Identifier: BSL-1.0
#include "container/nar.hpp"

#include <algorithm>
#include <utility>

#include "bytes/reader.hpp"
#include "bytes/zeros.hpp"

namespace reseal::container {
namespace {

constexpr std::size_t word = 8;

std::uint64_t length_at(std::string_view bytes) { return bytes::Reader(bytes, bytes::Order::little).u64(); }
std::size_t padding_of(std::uint64_t length) { return static_cast<std::size_t>(-length % word); }

/// A tag or name for a message; the bytes are anybody's. A NUL would end what().
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (char each : text) each == '\0' ? out += "\\x00" : out += each;
    return out += "'";
}

}  // namespace

void Nar::feed(std::string_view chunk) {
    chunk_ = chunk;
    framing_ = chunk.substr(0, 0);
}

bool Nar::next(Run& run) {
    if (std::exchange(pending_out_, false)) pending_.clear();
    for (;;) {
        if (malformed_) return stuck(run) == Came::run;
        Came came = step(run);
        if (came != Came::on) return came == Came::run;
    }
}

void Nar::end() {
    if (!malformed_ && expect_ != Expect::nothing) {
        offset_ += pending_.size();
        fail("the archive ends too early");
    }
    pending_.clear();
}

Nar::Came Nar::step(Run& run) {
    std::string_view body;
    switch (expect_) {
        case Expect::nothing:
            if (!framing_.empty() || chunk_.empty()) return stuck(run);
            run = {RunKind::behind, std::exchange(chunk_, {})};
            offset_ += run.bytes.size();
            return Came::run;
        case Expect::contents: return contents(run);
        case Expect::name:
        case Expect::target: return header(run);
        case Expect::contents_length:
            if (!raw(word, body)) return stuck(run);
            read_length(body);
            return accept(word, run);
        case Expect::contents_padding:
            if (!raw(padding_, body)) return stuck(run);
            if (!bytes::zeros(body)) return fail("non-zero padding"), Came::on;
            expect_ = Expect::close;
            return accept(padding_, run);
        default:
            if (!string(nar_max_tag, body)) return malformed_ ? Came::on : stuck(run);
            read_tag(body);
            if (malformed_) return Came::on;
            return accept(word + body.size() + padding_of(body.size()), run);
    }
}

Nar::Came Nar::contents(Run& run) {
    if (!framing_.empty() || (chunk_.empty() && left_ > 0)) return stuck(run);
    std::string_view bytes = chunk_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, chunk_.size())));
    chunk_.remove_prefix(bytes.size());
    framing_ = chunk_.substr(0, 0);
    left_ -= bytes.size();
    offset_ += bytes.size();
    run = {RunKind::contents, bytes, std::exchange(first_, false), left_ == 0};
    if (left_ == 0) expect_ = padding_ > 0 ? Expect::contents_padding : Expect::close;
    return Came::run;
}

/// A string that may be looked into or edited is handed out by itself, whole, with its length and padding.
Nar::Came Nar::header(Run& run) {
    std::string_view body;
    bool target = expect_ == Expect::target;
    if (!string(target ? nar_max_target : nar_max_name, body)) return malformed_ ? Came::on : stuck(run);
    if (!framing_.empty()) return stuck(run);
    if (!(target ? check_target(body) : check_name(body))) return Came::on;
    if (!target) folder_ = false;
    expect_ = target ? Expect::close : Expect::node_tag;
    field_ = body;
    field_is_target_ = target;
    // In the chunk it would join the framing: here that is nothing but this string.
    if (accept(word + body.size() + padding_of(body.size()), run) == Came::on) stuck(run);
    run.kind = RunKind::header;
    return Came::run;
}

/// The next `count` bytes in one piece, not yet accepted; false when they have not all come.
bool Nar::raw(std::size_t count, std::string_view& bytes) {
    if (pending_.empty() && chunk_.size() >= count) {
        bytes = chunk_.substr(0, count);
        return true;
    }
    if (!framing_.empty()) return false;  // goes out first
    std::size_t more = std::min(count > pending_.size() ? count - pending_.size() : 0, chunk_.size());
    pending_.append(chunk_.substr(0, more));
    chunk_.remove_prefix(more);
    framing_ = chunk_.substr(0, 0);
    bytes = pending_;
    return pending_.size() >= count;
}

bool Nar::string(std::size_t maximum, std::string_view& body) {
    std::string_view bytes;
    if (!raw(word, bytes)) return false;
    std::uint64_t length = length_at(bytes);
    if (length > maximum) {
        fail("a string of " + std::to_string(length) + " bytes where " + std::to_string(maximum) + " are allowed");
        return false;
    }
    std::size_t size = static_cast<std::size_t>(length);
    if (!raw(word + size + padding_of(size), bytes)) return false;
    body = bytes.substr(word, size);
    if (bytes::zeros(bytes.substr(word + size))) return true;
    fail("non-zero padding");
    return false;
}

/// The bytes of the last raw() are parsed: in the chunk they join the framing, in pending_ they are a run.
Nar::Came Nar::accept(std::size_t count, Run& run) {
    offset_ += count;
    if (pending_.empty()) {
        framing_ = {framing_.data(), framing_.size() + count};
        chunk_.remove_prefix(count);
        return Came::on;
    }
    run = {RunKind::framing, pending_};
    pending_out_ = true;
    return Came::run;
}

/// No further: what is parsed goes out, then more input is needed.
Nar::Came Nar::stuck(Run& run) {
    if (framing_.empty()) return Came::stuck;
    run = {RunKind::framing, framing_};
    framing_ = chunk_.substr(0, 0);
    return Came::run;
}

void Nar::read_tag(std::string_view tag) {
    auto want = [&](std::string_view wanted, Expect next) {
        if (tag == wanted) expect_ = next;
        else fail("expected tag " + quoted(wanted) + ", got " + quoted(tag));
    };
    switch (expect_) {
        case Expect::magic: return want("nix-archive-1", Expect::open);
        case Expect::open:
            if (open_.size() >= nar_max_depth) return fail("deeper than " + std::to_string(nar_max_depth) + " levels");
            return want("(", Expect::type_tag);
        case Expect::type_tag: return want("type", Expect::type);
        case Expect::type:
            executable_ = false;
            if (tag == "regular") expect_ = Expect::executable_or_contents;
            else if (tag == "symlink") expect_ = Expect::target_tag;
            else if (tag == "directory") {
                folder_ = true;
                open_.push_back({open_.empty() ? 0 : path_.size(), {}});
                expect_ = Expect::entry_or_close;
            } else fail("unknown type " + quoted(tag));
            return;
        case Expect::executable_or_contents:
            if (tag == "executable") expect_ = Expect::executable_value;
            else want("contents", Expect::contents_length);
            return;
        case Expect::executable_value:
            executable_ = true;
            return tag.empty() ? want("", Expect::contents_tag) : fail("the executable marker has a value");
        case Expect::contents_tag: return want("contents", Expect::contents_length);
        case Expect::target_tag: return want("target", Expect::target);
        case Expect::close: want(")", Expect::nothing); return malformed_ ? void() : object_done();
        case Expect::entry_or_close:
            if (tag == "entry") {
                expect_ = Expect::entry_open;
                return;
            }
            want(")", Expect::nothing);
            if (malformed_) return;
            leave_entry();
            open_.pop_back();
            return object_done();
        case Expect::entry_open: return want("(", Expect::name_tag);
        case Expect::name_tag: return want("name", Expect::name);
        case Expect::node_tag: return want("node", Expect::open);
        case Expect::entry_close: return want(")", Expect::entry_or_close);
        case Expect::name:
        case Expect::target:
        case Expect::contents_length:
        case Expect::contents:
        case Expect::contents_padding:
        case Expect::nothing: return;  // no tags
    }
}

std::vector<std::string_view> Nar::names() const {
    if (field_is_target_) return {};
    return {field_};
}

std::vector<Target> Nar::targets() const {
    if (!field_is_target_) return {};
    return {{word, field_.size()}};
}

void Nar::object_done() { expect_ = open_.empty() ? Expect::nothing : Expect::entry_close; }

void Nar::read_length(std::string_view bytes) {
    left_ = length_at(bytes);
    padding_ = padding_of(left_);
    first_ = true;
    expect_ = Expect::contents;
}

/// Back to the path of the innermost folder.
void Nar::leave_entry() {
    path_.resize(open_.back().path_size);
    if (path_.empty()) path_.assign(1, '.');
}

bool Nar::check_name(std::string_view name) {
    Directory& directory = open_.back();
    leave_entry();
    if (name.empty() || name == "." || name == ".." || name.find('/') != name.npos || name.find('\0') != name.npos)
        return fail("invalid file name " + quoted(name)), false;
    if (directory.path_size == 0) path_.clear();
    else path_ += '/';
    path_ += name;
    if (name <= directory.last_name)
        return fail("names are not in order: " + quoted(name) + " behind " + quoted(directory.last_name)), false;
    directory.last_name = name;
    return true;
}

bool Nar::check_target(std::string_view target) {
    if (target.empty()) return fail("a symbolic link without a target"), false;
    if (target.find('\0') != target.npos) return fail("a NUL in a symbolic link's target"), false;
    return true;
}

void Nar::fail(std::string what) { malformed_ = Malformed{std::move(what), path_, offset_}; }

}  // namespace reseal::container
