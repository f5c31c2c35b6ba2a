// SPDX-License-Identifier: BSL-1.0
#pragma once
// One output of a build on its way into the store: the readings of its tree, what they tell, and the move to its place. What
// others are called is told to it; in which order outputs come is none of its business.
#include <cstdint>
#include <optional>
#include <reseal/registration.hpp>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "store/signing_key.hpp"
#include "store/tree_pass.hpp"

namespace reseal::store {

class Output {
public:
    /// `store` is where the store lies, `room` a folder of our own there, empty when nothing is to be written. All must outlive
    /// the output.
    Output(const RegistrationSpec& spec, const OutputSpec& output, const std::string& store, const std::string& room);

    const OutputSpec& spec() const { return output_; }
    /// By what the output is called in the store, once that is known.
    const std::optional<StorePath>& path() const { return path_; }
    bool valid() const { return output_.kind == OutputKind::valid; }
    /// Whether the tree lies where the output will be.
    bool in_place() const { return in_place_; }
    bool floating() const { return output_.kind == OutputKind::ca_floating; }

    /// The first reading, and the copy. `rules`: the hash parts that have a new one already. Throws Error.
    void read(std::vector<Rule> rules, const std::vector<std::string>& candidates);
    /// The candidates that occur in the tree as it was built.
    const std::set<std::string>& found() const { return found_; }

    /// All that is left to be known: `late` are hash parts that had no new one when the tree was read. Afterwards everything is
    /// ready to be published. Throws Error.
    void finish(const std::vector<Rule>& late, References references, const std::vector<SigningKey>& keys);
    bool finished() const { return finished_; }

    /// Puts it into the store. Throws Error, when there is something else too.
    void publish();

    /// What came of it; `files` and all once it is finished.
    const RegisteredOutput& result() const { return result_; }
    const std::vector<Finding>& findings() const { return findings_; }
    std::uint64_t bytes_read() const { return bytes_read_; }
    std::uint64_t bytes_written() const { return bytes_written_; }

private:
    TreePass pass_over(const std::string& tree) const;
    TreePass pass_again(std::vector<Rule> now) const;
    void run(const TreePass& pass);
    void tell_strays();
    void refuse_errors() const;

    void hash_without_uuids();
    void address(References& references);
    void insert_own_path(const ModuloHash& modulo);
    bool depends_on_own_path(const TreePass& pass) const;
    void check_fixed(const References& references);
    void keep_present();
    std::string place() const { return store_ + "/" + result_.path.base(); }

    const RegistrationSpec& spec_;
    const OutputSpec& output_;
    const std::string& store_;
    std::string tree_;               // where it was built
    std::string copy_;               // where it is being prepared
    std::optional<StorePath> path_;  // once it is known
    bool in_place_ = false;          // the tree lies where the output will be
    bool copied_ = false;            // there is a copy; else the tree stays as it is
    bool addressed_ = false;         // by its contents
    std::vector<Rule> rules_;        // applied so far
    std::set<std::string> found_;
    TreeFacts facts_;  // of the last pass
    bool finished_ = false;
    RegisteredOutput result_;
    std::vector<Finding> findings_;
    std::unordered_set<std::string> told_;  // of them
    std::uint64_t bytes_read_ = 0, bytes_written_ = 0;
};

}  // namespace reseal::store
