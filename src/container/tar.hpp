// SPDX-License-Identifier: BSL-1.0
#pragma once
// A tape archive: v7, ustar, pax and GNU, as POSIX pax(1) and the GNU tar manual ("Basic Tar Format") lay it down. Blocks of
// 512 bytes: per entry extended headers, a header, contents padded with zeros; two blocks of zeros at the end. Entries behind
// those are read too (tar -A puts them there, tar -i reads them), and are entries in every respect: they can be refused. What
// is none is behind the archive, and one that is cut short is no error: it may be what an older and longer archive left. A run
// `behind` without bytes says so.
//
// A path or a link's target in a global header holds for all entries behind it, unless their own extended headers have another.
// Tools do not agree on it (bsdtar ignores it, a second global header takes back the first in GNU tar and adds to it in Python,
// a GNU long name is above it in Python and below it in GNU tar), so an entry has the names that any of them would give it.
#include <optional>
#include <string>
#include <vector>

#include "container/parser.hpp"
#include "container/pax.hpp"
#include "container/tar_header.hpp"

namespace reseal::container {

/// Extended headers of one entry; a writer needs a few KiB at most.
constexpr std::size_t tar_max_extension = 1u << 20;

class Tar final : public Parser {
public:
    /// Whether a stream that begins with these 512 bytes is a tape archive: by its magic beside a checksum that need not
    /// be right or, in v7, by one that is.
    static bool begins(std::string_view block);

    void feed(std::string_view chunk) override { chunk_ = chunk; }
    bool next(Run& run) override;
    void end() override;
    const std::optional<Malformed>& malformed() const override { return malformed_; }
    const std::string& path() const override { return path_; }
    std::vector<std::string_view> names() const override;
    std::vector<Target> targets() const override;
    void amend(std::string& header) const override;
    std::string_view uneditable() const override { return uneditable_; }
    std::string_view outer_target() const override { return outer_target_; }

private:
    enum class Part { block, extension, contents, padding, behind };

    /// Where extended headers say something about the next entry; offsets are of held_.
    struct Extended {
        std::optional<Target> path, link;
        std::vector<Target> link_fields;  // of the extended headers themselves: bsdtar puts the beginning of the target there
        std::optional<std::uint64_t> size;
        bool sparse = false;
        bool path_told = false, link_told = false;  // by a record, if only that the header's own holds
    };

    /// What global headers say of all entries behind them. They have gone out by then.
    struct Global {
        std::string path, link;
        bool sparse = false;
    };

    bool collect(std::size_t count);
    bool hand_out(Run& run, RunKind kind);
    bool take_block(Run& run);
    bool take_header(Run& run, const TarHeader& header);
    bool take_extension();
    bool take_record(const PaxRecord& record, std::size_t begin);
    void take_links(const TarHeader& header);
    void take_default(const PaxRecord& record);
    bool take_contents(Run& run);
    std::string_view held(const Target& at) const { return std::string_view(held_).substr(at.offset, at.size); }
    bool behind(Run& run);
    bool cut_off(Run& run);
    std::string own_path(const TarHeader& header) const;
    void fail(std::string what, std::string entry);

    std::string_view chunk_;
    std::string held_;        // extended headers and the header of one entry, until it is whole
    bool held_out_ = false;   // whether it has been handed out
    std::size_t block_ = 0;   // where in held_ the block begins that is being read
    std::size_t wanted_ = 0;  // bytes of held_ that the extended header reaches to
    char extension_ = 0;      // its type
    bool alone_ = false;      // whether held_ begins with it
    bool grows_ = false;      // whether blocks of a sparse map follow
    Extended extended_;
    Global global_;
    std::uint64_t offset_ = 0;  // bytes of the stream that were parsed
    Part part_ = Part::block;
    std::uint64_t left_ = 0;  // bytes of contents, or of padding, to come
    std::size_t padding_ = 0;
    bool first_ = false, framed_ = false;
    std::string_view uneditable_;  // why, if so
    std::uint64_t zero_blocks_ = 0;
    bool seen_end_ = false;    // two of them, one behind the other
    bool cut_behind_ = false;  // whether that has to be said
    bool symbolic_ = false;
    std::string path_;
    std::vector<std::string> more_names_;  // the other entry of a hard link; of both what some tools do not read
    std::string outer_target_;
    Target target_{};
    std::vector<Target> beginnings_;  // link fields that hold the beginning of a long target
    std::vector<Target> others_;      // and those that hold it in another form: Python writes '?' for what is not ASCII
    std::optional<Malformed> malformed_;
};

}  // namespace reseal::container
