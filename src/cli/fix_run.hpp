// SPDX-License-Identifier: BSL-1.0
#pragma once
// The work of `reseal fix`: one file after the other, each replaced by a new one.
#include <reseal/error.hpp>
#include <reseal/fix.hpp>
#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "cli/fix.hpp"
#include "fs/entries.hpp"
#include "fs/output_file.hpp"
#include "relocate/tree_file.hpp"

namespace reseal::cli {

class FixRun {
public:
    /// `arguments` must outlive it.
    explicit FixRun(const FixArguments& arguments) : arguments_(arguments) {}

    /// A file, or all files below a folder. What cannot be read or written is said. Throws Error when standard output cannot be
    /// written.
    void named(const std::string& path);
    ExitStatus finish();

private:
    struct Item {
        std::string path;
        bool was_named = false;
        std::vector<std::string> more_names{};  // hard links to it in the same folder
    };

    /// Says something in any case, so that nothing to do does not pass for nothing done.
    void folder(const std::string& path);
    static std::vector<Item> items_below(const std::vector<std::string>& files);
    void look_at_seal(const std::string& bundle);
    void look(const Item& item);
    static void replace(const Item& item, const relocate::TreeFile& file, const fs::DiskEntry& entry, const Fix& found);
    void tell(const Item& item, const Fix& found, bool replaced);
    static void tell_what_is_left(const std::string& path);
    void unable(const Error& error);

    const FixArguments& arguments_;
    fs::OutputFile out_{"-"};
    ExitStatus status_ = complete;
    std::uint64_t images_ = 0;
    bool said_ = false;  // anything of the folder at hand
};

}  // namespace reseal::cli
