// SPDX-License-Identifier: BSL-1.0
#pragma once
// One unpacking while it goes on: which kind each archive is, and what that means for its files.
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "fs/file_source.hpp"
#include "package/archive_facts.hpp"
#include "package/conda_archive.hpp"
#include "package/conda_package.hpp"
#include "package/environment.hpp"
#include "package/homebrew_places.hpp"
#include "package/input.hpp"
#include "package/memory.hpp"
#include "package/noarch_python.hpp"
#include "package/prefix_record.hpp"
#include "package/turns.hpp"
#include "package/unpack.hpp"

namespace reseal::package {

/// What is to be known before the files come, and may only be seen in what comes behind them.
struct Foresight {
    bool raw = false;                   ///< --from has to wait for metadata
    std::set<std::string> no_packages;  ///< archives that are only called like one
    std::set<std::string> packages;     ///< archives that are noarch packages of Python
    std::string python, site_packages;  ///< of noarch packages; empty: not known
};

/// Thrown where everything has to be done once more, knowing more than before.
struct Again {
    Foresight known;
};

class Unpacking {
public:
    /// Both must outlive it. `several`: archives will come.
    Unpacking(const UnpackSettings& settings, const Foresight& known, bool several);

    void add(const std::string& archive);
    Unpacked finish();

private:
    /// An archive whose files are on the disk before all that it says of them.
    struct Arrived {
        std::string name;
        std::string info;     ///< where its info/ is
        bool placed = false;  ///< its files are where those of a noarch package belong
        bool early = false;   ///< what it says of its files was known when they came
    };

    void add_plain(ArchiveReader& archive);
    bool may_be_package(const std::string& archive) const;
    bool holds_package(const std::string& info) const;
    void must_not_meet(const std::string& info, const std::string& archive) const;
    bool expect_early(const std::string& info, const std::string& archive, const std::optional<FileOrder>& rest);
    void add_conda(CondaArchive& archive, const std::string& name);
    std::string aside() const;

    /// A conda package, and how its files are called here.
    struct Installed {
        CondaPackage package;
        std::string archive;  ///< as messages name it
        std::optional<ArchiveFacts> facts = {};
        std::optional<NoarchPython> python;
        std::string place(const std::string& path) const { return python ? python->place(path) : path; }
    };

    // What metadata says of the files.
    Installed read_package(const std::string& info, const std::string& archive);
    FileOrders orders_of(const Installed& installed);
    void check_paths(const Installed& installed) const;
    void check_hard_links(const Installed& installed, const FileOrders& orders);
    void learn_python();
    void install(Installed installed);
    const Prefixes& prefixes_from(std::vector<std::string> placeholders);
    std::optional<fs::FileSource> source_of(const std::string& path);
    std::optional<std::string> text_of(const std::string& path);

    // At the end: what each archive was, and what its files need.
    void settle(const Arrived& archive);
    bool settle_package(const Arrived& archive);
    bool settle_environment(const Arrived& archive);
    void expect_others(const std::optional<Platform>& platform);
    void take_memory(const std::string& archive);
    void settle_memory(const std::string& archive);
    std::string target(const std::string& placeholder) const;
    void know_digests(const PrefixRecord& package, const Environment& environment);
    void miss(const std::string& path);
    void expect_late(std::span<const Record> records, const std::optional<Platform>& platform);
    bool settle_bottles(const Arrived& archive);
    HomebrewPlaces homebrew_places(const Receipt& receipt) const;
    bool compare(const std::string& path, const FileOrder& order, const std::string& archive) const;
    void expect_asked();
    void want_digests();
    /// What is to be written about a package.
    struct OwnRecord {
        Entry entry;
        FileOrder order;
        const IndexJson* index;
        PackageOrigin origin;
        std::vector<PathEntry> paths;
    };
    void decide_platform();
    void note_unused_options();
    void write_records();
    OwnRecord make_record(Installed& installed);
    void write(OwnRecord record);
    Entry announce(const std::string& path, unsigned mode, const std::string& archive, const FileOrder& order);
    void make(const std::string& path, std::string_view text, unsigned mode, const std::string& archive,
              const FileOrder& order);
    std::vector<PrefixPair> all_pairs() const;
    std::vector<MovedLink> move_links();
    void follow_files(const std::vector<MovedLink>& links);
    void remember(const std::vector<MovedLink>& links);
    void judge_links(Unpacked& out);

    const UnpackSettings& settings_;
    const Foresight& known_;
    const bool several_;
    Staging staging_;
    std::string prefix_;
    std::string place_;  // what the tree is remembered to be at: prefix_, or where --from takes it
    std::string root_;   // where what is unpacked will be found
    Meter meter_;
    FileMover mover_;
    LaidDown laid_;
    std::vector<PrefixPair> pairs_;
    Prefixes asked_;  // of these
    std::map<std::vector<std::string>, Prefixes> by_placeholders_;
    std::vector<PrefixPair> link_pairs_;          // of targets only
    std::optional<Memory> memory_;                // that came in an archive
    std::map<std::string, std::string> targets_;  // of its placeholders
    std::set<std::string> told_;                  // files of whose digest a record tells that came in an archive
    Links came_;                                  // targets of links that are in it, as they came
    std::size_t archives_ = 0;
    std::vector<std::string> names_;  // of the archives
    std::vector<Arrived> arrived_;
    std::vector<std::string> waiting_;  // noarch packages, for the Python that comes behind them
    std::vector<Installed> packages_;
    std::set<std::string> own_records_;   // paths of those that were written here
    Turns large_records_;                 // of these, while they are made
    std::string python_, site_packages_;  ///< of noarch packages; empty: not known
    FileOrders later_;
    std::vector<Finding> findings_;
    std::set<std::string> missing_;          // told of in them
    bool environment_ = false;               ///< something in it is read by package managers
    bool bottles_ = false, noarch_ = false;  ///< there were such, for which some options are
    Counts made_;                            ///< what no archive holds and metadata asks for
    std::optional<Platform> platform_;       ///< of the packages
    std::string subdir_, subdir_from_;       ///< of the first that has one, and its archive
};

}  // namespace reseal::package
