// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which store paths `reseal refs` looks for, and what each is called when it is found.
#include <map>
#include <string>
#include <vector>

namespace reseal::cli {

class Candidates {
public:
    /// A store path or a hash part a line; empty lines and those that begin with # are none. "-" is standard input. Throws
    /// Error (ErrorCode::misuse) naming file and line, ErrorCode::io.
    static Candidates in_file(const std::string& path);
    /// What the folder of a store holds: every name that begins with a hash part.
    static Candidates in_store(const std::string& folder);

    std::vector<std::string> hash_parts() const;
    /// How the candidate was given; of a store, the entry's path. The file's first, the store's shortest where several begin
    /// with the same hash part (a lock beside its path).
    const std::string& path_of(const std::string& hash_part) const { return paths_.at(hash_part); }
    bool empty() const { return paths_.empty(); }

private:
    std::map<std::string, std::string> paths_;  // by hash part
};

}  // namespace reseal::cli
