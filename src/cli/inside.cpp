// SPDX-License-Identifier: BSL-1.0
#include "cli/inside.hpp"

#include <utility>

namespace reseal::cli {

class Inside::Search final : public LayerSearch {
public:
    Search(const std::vector<std::string>& hash_parts, ReferenceOptions options, std::vector<InsideReference>& references)
        : scanner_(hash_parts, options), references_(references) {}

    void write(std::string_view bytes) override { scanner_.write(bytes); }
    void end(const std::string& path, const std::vector<PackedLayer>& layers) override {
        scanner_.finish();
        for (Reference& each : scanner_.take()) references_.push_back({path, layers, std::move(each)});
    }

private:
    ReferenceScanner scanner_;
    std::vector<InsideReference>& references_;
};

Inside::Inside(std::vector<std::string> hash_parts, ReferenceOptions options, std::uint64_t max_expanded)
    : layers_([this, hash_parts = std::move(hash_parts),
               options] { return std::make_unique<Search>(hash_parts, options, references_); },
              max_expanded) {}

}  // namespace reseal::cli
