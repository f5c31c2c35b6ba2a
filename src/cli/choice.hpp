// SPDX-License-Identifier: BSL-1.0
#pragma once
// A value that is given as one of a few words, on the command line or in JSON; and those that several commands take.
#include <CLI/CLI.hpp>
#include <reseal/options.hpp>
#include <reseal/registration.hpp>
#include <span>
#include <string>
#include <vector>

namespace reseal::cli {

template <class Value>
struct Choice {
    const char* word;
    Value value;
};

inline constexpr Choice<CmsPolicy> cms_choices[] = {
    {"refuse", CmsPolicy::refuse}, {"adhoc", CmsPolicy::adhoc}, {"keep", CmsPolicy::keep}};
inline constexpr Choice<StalePolicy> stale_choices[] = {{"refuse", StalePolicy::refuse}, {"reseal", StalePolicy::reseal}};
inline constexpr Choice<NamePolicy> names_choices[] = {{"refuse", NamePolicy::refuse}, {"keep", NamePolicy::keep}};
inline constexpr Choice<UnsealablePolicy> unsealable_choices[] = {{"refuse", UnsealablePolicy::refuse},
                                                                  {"keep", UnsealablePolicy::keep}};
inline constexpr Choice<store::SignedSelfReference> signed_self_choices[] = {
    {"normalise", store::SignedSelfReference::normalise},
    {"refuse", store::SignedSelfReference::refuse},
    {"drop-ca", store::SignedSelfReference::drop_ca}};

/// Declares an option that sets `value`, which must outlive the command; it is left as it is where the option is not given.
template <class Value>
CLI::Option* add_choice(CLI::App& command, const char* name, Value& value, const char* help,
                        std::span<const Choice<Value>> choices) {
    std::vector<std::string> words;
    std::string type;
    for (const Choice<Value>& each : choices) {
        words.emplace_back(each.word);
        type.append(type.empty() ? "" : "|").append(each.word);
    }
    const CLI::callback_t set = [&value, choices](const CLI::results_t& given) {
        for (const Choice<Value>& each : choices)
            if (given.back() == each.word) value = each.value;
        return true;
    };
    return command.add_option(name, set, help)->type_name(type)->check(CLI::IsMember(words).description(""));
}

void add_cms(CLI::App& command, CmsPolicy& value);
void add_stale(CLI::App& command, StalePolicy& value);
void add_names(CLI::App& command, NamePolicy& value);
void add_unsealable(CLI::App& command, UnsealablePolicy& value);

}  // namespace reseal::cli
