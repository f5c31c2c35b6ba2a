// SPDX-License-Identifier: BSL-1.0
#pragma once
// The folder in which a tree is laid down until all of it is there: on the file system of its destination, entered by nobody
// else, gone when it is not wanted. Whatever names say, nothing is written outside it: every folder on the way is opened by
// itself, and a link is no folder.
#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fs/descriptor.hpp"
#include "fs/private_folder.hpp"
#include "package/entry.hpp"

namespace reseal::package {

class Staging {
public:
    using Folder = std::shared_ptr<const fs::Descriptor>;

    /// For a tree at `destination`, where there is nothing, an empty folder, or with `merge` any folder; what a killed process
    /// left there goes. Throws Error (ErrorCode::io).
    Staging(const std::string& destination, bool merge);

    /// Where the tree will be: absolute, links in it as they are.
    const std::string& destination() const { return destination_; }
    /// Where it is until then.
    const std::string& tree() const { return tree_; }
    /// Whether the destination has something at `path` already.
    bool is_taken(const std::string& path) const;
    /// Whether the file system takes `a` and `A` for one name.
    bool folds_case() const { return folds_case_; }

    // Paths are as safe_path() has them. All throw Error (ErrorCode::io) naming where the file will be. Several threads may
    // call what makes, opens and renames files and their folders.

    /// The folder at `path`, made with all above it where it is not there.
    Folder folder(std::string_view path);
    /// The folder that `path` is in, and the last name of it.
    std::pair<Folder, std::string> place(std::string_view path);
    /// A new file. Of the permissions `mode` it gets those that a new file may have here; dress() does the rest.
    fs::Descriptor create(const Folder& folder, const std::string& name, const std::string& path, unsigned mode) const;
    /// A file that was made before, to change it; none where its permissions forbid that.
    fs::Descriptor open_to_change(const Folder& folder, const std::string& name) const;
    /// One to be read.
    fs::Descriptor open(const Folder& folder, const std::string& name, const std::string& path) const;
    /// Within one folder, over what has the name.
    void rename(const Folder& folder, const std::string& from, const std::string& to, const std::string& path) const;
    /// What was made at a name in the tree itself goes.
    void remove(const std::string& name);
    void symlink(const Entry& entry, const std::string& target);
    void hard_link(const std::string& path, const std::string& existing);
    /// What an archive says of a folder, which counts when all is in it.
    void note_folder(const Entry& entry);

    /// Permissions and time of a file that create() has made with the same `mode` and that is complete.
    void finish(const fs::Descriptor& file, unsigned mode, const std::optional<Time>& modified, const std::string& path) const;
    /// The same of any other.
    void dress(const fs::Descriptor& file, unsigned mode, const std::optional<Time>& modified, const std::string& path) const;

    /// From here on nobody else adds to the destination by this: what is read of it now is as it is when publish() is called.
    /// Waits for who was here first; `stop` is asked meanwhile. Throws Stopped.
    void take_turn(const std::function<bool()>& stop);

    /// Makes it the tree at the destination: by one rename, or where that is a folder name by name, after all of them were
    /// looked for there; what went wrong in between is undone. `first`: the file that comes before all others then, also in
    /// place of one that is there. Throws Error (ErrorCode::io) that lists what stands in the way.
    void publish(const std::string& first = {});

    std::string blame(std::string_view path) const;

private:
    struct FolderNote {
        unsigned mode;
        std::optional<Time> modified;
    };
    using FolderNotes = std::map<std::string, FolderNote, std::greater<>>;  // by path, the deepest first

    void settle(const std::string& destination, bool merge);
    void probe();
    void dress_folders(int root, const FolderNotes& notes) const;
    fs::Descriptor open_folder(int root, std::string_view path, FolderNotes* made) const;

    std::string destination_;
    bool exists_ = false;
    std::unique_ptr<fs::PrivateFolder> private_;
    std::string tree_;
    fs::Descriptor root_;
    fs::Descriptor turn_;  // locked
    bool folds_case_ = false;
    mode_t granted_ = 0;  // permissions that a new file may have
    std::mutex mutex_;    // of these three
    std::string last_;    // the folder asked for last
    Folder last_folder_;
    FolderNotes notes_;  // of all that were made
    mode_t root_mode_ = 0;
};

}  // namespace reseal::package
