// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which store path becomes which: in the lines of a .narinfo as in the bytes of an archive.
#include <map>
#include <reseal/rules.hpp>
#include <reseal/store.hpp>
#include <string>
#include <vector>

namespace reseal::cli {

class Renames {
public:
    /// Pairs of full paths. Throws UsageError for what is no store path, for names of different lengths, for paths of two
    /// stores, for one path twice on either side.
    explicit Renames(const std::vector<Rule>& pairs);

    const std::string& store_dir() const { return store_dir_; }
    const std::map<store::StorePath, store::StorePath>& all() const { return new_of_; }
    const store::StorePath& operator()(const store::StorePath& old) const;

    /// HASHPART-NAME for HASHPART-NAME, and the hash part for where it stands without its name.
    Rules rules() const;

private:
    std::string store_dir_;
    std::map<store::StorePath, store::StorePath> new_of_;
};

}  // namespace reseal::cli
