// SPDX-License-Identifier: BSL-1.0
#pragma once
// One reading of a tree, and everything that is done on the way: what it refers to, what becomes of it when rules are applied,
// hashes. A content-addressed tree that refers to itself takes two, everything else one.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <reseal/hash_modulo.hpp>
#include <reseal/options.hpp>
#include <reseal/references.hpp>
#include <reseal/report.hpp>
#include <reseal/rules.hpp>
#include <reseal/store.hpp>
#include <set>
#include <string>
#include <vector>

namespace reseal::store {

enum class Writing {
    nothing,
    copy,   ///< a new tree
    patch,  ///< the tree itself, where it changes
};

struct TreePass {
    std::string tree;  ///< what is read
    Writing writing = Writing::nothing;
    std::string copy;  ///< where, for Writing::copy

    std::vector<Rule> earlier;  ///< applied first, as an earlier pass would have that had written something
    std::vector<Rule> rules;    ///< what is written is the tree with these applied
    std::string self;           ///< a hash part that stays for now, whatever the rules; empty: none
    Options options;            ///< policies, and the name in findings

    std::map<ImagePlace, std::string> uuids = {};         ///< that images get instead of theirs, in what is written
    bool nar_hash = false;                                ///< hash the archive of what is written
    std::optional<HashType> modulo = {};                  ///< hash it modulo `self`
    Method method = Method::nar;                          ///< what of it that hash is of
    std::map<ImagePlace, std::string> modulo_uuids = {};  ///< that images have in that hash
    std::vector<std::string> candidates = {};             ///< hash parts to look for
    bool strays = false;                                  ///< also look for store paths that are none of them
    std::function<bool()> stop = {};                      ///< asked now and then: whether to give up, with Error (io)
    std::string store_dir = {};                           ///< where strays are
};

struct TreeFacts {
    std::vector<std::string> references;  ///< the candidates that occur, sorted
    std::set<std::string> strays;
    std::optional<Hash> nar_hash;
    std::uint64_t nar_size = 0;
    std::optional<ModuloHash> modulo;
    std::vector<std::uint64_t> edits;  ///< where in the archive something was replaced
    bool changed_slots = false;        ///< of a signature, in what was written
    std::uint64_t bytes_read = 0, bytes_written = 0;
    std::vector<EntryReport> files;         ///< as they were written
    std::vector<EntryReport> modulo_files;  ///< as they were hashed modulo `self`
    std::vector<Finding> findings;
};

/// Two findings that say the same have the same.
std::string told(const Finding& finding);

/// Fills `facts` as far as it comes: after a refusal they tell of every refused image. Throws Error as dump_nar(), NarRestore
/// and Rewriter do; of a copy nothing is left then. A file that `method` does not allow is misuse.
void run(const TreePass& pass, TreeFacts& facts);

}  // namespace reseal::store
