// SPDX-License-Identifier: BSL-1.0
#pragma once
// One file on its way through: finds out where its images lie (none, one, the slices of a universal file), hands each its
// bytes, and tells at the end what became of them.
#include <cstdint>
#include <optional>
#include <reseal/options.hpp>
#include <reseal/report.hpp>
#include <string>
#include <vector>

#include "macho/fat.hpp"
#include "match/piece.hpp"
#include "rewrite/image.hpp"
#include "rewrite/step.hpp"

namespace reseal::rewrite {

class File {
public:
    /// `path` names it in the report. `options` must outlive the file.
    File(std::string path, const Options& options, CommandPlaces places = CommandPlaces::fixed);

    /// An edit begins with the next byte.
    void edit();
    /// Takes at least one byte of a piece that is not empty.
    Step take(const match::Piece& piece);
    /// The file ends here: what still waits goes out, and the report is complete.
    std::string_view end();

    /// Refuses the file for a reason that lies outside it too; the first reason stands.
    void refuse(const macho::Defect& defect);
    /// Whether an image has been refused so far: from then on nothing may go out.
    bool refused() const { return refused_; }

    bool has_entry() const { return entry_.substitutions > 0 || uuid_ || !findings_.empty(); }
    const EntryReport& entry() const { return entry_; }
    const std::vector<Finding>& findings() const { return findings_; }
    /// Ranges of the file in which nothing that was replaced is left.
    const std::vector<macho::Range>& erased() const { return erased_; }
    const Work& work() const { return work_; }

private:
    Step take_part(const match::Piece& piece);
    Step take_between(const match::Piece& piece, std::uint64_t room);
    void read_head(const match::Piece& part);
    void read_table();
    void open_image(std::uint64_t offset, std::optional<std::uint64_t> size);
    void close_image();
    void refuse_table(const macho::Defect& defect);
    void note_once(Code code, std::uint64_t offset, std::string what);

    const Options& options_;
    CommandPlaces places_;
    std::uint64_t position_ = 0;
    bool head_open_ = true;  // whether it is still unknown if this is a universal file
    std::string head_before_, head_after_;
    std::string held_;  // what the head gave: an edit in it is judged when it is whole, not sooner
    std::optional<macho::FatTable> fat_;
    std::optional<macho::Defect> defect_;  // of the table of slices
    bool dyld_cache_ = false;
    std::size_t slice_ = 0;       // the one that is going by, or the next
    std::optional<Image> image_;  // the slice that is going by, or the whole file
    bool closed_ = false;         // whether image_ is over, and only what it gave last is still read
    bool downgraded_ = false, cms_signed_ = false, refused_ = false;
    bool uuid_ = false;  // whether an image's is in the report
    EntryReport entry_;
    std::vector<Finding> findings_;
    std::vector<macho::Range> erased_;
    Work work_;
};

}  // namespace reseal::rewrite
