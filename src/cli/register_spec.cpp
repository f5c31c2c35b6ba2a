// SPDX-License-Identifier: BSL-1.0
#include "cli/register_spec.hpp"

#include <algorithm>
#include <reseal/error.hpp>
#include <set>

#include "bytes/byte_string.hpp"
#include "cli/choice.hpp"
#include "fs/read_whole.hpp"
#include "package/json_fields.hpp"

namespace reseal::cli {
namespace {

using namespace store;
using package::Json;
using package::JsonFields;

/// Of a key that is there twice JSON parsers keep the last.
class OnlyOnce {
public:
    explicit OnlyOnce(std::string name) : name_(std::move(name)) {}
    bool operator()(int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start) keys_.emplace_back();
        if (event == Json::parse_event_t::object_end) keys_.pop_back();
        if (event == Json::parse_event_t::key && !keys_.back().insert(value.get<std::string>()).second)
            throw Error(ErrorCode::misuse, "the key '" + value.get<std::string>() + "' is there twice", name_);
        return true;
    }

private:
    std::string name_;
    std::vector<std::set<std::string>> keys_;
};

constexpr Choice<OutputKind> kind_choices[] = {{"ca-floating", OutputKind::ca_floating},
                                               {"ca-fixed", OutputKind::ca_fixed},
                                               {"input-addressed", OutputKind::input_addressed},
                                               {"valid", OutputKind::valid}};

HashType parse_algorithm(const std::string& text) {
    for (const HashType type : {HashType::sha1, HashType::sha256, HashType::sha512})
        if (text == reseal::name(type)) return type;
    throw Error(ErrorCode::misuse, "'" + text + "' is none of sha1, sha256, sha512");
}

OutputSpec parse_output(const Json& object, const std::string& id, const std::string& file, const std::string& store_dir) {
    JsonFields fields(object, file, "outputs." + printable(id));
    const auto path = [&](const std::string& text) { return parse_store_path(text, store_dir); };
    OutputSpec out;
    out.id = id;
    fields.needed("kind");
    out.kind = fields.choice<OutputKind>("kind", kind_choices, OutputKind::valid);
    out.scratch = fields.parsed("scratchPath", fields.needed("scratchPath"), path);
    const bool addressed = out.kind == OutputKind::ca_floating || out.kind == OutputKind::ca_fixed;
    if (!addressed) out.path = fields.parsed("path", fields.needed("path"), path);
    if (out.kind != OutputKind::valid) out.tree = fields.text("tree").value_or("");
    if (addressed) {
        const std::string name = fields.needed("name");
        if (name != out.scratch.name)
            fields.fail("name", "'" + name + "' is not the name in its scratch path: '" + out.scratch.name + "'");
        out.method = fields.parsed("method", fields.text("method").value_or("nar"),
                                   [](const std::string& text) { return parse_method(text); });
        out.algorithm = fields.parsed("hashAlgo", fields.text("hashAlgo").value_or("sha256"), parse_algorithm);
    }
    if (out.kind == OutputKind::ca_fixed)
        out.hash = fields.parsed("hash", fields.needed("hash"), [](const std::string& text) { return parse_hash(text); });
    fields.done();
    return out;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace

RegistrationSpec parse_register_spec(const std::string& text, const std::string& name) {
    Json json;
    try {
        json = Json::parse(text, OnlyOnce(name));
    } catch (const Json::parse_error& error) {
        throw Error(ErrorCode::misuse, "not JSON", name, error.byte == 0 ? 0 : error.byte - 1);
    }
    JsonFields fields(json, name, "");
    const Json* version = fields.find("version");
    if (version == nullptr || *version != 1) fields.fail("version", "1 is the only one there is");
    RegistrationSpec spec;
    spec.store_dir = fields.text("storeDir").value_or(spec.store_dir);
    spec.real_store = fields.text("realStore").value_or("");
    spec.regime = fields.text("regime").value_or(spec.regime);
    spec.on_signed_self_reference =
        fields.choice<SignedSelfReference>("onSignedSelfReference", signed_self_choices, spec.on_signed_self_reference);
    spec.cms = fields.choice<CmsPolicy>("cms", cms_choices, spec.cms);
    spec.stale = fields.choice<StalePolicy>("stale", stale_choices, spec.stale);
    spec.unsealable = fields.choice<UnsealablePolicy>("unsealable", unsealable_choices, spec.unsealable);
    spec.strict_references = fields.flag("strictReferences");
    spec.derive_uuid = fields.flag("deriveUuid");
    const auto path = [&](const std::string& each) { return parse_store_path(each, spec.store_dir); };
    for (const std::string& each : fields.texts("references"))
        spec.references.push_back(fields.parsed("references", each, path));
    if (const std::optional<std::string> file = fields.text("referencesFile"))
        for (const std::string& each : lines_of(fs::read_whole(*file)))
            spec.references.push_back(fields.parsed("referencesFile", each, path));
    if (const Json* rewrites = fields.find("rewrites")) {
        if (!rewrites->is_object()) fields.fail("rewrites", "an object of hash parts is expected");
        for (const auto& [from, to] : rewrites->items()) {
            if (!to.is_string()) fields.fail("rewrites", "an object of hash parts is expected");
            spec.rewrites.push_back({from, to.get<std::string>()});
        }
    }
    spec.order = fields.texts("order");
    spec.sign_with = fields.texts("signWith");
    const Json* outputs = fields.find("outputs");
    if (outputs == nullptr || !outputs->is_object()) fields.fail("outputs", "an object of outputs is expected");
    for (const auto& [id, object] : outputs->items()) spec.outputs.push_back(parse_output(object, id, name, spec.store_dir));
    fields.done();
    return spec;
}

}  // namespace reseal::cli
