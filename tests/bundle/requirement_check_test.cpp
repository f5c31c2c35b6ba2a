// SPDX-License-Identifier: BSL-1.0
// Requirements as text, weighed without a chain of certificates.
#include "bundle/requirement_check.hpp"

#include <doctest/doctest.h>

#include <string>

namespace reseal::requirement_check_test {
using bundle::check_requirement;
using bundle::CodeFacts;
using Answer = bundle::RequirementResult::Answer;

namespace {

CodeFacts code(bool certified) {
    CodeFacts facts;
    facts.identifier = "org.example.Part";
    facts.certified = certified;
    facts.cdhashes = {std::string(20, '\x11'), std::string(20, '\xab')};
    return facts;
}

Answer answer(const std::string& text, bool certified = false) { return check_requirement(text, code(certified)).answer; }

const std::string developer_id =
    "identifier \"org.example.Part\" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ "
    "and "
    "certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = \"ABC and (D\"";

}  // namespace

TEST_CASE("a cdhash or identifier counts although it is another") {
    CHECK(answer("cdhash H\"" + std::string(40, '1') + "\"") == Answer::met);
    CHECK(answer("cdhash H\"abababababABABABABABababababababababababAB\"") == Answer::unmet);
    CHECK(answer("cdhash H\"abababababABABABABABababababababababABAB\"") == Answer::met);
    CHECK(answer("cdhash H\"" + std::string(40, '2') + "\" or cdhash H\"" + std::string(40, '1') + "\"") == Answer::met);
    CHECK(answer("cdhash H\"" + std::string(40, '2') + "\"") == Answer::unmet);
    CHECK(answer("identifier \"org.example.Part\"") == Answer::met);
    CHECK(answer("identifier = org.example.Part") == Answer::met);
    CHECK(answer("identifier org.example.part") == Answer::unmet);
}

TEST_CASE("an operator binds as another does") {
    CHECK(answer("always or never and never") == Answer::met);
    CHECK(answer("(always or never) and never") == Answer::unmet);
    CHECK(answer("! always or always") == Answer::met);
    CHECK(answer("!(always or always)") == Answer::unmet);
    CHECK(answer("true && !false || false") == Answer::met);
    CHECK(answer("never /* or always */ // or always\n # or always") == Answer::unmet);
}

TEST_CASE("what takes certificates is decided without them") {
    CHECK(answer(developer_id, true) == Answer::unchecked);
    CHECK(answer(developer_id, false) == Answer::unmet);
    const auto result = check_requirement(developer_id, code(true));
    REQUIRE(result.asked.size() == 4);
    CHECK(result.asked[0] == "anchor apple generic");
    CHECK(result.asked[1] == "certificate 1[field.1.2.840.113635.100.6.2.6]");
    CHECK(result.asked[3] == "certificate leaf[subject.OU] = \"ABC and (D\"");
    CHECK(answer("identifier other and anchor apple", true) == Answer::unmet);
    CHECK(answer("identifier org.example.Part or anchor apple", true) == Answer::met);
    CHECK(answer("! anchor apple", true) == Answer::unchecked);
    CHECK(answer("! anchor apple", false) == Answer::met);
    CHECK(answer("notarized or never") == Answer::unchecked);
    CHECK(answer("entitlement[\"a\"] exists and always") == Answer::unchecked);
}

TEST_CASE("a requirement that is none has an answer") {
    for (const std::string_view text :
         {"", "and", "identifier", "identifier \"x", "cdhash \"11\"", "cdhash H\"1\"", "cdhash H\"xx\"", "(always", "always)",
          "always always", "!", "( )", "or always", "always or", "\"x\"", "H\"11\"", "anchor apple )"}) {
        CAPTURE(text);
        CHECK(answer(std::string(text), true) == Answer::malformed);
    }
    CHECK(answer(std::string(100'000, '(')) == Answer::malformed);
    CHECK(answer(std::string(60'000, '!') + "always") == Answer::malformed);
    CHECK(answer(std::string(60'000, '(')) == Answer::malformed);
}

}  // namespace reseal::requirement_check_test
