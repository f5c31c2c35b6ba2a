// SPDX-License-Identifier: BSL-1.0
#pragma once
// The work of `reseal verify`: many files at a time, the lines in the order in which they were asked for.
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/verify.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/examined.hpp"
#include "cli/exit_status.hpp"
#include "cli/verify.hpp"
#include "fs/input_file.hpp"
#include "fs/output_file.hpp"

namespace reseal::cli {

class VerifyRun {
public:
    /// `arguments` must outlive it.
    explicit VerifyRun(const VerifyArguments& arguments);

    /// A file, folder, stream or archive. What cannot be read is said. Throws Error when standard output cannot be written.
    void named(const std::string& path);
    /// All that is left to be said.
    ExitStatus finish();

private:
    /// A file that waits: at a path, or at hand.
    struct Item {
        Examined name;
        std::unique_ptr<Source> source;
        bool always_said = false;  // also when it is not Mach-O
        std::map<std::int64_t, std::string> preimages;
        static Item at(std::string path) {
            Item item;
            item.name.path = std::move(path);
            return item;
        }
    };
    struct Outcome {
        std::vector<ImageVerdict> images;
        std::optional<Error> unreadable;
        bool large = false;  // left for all threads together
    };

    void folder(const std::string& path);
    std::set<std::string> bundles(const std::string& folder);
    std::map<std::int64_t, std::string> preimages(const std::string& path) const;
    void stream(const std::string& path, fs::InputFile& in);
    void add(Item item, std::size_t held = 0);
    void flush();
    bool now_and_then();
    Outcome look(const Item& item, bool alone) const;
    void say(const Item& item, const Outcome& outcome);
    void say_unreadable(const Error& error);
    void say_line(const std::string& text) {
        ++said_;
        out_.write(text);
    }

    const VerifyArguments& arguments_;
    fs::OutputFile out_{"-"};
    std::vector<Item> waiting_;
    std::chrono::steady_clock::time_point flushed_;
    std::size_t held_ = 0;  // bytes of them in memory
    ExitStatus status_ = complete;
    std::uint64_t said_ = 0, images_ = 0, bad_ = 0, bundles_ = 0, bad_bundles_ = 0;
};

}  // namespace reseal::cli
