// SPDX-License-Identifier: BSL-1.0
// Rule sets and streams by chance, from small alphabets so that everything overlaps with everything, against the oracle.
#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "drive.hpp"
#include "support/chunks.hpp"
#include "support/effort.hpp"

namespace reseal::random_test {
namespace {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}
    std::size_t below(std::size_t limit) { return engine_() % limit; }
    std::string bytes(std::size_t count, std::size_t alphabet) {
        std::string out(count, '\0');
        for (char& c : out) c = static_cast<char>('a' + below(alphabet));
        return out;
    }

private:
    std::mt19937_64 engine_;
};

std::vector<Rule> rule_set(Chance& chance, const std::set<std::string>& froms, std::size_t alphabet) {
    std::vector<Rule> rules;
    for (const std::string& from : froms) rules.push_back({from, chance.bytes(from.size(), alphabet)});
    for (std::size_t i = rules.size(); i > 1; --i) std::swap(rules[i - 1], rules[chance.below(i)]);
    return rules;
}

// A stream in which rules, parts of rules and noise follow each other.
std::string stream(Chance& chance, const std::vector<Rule>& rules, std::size_t size, std::size_t alphabet) {
    std::string out;
    while (out.size() < size) {
        const std::string& from = rules[chance.below(rules.size())].from;
        switch (chance.below(4)) {
            case 0: out += from; break;
            case 1: out += from.substr(0, chance.below(from.size() + 1)); break;
            case 2: out += from.substr(chance.below(from.size())); break;
            default: out += chance.bytes(chance.below(2 * from.size() + 2), alphabet); break;
        }
    }
    out.resize(size);
    return out;
}

void check_all_chunkings(const std::vector<Rule>& rules, const std::string& input, std::uint64_t seed) {
    const support::Substituted expected = support::substitute(rules, input);
    const Rules compiled(rules);
    for (std::size_t chunking : support::chunkings) {
        CAPTURE(chunking);
        REQUIRE(drive(compiled, support::cut(input, chunking, seed)).out == expected);
    }
}

}  // namespace

TEST_CASE("few rules of every length over small alphabets") {
    for (std::uint64_t seed = 0; seed < support::rounds(3000); ++seed) {
        CAPTURE(seed);
        Chance chance(seed);
        const std::size_t alphabet = 1 + chance.below(4);
        const std::size_t longest = 1 + chance.below(40);
        const std::size_t shortest = 1 + chance.below(longest);
        std::set<std::string> froms;
        for (std::size_t i = 1 + chance.below(12); i > 0; --i)
            froms.insert(chance.bytes(shortest + chance.below(longest - shortest + 1), alphabet));
        auto rules = rule_set(chance, froms, alphabet);
        check_all_chunkings(rules, stream(chance, rules, 1 + chance.below(600), alphabet), seed);
    }
}

TEST_CASE("rules that begin with each other") {
    for (std::uint64_t seed = 0; seed < support::rounds(300); ++seed) {
        CAPTURE(seed);
        Chance chance(seed);
        std::set<std::string> froms;
        for (int root = 0; root < 3; ++root) {
            const std::string whole = chance.bytes(100, 2);
            for (int i = 0; i < 12; ++i) froms.insert(whole.substr(0, 1 + chance.below(whole.size())));
        }
        auto rules = rule_set(chance, froms, 2);
        check_all_chunkings(rules, stream(chance, rules, 1500, 2), seed);
    }
}

TEST_CASE("thousands of rules, each the beginning of the next") {
    Chance chance(5);
    std::vector<Rule> rules;
    for (std::size_t length = 3; length < 3000; length += 1 + chance.below(3))
        rules.push_back({std::string(length, 'a'), std::string(length, static_cast<char>('b' + length % 20))});
    std::string input;
    for (int i = 0; i < 60; ++i) input += std::string(chance.below(3100), 'a') + "bc";
    check_all_chunkings(rules, input, 5);
}

TEST_CASE("rules with a long beginning or a long end in common") {
    for (std::uint64_t seed = 0; seed < support::rounds(300); ++seed) {
        CAPTURE(seed);
        Chance chance(seed);
        const std::string front = chance.bytes(chance.below(90), 2);
        const std::string back = chance.bytes(chance.below(90), 2);
        std::set<std::string> froms;
        for (int i = 0; i < 40; ++i) {
            std::string from = front;
            from.append(chance.bytes(1 + chance.below(20), 3)).append(back);
            froms.insert(std::move(from));
        }
        auto rules = rule_set(chance, froms, 3);
        check_all_chunkings(rules, stream(chance, rules, 3000, 3), seed);
    }
}

TEST_CASE("rules longer than a chunk and than the gather buffer") {
    for (std::size_t length : {4094u, 4095u, 4096u, 4097u, 5000u, 100000u}) {
        CAPTURE(length);
        Chance chance(length);
        const std::string whole = chance.bytes(length, 2);
        std::set<std::string> froms = {whole, whole.substr(0, length / 2), whole.substr(length / 2), whole.substr(1),
                                       std::string(length, 'a')};
        auto rules = rule_set(chance, froms, 2);
        std::string input = stream(chance, rules, 4 * length, 2) + std::string(length + 7, 'a') + whole.substr(0, length - 1);
        check_all_chunkings(rules, input, length);
    }
}

TEST_CASE("thousands of rules of one beginning") {
    Chance chance(7);
    std::set<std::string> froms;
    while (froms.size() < 5000)
        froms.insert("/nix/store/" + chance.bytes(32, 26) + "-" + chance.bytes(1 + chance.below(20), 26));
    auto rules = rule_set(chance, froms, 26);
    std::string input;
    for (int i = 0; i < 200; ++i) {
        input += chance.bytes(chance.below(100), 26) + "/nix/store/" + chance.bytes(32, 26) + "-other\n";
        input += rules[chance.below(rules.size())].from;
    }
    check_all_chunkings(rules, input, 7);
}

}  // namespace reseal::random_test
