// SPDX-License-Identifier: BSL-1.0
#pragma once
// The Mach-O files of a stream: of a Nix archive or a tape archive, or the one that it is; compressed or not. Nothing else of
// it is kept.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/program_limit.hpp"
#include "codec/compression.hpp"
#include "codec/expander.hpp"
#include "container/demux.hpp"
#include "fs/input_file.hpp"
#include "fs/spooled_file.hpp"

namespace reseal::cli {

struct StreamedFile {
    std::optional<std::string> entry;           ///< of the archive, if it is one
    std::unique_ptr<fs::SpooledFile> contents;  ///< all of it
    std::string unreadable;                     ///< why the contents are not those of the file; empty: they are
};

class VerifyStream {
public:
    /// `in` must outlive it.
    explicit VerifyStream(fs::InputFile& in);

    /// The next file that begins as Mach-O does, in the stream's order; nothing at the end. Throws Error for an archive or a
    /// compressed stream that does not hold together, when those before have been handed out.
    std::optional<StreamedFile> next();

private:
    /// False: the stream has ended.
    bool feed();
    bool nothing_to_come() const;
    std::optional<StreamedFile> take(const container::Run& run);
    void decide();
    void keep(std::string_view bytes);

    fs::InputFile& in_;
    std::string head_;
    codec::Compression compression_;
    codec::Expander expander_;
    container::Demux demux_;
    std::string_view chunk_;  // of the input, as far as it was not unpacked yet
    bool ended_ = false;
    std::string first_bytes_;  // of the file that is read
    bool decided_ = false;
    std::optional<StreamedFile> file_;  // which is read
    ProgramLimit limit_;                // of it
};

}  // namespace reseal::cli
