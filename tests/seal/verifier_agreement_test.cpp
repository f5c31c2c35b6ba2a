// SPDX-License-Identifier: BSL-1.0
// Laws of the verifier: its two levels agree about the kernel, and threads change nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "support/fat_builder.hpp"
#include "support/image_builder.hpp"
#include "support/random.hpp"
#include "support/shapes.hpp"
#include "support/testdata.hpp"
#include "verdicts.hpp"

namespace reseal::verifier_agreement_test {
namespace {

/// What the kernel minds and codesign does not ask.
bool kernel_only(const Problem& problem) {
    constexpr std::array codes{Code::fat_unloadable, Code::not_covered, Code::signature_too_large};
    return std::find(codes.begin(), codes.end(), problem.code) != codes.end();
}

bool kernel_minds(const ImageVerdict& image) {
    return std::any_of(image.problems.begin(), image.problems.end(),
                       [](const Problem& problem) { return problem.layer == Layer::kernel && !kernel_only(problem); });
}

/// A CodeDirectory whose code limit the kernel reads elsewhere is another thing to it.
bool reads_another_limit(const ImageVerdict& image) {
    return std::any_of(image.notes.begin(), image.notes.end(),
                       [](const Problem& note) { return note.code == Code::code_limit; });
}

/// One that the kernel's level sees too.
void compare_levels(const std::string& file) {
    const std::vector<ImageVerdict> all = verdicts(file), kernel = kernel_verdicts(file);
    for (const ImageVerdict& one : kernel) {
        const auto same = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.offset == one.offset; });
        REQUIRE(same != all.end());
        CAPTURE(one.offset);
        if (reads_another_limit(one)) continue;
        const std::string what = one.problems.empty() ? "" : one.problems.back().what;
        CAPTURE(what);
        CHECK(kernel_minds(one) == kernel_minds(*same));
        for (const Problem& problem : one.problems) CHECK(problem.layer == Layer::kernel);
    }
}

std::vector<std::string> files() {
    std::vector<std::string> out;
    for (const support::NamedFile& file : support::twin_files()) out.push_back(file.a);
    for (const std::string& path : support::testdata_files("a")) out.push_back(support::testdata(path));
    return out;
}

}  // namespace

TEST_CASE("both levels agree about the kernel, whatever byte is changed") {
    support::Random random(31);
    for (const std::string& file : files()) {
        compare_levels(file);
        for (int round = 0; round < 60; ++round) {
            const std::size_t edge = std::min<std::size_t>(file.size(), 1500);
            const std::size_t at = round % 3 == 0   ? static_cast<std::size_t>(random.below(edge))
                                   : round % 3 == 1 ? file.size() - 1 - static_cast<std::size_t>(random.below(edge))
                                                    : static_cast<std::size_t>(random.below(file.size()));
            std::string bytes = file;
            bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random.below(255)));
            CAPTURE(at);
            CAPTURE(static_cast<int>(static_cast<unsigned char>(bytes[at])));
            compare_levels(bytes);
        }
    }
}

TEST_CASE("so many threads, the same verdicts") {
    support::ImageSpec spec;
    spec.code_size = (std::uint64_t{9} << 20) + 1234;  // some more than a thread takes at a time
    support::DirectorySpec weaker;
    weaker.slot = support::slot_alternate;
    weaker.hash_type = 3;
    weaker.page_shift = 14;
    weaker.code_limit = (std::uint64_t{5} << 20) + 7;
    spec.signature.directories.push_back(weaker);
    const std::string good = support::build(spec).bytes;
    support::Random random(32);
    for (int round = 0; round < 6; ++round) {
        std::string bytes = good;
        for (int i = 0; i < round * 3; ++i) {
            const std::size_t at = static_cast<std::size_t>(random.below(spec.code_size - 4096)) + 4096;
            bytes[at] = static_cast<char>(bytes[at] ^ 1);
        }
        const std::vector<ImageVerdict> one = verdicts(bytes);
        CHECK(one[0].bad == (round > 0));
        for (unsigned jobs : {0U, 2U, 5U, 64U}) {
            VerifyOptions options;
            options.jobs = jobs;
            CHECK(verify(MemorySource(bytes), options) == one);
        }
    }
}

namespace {

/// A file that somebody cuts short behind our back: says it is longer than it reads.
class CutSource final : public Source {
public:
    CutSource(const std::string& bytes, std::uint64_t left) : bytes_(bytes), left_(left) {}
    std::uint64_t size() const override { return bytes_.size(); }
    std::size_t read_at(std::uint64_t offset, char* to, std::size_t count) const override {
        // The signature, which is read first, is still there.
        const std::uint64_t end = offset > left_ + (std::uint64_t{1} << 20) ? bytes_.size() : left_;
        return MemorySource(std::string_view(bytes_).substr(0, static_cast<std::size_t>(end))).read_at(offset, to, count);
    }

private:
    const std::string& bytes_;
    std::uint64_t left_;
};

}  // namespace

TEST_CASE("a file that is cut short while it is read, by however many threads") {
    support::ImageSpec spec;
    spec.code_size = (std::uint64_t{9} << 20) + 1234;
    const std::string bytes = support::build(spec).bytes;
    const CutSource cut(bytes, (std::uint64_t{6} << 20) + 5);
    VerifyOptions options;
    const std::vector<ImageVerdict> one = verify(cut, options);
    CHECK(codes(one[0]) == Codes{Code::truncated});
    options.jobs = 4;
    CHECK(verify(cut, options)[0].problems.back().code == Code::truncated);
}

}  // namespace reseal::verifier_agreement_test
