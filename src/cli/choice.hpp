// SPDX-License-Identifier: BSL-1.0
#pragma once
// A value that is given as one of a few words, on the command line or in JSON; and those that several commands take.
#include <reseal/options.hpp>
#include <reseal/registration.hpp>
#include <span>
#include <string>
#include <vector>

#include "cli/command_line.hpp"

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
void add_choice(Command command, const char* name, Value& value, const char* help, std::span<const Choice<Value>> choices) {
    std::vector<const char*> words;
    for (const Choice<Value>& each : choices) words.push_back(each.word);
    command.choice(name, words, [&value, choices](std::size_t index) { value = choices[index].value; }, help);
}

void add_cms(Command command, CmsPolicy& value);
void add_stale(Command command, StalePolicy& value);
void add_names(Command command, NamePolicy& value);
void add_unsealable(Command command, UnsealablePolicy& value);

}  // namespace reseal::cli
