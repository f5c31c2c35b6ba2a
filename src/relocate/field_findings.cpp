// SPDX-License-Identifier: BSL-1.0
#include "relocate/field_findings.hpp"

namespace reseal::relocate {
namespace {

std::string bytes_of(const std::string& prefix) { return std::to_string(prefix.size()) + " bytes of " + prefix; }

std::string what(const PrefixProblem& problem, const Prefixes& prefixes) {
    const PrefixPair& pair = prefixes.pairs()[problem.pair];
    std::string text;
    switch (problem.code) {
        case Code::prefix_too_long:
            text = "the new prefix is longer than the one it replaces: " + bytes_of(pair.to) + ", " + bytes_of(pair.from);
            break;
        case Code::prefix_unpaddable:
            if (prefixes.options().padding == Padding::refuse)
                text = "the new prefix is shorter, and nothing may fill its room: " + bytes_of(pair.to) + ", " +
                       bytes_of(pair.from);
            else if (prefixes.options().padding == Padding::spack)
                text = "slashes would change the last 7 bytes of a string, which is too short to cut: " + pair.from + " by " +
                       pair.to;
            else if (prefixes.options().padding == Padding::nul && pair.to.starts_with('/'))
                text = "a string in which more than " + std::to_string(FieldDecider::max_moved) + " bytes would become free";
            else text = "slashes cannot fill the room of what is no absolute path: " + pair.to;
            break;
        case Code::prefix_undecided:
            text = "no NUL within " + std::to_string(FileRelocator::max_held) +
                   " bytes behind a prefix, so in a stream its string's end cannot be waited for: " + pair.from;
            break;
        case Code::prefix_too_many: text = "more than " + std::to_string(FieldDecider::max_fields) + " prefixes"; break;
        default: break;
    }
    if (problem.count > 1) text += " (the first of " + std::to_string(problem.count) + ")";
    return text;
}

/// Counts what it is given; the first stands.
class Note {
public:
    void add(std::uint64_t offset, std::uint64_t number = 0) {
        if (count_++ > 0) return;
        offset_ = offset;
        number_ = number;
    }
    void append_to(std::vector<Finding>& findings, Code code, const std::string& name, std::string text) const {
        if (count_ == 0) return;
        if (count_ > 1) text += " (the first of " + std::to_string(count_) + ")";
        findings.push_back({Severity::note, name, offset_, code, std::move(text)});
    }
    std::uint64_t number() const { return number_; }

private:
    std::uint64_t count_ = 0, offset_ = 0, number_ = 0;
};

}  // namespace

std::vector<Finding> field_findings(const FieldDecider& decider, const Prefixes& prefixes, const std::string& name) {
    std::vector<Finding> findings;
    for (const PrefixProblem& each : decider.problems())
        findings.push_back({Severity::error, name, each.offset, each.code, what(each, prefixes)});

    Note odd, slashes, sockets;
    for (const PrefixField& field : decider.fields()) {
        if (field.fill == Fill::none || field.fill == Fill::left) continue;
        if (!field.c_string && !field.command) odd.add(field.offset);
        if (two_slashes(replacement_of(prefixes.index(), field), field.fill)) slashes.add(field.offset);
    }
    for (const StringEnds::SocketPath& each : decider.sockets()) {
        const PrefixField& field = decider.fields()[each.field];
        const PrefixPair& pair = prefixes.pairs()[field.pair];
        std::uint64_t length = each.length;
        if (field.fill == Fill::end || field.fill == Fill::cut) length -= pair.from.size() - pair.to.size();
        if (field.fill != Fill::left && length > StringEnds::max_socket_path) sockets.add(field.offset, length);
    }
    odd.append_to(findings, Code::prefix_not_c_string, name,
                  prefixes.options().padding == Padding::nul
                      ? "a prefix in what does not look like a C string: what follows it moved, and may be read by its length"
                      : "a prefix in what does not look like a C string");
    slashes.append_to(findings, Code::prefix_leading_slashes, name, "a path begins with exactly two slashes now");
    sockets.append_to(findings, Code::socket_path_too_long, name,
                      "the path of a socket has " + std::to_string(sockets.number()) + " bytes; systems take " +
                          std::to_string(StringEnds::max_socket_path));
    return findings;
}

}  // namespace reseal::relocate
