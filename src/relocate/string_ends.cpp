// SPDX-License-Identifier: BSL-1.0
#include "relocate/string_ends.hpp"

#include <algorithm>

#include "relocate/encoding.hpp"

namespace reseal::relocate {
namespace {

constexpr std::size_t narrow = 0;
constexpr std::size_t path_end_kept = 8;

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

bool ends_path(char c) {
    return static_cast<unsigned char>(c) <= ' ' || std::string_view(":;\"'`").find(c) != std::string_view::npos;
}

}  // namespace

bool StringEnds::any_open() const {
    return std::any_of(open_.begin(), open_.end(), [](const auto& each) { return !each.empty(); });
}

void StringEnds::read(std::string_view bytes) {
    if (in_path_) read_path(bytes);
    if (!open_[narrow].empty()) look_for_controls(bytes);
    std::size_t at = 0;
    while (any_open() && at < bytes.size()) {
        const std::size_t nul = bytes.find('\0', at);
        if (nul != at) nuls_ = 0;
        if (nul == std::string_view::npos) break;
        ++nuls_;
        close(position_ + nul);
        at = nul + 1;
    }
    position_ += bytes.size();
}

void StringEnds::skip(std::uint64_t count) {
    in_path_ = false;
    position_ += count;
}

/// Of one width those that were opened first close first: what ends a later one's string ends theirs.
void StringEnds::close(std::uint64_t nul) {
    for (std::size_t i = 0; i < open_.size(); ++i) {
        const std::uint64_t width = std::uint64_t{1} << i;
        while (!open_[i].empty()) {
            const std::uint64_t begin = std::max(nul + 1 - nuls_, open_[i].front().behind);
            if (nul < begin || nul + 1 - begin < width) break;
            // The zeros may begin within a prefix: those of its last character. Then that one ends the string.
            std::uint64_t end = begin;
            for (const Open& each : open_[i])
                if (fields_[each.field].offset < begin) end = std::max(end, each.behind);
            while (!open_[i].empty() && fields_[open_[i].front().field].offset < begin) {
                const Open& first = open_[i].front();
                PrefixField& field = fields_[first.field];
                field.terminated = true;
                field.end = end;
                field.c_string = end - first.behind <= nearby && (i != narrow || last_control_ <= first.behind);
                open_[i].pop_front();
            }
        }
    }
}

void StringEnds::add(std::size_t size) {
    if (in_path_) in_path_ = false;
    PrefixField& field = fields_.back();
    field.end = open;
    if (!any_open()) nuls_ = 0;
    const std::size_t unit = width(field.encoding);
    open_[unit / 2].push_back({fields_.size() - 1, position_});
    if (unit > 1) return;
    in_path_ = true;
    path_length_ = size;
    path_end_.clear();
}

void StringEnds::end() {
    if (in_path_) finish_path();
    for (auto& each : open_) {
        for (const Open& left : each) {
            fields_[left.field].end = position_;
            fields_[left.field].c_string = false;
        }
        each.clear();
    }
}

std::size_t StringEnds::known() const {
    std::size_t first = fields_.size();
    for (const auto& each : open_)
        if (!each.empty()) first = std::min(first, each.front().field);
    return first;
}

std::uint64_t StringEnds::undecided() const {
    return open_[1].empty() && open_[2].empty() ? 0 : std::min<std::uint64_t>(nuls_, 3);
}

void StringEnds::look_for_controls(std::string_view bytes) {
    const std::uint64_t limit = open_[narrow].back().behind + nearby;
    if (position_ >= limit) return;
    bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(limit - position_, bytes.size())));
    for (std::size_t i = 0; i < bytes.size() && bytes[i] != '\0'; ++i)
        if (is_control(bytes[i])) last_control_ = position_ + i + 1;
}

void StringEnds::read_path(std::string_view bytes) {
    const auto end = std::find_if(bytes.begin(), bytes.end(), ends_path);
    const std::string_view more = bytes.substr(0, static_cast<std::size_t>(end - bytes.begin()));
    path_length_ += more.size();
    path_end_.append(more.substr(more.size() - std::min(more.size(), path_end_kept)));
    path_end_.erase(0, path_end_.size() - std::min(path_end_.size(), path_end_kept));
    if (end != bytes.end()) finish_path();
}

void StringEnds::finish_path() {
    in_path_ = false;
    if (path_length_ <= max_socket_path) return;
    if (path_end_.ends_with(".sock") || path_end_.ends_with(".socket")) sockets_.push_back({fields_.size() - 1, path_length_});
}

}  // namespace reseal::relocate
