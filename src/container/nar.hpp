// SPDX-License-Identifier: BSL-1.0
#pragma once
// A Nix archive, read as strictly as Nix 2.35 does:
//
//     nar    = str("nix-archive-1") object
//     object = str("(") str("type") ( str("regular") [str("executable") str("")] str("contents") str(bytes)
//                                   | str("symlink") str("target") str(bytes)
//                                   | str("directory") { str("entry") str("(") str("name") str(bytes) str("node") object
//                                   str(")") } ) str(")")
//     str(s) = 64-bit little-endian length, the bytes, zeros up to a multiple of 8
//
// Names in a directory ascend byte by byte. What follows the root is no part of the archive.
#include <string>
#include <vector>

#include "container/parser.hpp"

namespace reseal::container {

// Nix's own limits (since 2.35); contents have none.
constexpr std::size_t nar_max_tag = 32, nar_max_name = 255, nar_max_target = 4095, nar_max_depth = 64;

class Nar final : public Parser {
public:
    /// Bytes that every Nix archive begins with.
    static constexpr std::string_view magic{"\x0d\0\0\0\0\0\0\0nix-archive-1\0\0\0", 24};

    void feed(std::string_view chunk) override;
    bool next(Run& run) override;
    void end() override;
    const std::optional<Malformed>& malformed() const override { return malformed_; }
    const std::string& path() const override { return path_; }
    std::vector<std::string_view> names() const override;
    std::vector<Target> targets() const override;
    void amend(std::string&) const override {}  // nothing depends on a name or a target

    /// Of the entry that the last contents run belongs to.
    bool executable() const { return executable_; }
    /// Whether the entry that the last header run named, before the first one the root, has turned out to be a folder.
    bool folder() const { return folder_; }
    /// Folders that the parser is in, after the last run.
    std::size_t depth() const { return open_.size(); }

private:
    // What the grammar asks for next; most are one string.
    enum class Expect {
        magic,
        open,
        type_tag,
        type,
        executable_or_contents,
        executable_value,
        contents_tag,
        contents_length,
        contents,
        contents_padding,
        target_tag,
        target,
        close,
        entry_or_close,
        entry_open,
        name_tag,
        name,
        node_tag,
        entry_close,
        nothing,
    };

    // How far a step came: a run to hand out, on to the next step, or no further without more input.
    enum class Came { run, on, stuck };

    Came step(Run& run);
    Came contents(Run& run);
    Came header(Run& run);
    bool raw(std::size_t count, std::string_view& bytes);
    bool string(std::size_t maximum, std::string_view& body);
    Came accept(std::size_t count, Run& run);
    Came stuck(Run& run);
    void read_tag(std::string_view tag);
    void read_length(std::string_view bytes);
    bool check_name(std::string_view name);
    bool check_target(std::string_view target);
    void leave_entry();
    void object_done();
    void fail(std::string what);

    std::string_view chunk_;    // what is left of it
    std::string_view framing_;  // parsed bytes right in front of it that have not been handed out
    std::string pending_;       // a string that began in an earlier chunk
    bool pending_out_ = false;  // whether it has been handed out
    std::uint64_t offset_ = 0;  // bytes of the stream that were parsed
    Expect expect_ = Expect::magic;
    std::uint64_t left_ = 0;   // bytes of contents to come
    std::size_t padding_ = 0;  // and of zeros behind them
    bool first_ = false, executable_ = false, folder_ = false;
    struct Directory {
        std::size_t path_size;
        std::string last_name;
    };
    std::vector<Directory> open_;  // directories that the parser is in
    std::string path_ = ".";
    std::string_view field_;  // name or target in the last header run
    bool field_is_target_ = false;
    std::optional<Malformed> malformed_;
};

}  // namespace reseal::container
