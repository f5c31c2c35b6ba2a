// SPDX-License-Identifier: BSL-1.0
#include <optional>
#include <reseal/hash_modulo.hpp>
#include <reseal/rewriter.hpp>
#include <utility>

#include "store/changed_slots.hpp"
#include "store/hash_sink.hpp"

namespace reseal {
namespace {

Rules with_self(std::vector<Rule> rules, const std::string& self) {
    if (!self.empty()) rules.push_back({self, std::string(self.size(), '\0')});
    return Rules(std::move(rules));
}

Options for_hashing(Options options, std::optional<std::size_t> self) {
    options.edits = options.nul_targets = true;
    options.self_rule = self;
    return options;
}

}  // namespace

std::string_view name(Scheme scheme) { return scheme == Scheme::nix ? "nix" : "reseal-1"; }

std::map<ImagePlace, std::string> ModuloHash::nul_uuids() const {
    std::map<ImagePlace, std::string> all;
    for (const auto& [place, uuid] : uuids) all[place] = std::string(uuid.before.size(), '\0');
    return all;
}

std::map<ImagePlace, std::string> ModuloHash::derived_uuids() const {
    std::map<ImagePlace, std::string> all;
    for (const auto& [place, uuid] : uuids) all[place] = uuid.derived;
    return all;
}

Options modulo_options(Scheme scheme) {
    Options options;
    options.format = Format::nar_or_plain;
    options.cms = CmsPolicy::keep;
    options.unsealable = UnsealablePolicy::keep;
    options.seal = scheme == Scheme::reseal1;
    return options;
}

class HashModulo::Work {
public:
    Work(HashType type, const std::string& self, std::vector<Rule> rules, Options options)
        : self_(self.empty() ? std::nullopt : std::optional(rules.size())),
          out_(type),
          rewriter_(with_self(std::move(rules), self), out_, for_hashing(std::move(options), self_)) {}

    void write(std::string_view chunk) { rewriter_.write(chunk); }

    ModuloHash finish() {
        rewriter_.finish();
        ModuloHash value;
        value.size = out_.size();
        for (const EntryReport& entry : rewriter_.report().entries) take_images(entry, value);
        value.without_positions = store::HashSink(out_).finish();
        for (const Edit& edit : rewriter_.report().edits) {
            if (edit.rule != self_) continue;
            value.self_references.push_back(edit.position);
            out_.write("|");
            out_.write(std::to_string(edit.position));
        }
        value.with_positions = out_.finish();
        return value;
    }

    const Report& report() const { return rewriter_.report(); }

private:
    static void take_images(const EntryReport& entry, ModuloHash& value) {
        for (const ImageReport& image : entry.images) {
            value.normalised = value.normalised || store::changed_slots(image) || (image.uuid && !image.uuid->derived.empty());
            if (image.uuid) value.uuids[{entry.path, image.offset}] = {image.uuid->before, image.uuid->derived};
        }
    }

    std::optional<std::size_t> self_;  // its number among the rules
    store::HashSink out_;
    Rewriter rewriter_;
};

HashModulo::HashModulo(HashType type, const std::string& self, std::vector<Rule> rules, Options options)
    : work_(std::make_unique<Work>(type, self, std::move(rules), std::move(options))) {}
HashModulo::HashModulo(HashModulo&&) noexcept = default;
HashModulo& HashModulo::operator=(HashModulo&&) noexcept = default;
HashModulo::~HashModulo() = default;

void HashModulo::write(std::string_view chunk) { work_->write(chunk); }
ModuloHash HashModulo::finish() { return work_->finish(); }
const Report& HashModulo::report() const { return work_->report(); }

}  // namespace reseal
