// SPDX-License-Identifier: BSL-1.0
#include "cli/words.hpp"

#include <doctest/doctest.h>

#include "cli/rewrite.hpp"
#include "cli/verify.hpp"

namespace reseal::words_test {
using namespace cli;

namespace {

using List = std::vector<std::string>;

Words split(const List& arguments) {
    CommandLine line("test", "", "x");
    RewriteArguments rewrite;
    VerifyArguments verify;
    add_rewrite(line.program(), rewrite);
    add_verify(line.program(), verify);
    return split_words(line.program().app(), arguments);
}

std::string complaint(const List& arguments) {
    try {
        split(arguments);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("-r takes any two words behind it") {
    for (const char* word : {"[a,b]", "-o", "--", "--help", "++", "", "-", "-r", "\"q\"", "\xff"}) {
        CAPTURE(word);
        Words words = split({"rewrite", "-r", word, word, "in"});
        CHECK(words.pairs == std::vector<Rule>{Rule{word, word}});
        CHECK(words.operands == List{"in"});
        CHECK(words.options == List{"rewrite"});
    }
}

TEST_CASE("-r ends a cluster of flags") {
    Words words = split({"rewrite", "-nqr", "a", "b", "in", "-r", "c", "d"});
    CHECK(words.pairs == std::vector<Rule>{{"a", "b"}, {"c", "d"}});
    CHECK(words.options == List{"rewrite", "-n", "-q"});
    CHECK(words.operands == List{"in"});
}

TEST_CASE("a value is not taken for an option, nor an option's letter for -r") {
    CHECK(split({"rewrite", "-o", "-r", "in"}).options == List{"rewrite", "-o", "-r"});
    CHECK(split({"rewrite", "-or", "in"}).options == List{"rewrite", "-o", "r"});
    CHECK(split({"rewrite", "-nor", "in"}).options == List{"rewrite", "-n", "-o", "r"});
    CHECK(split({"rewrite", "--rules", "-r", "in"}).options == List{"rewrite", "--rules", "-r"});
    CHECK(split({"rewrite", "--rules=-r", "in"}).options == List{"rewrite", "--rules", "-r"});
    CHECK(split({"rewrite", "--report=", "in"}).options == List{"rewrite", "--report", ""});
    CHECK(split({"rewrite", "--report=a=b"}).options == List{"rewrite", "--report", "a=b"});
    CHECK(split({"rewrite", "--rules", "--"}).options == List{"rewrite", "--rules", "--"});
}

TEST_CASE("operands arrive as they are") {
    CHECK(split({"rewrite", "[a,b]", "++", "-", "verify"}).operands == List{"[a,b]", "++", "-", "verify"});
    CHECK(split({"verify", "[a,b]", "--", "-r", "--json", "--"}).operands == List{"[a,b]", "-r", "--json", "--"});
}

TEST_CASE("what is missing or unknown is named") {
    CHECK(complaint({"rewrite", "-r"}) == "-r: FROM and TO are missing");
    CHECK(complaint({"rewrite", "-nr", "a"}) == "-r: TO is missing");
    CHECK(complaint({"rewrite", "-rab", "c"}) == "-r: FROM and TO are arguments of their own, behind a space");
    CHECK(complaint({"rewrite", "-o"}) == "-o: its value is missing");
    CHECK(complaint({"rewrite", "--cms"}) == "--cms: its value is missing");
    CHECK(complaint({"rewrite", "--positions=1"}) == "--positions: takes no value");
    CHECK(complaint({"rewrite", "--json"}) == "--json: no such option");
    CHECK(complaint({"rewrite", "-nx"}) == "-x: no such option");
    CHECK(complaint({"rewrite", "-5"}) == "-5: no such option");
    CHECK(complaint({"--nothing"}) == "--nothing: no such option");
    CHECK(complaint({"frobnicate"}) == "frobnicate: no such command");
}

TEST_CASE("the command whose help to point at") {
    CommandLine line("reseal", "", "x");
    RewriteArguments rewrite;
    add_rewrite(line.program(), rewrite);
    CHECK(line.asked_name({"rewrite", "-x"}) == "reseal rewrite");
    CHECK(line.asked_name({"other", "rewrite"}) == "reseal");
    CHECK(line.asked_name({}) == "reseal");
}

}  // namespace reseal::words_test
