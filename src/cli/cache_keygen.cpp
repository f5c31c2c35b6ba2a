// SPDX-License-Identifier: BSL-1.0
#include <unistd.h>
#include <reseal/error.hpp>

#include "cli/cache.hpp"
#include "fs/new_file.hpp"

namespace reseal::cli {
namespace {

constexpr const char* cache_keygen_examples = R"(Example:
  reseal cache keygen cache.example.org-1 cache.sec cache.pub

Both files are as nix-store --generate-binary-cache-key writes them: NAME, a colon
and base 64. PUBLIC is what goes into trusted-public-keys. Only you may read
SECRET. Neither file may be there already.

Exit status: 0 both are there, 1 neither is.)";

}  // namespace

Command add_cache_keygen(Command cache, CacheArguments&) {
    Command command = cache.command("keygen", "Make a pair of keys that sign for a cache");
    command.operand("NAME", "Name of the key; a host and a number are the habit", Operand::once);
    command.operand("SECRET", "Where the secret key goes", Operand::once);
    command.operand("PUBLIC", "Where the public key goes", Operand::once);
    command.footer(cache_keygen_examples);
    return command;
}

ExitStatus run_cache_keygen(const CacheArguments& a) {
    const store::SigningKey key = store::SigningKey::generate(a.operands[0]);
    key.save(a.operands[1]);
    try {
        fs::write_new_file(a.operands[2], key.public_key().text(), 0644);
    } catch (const Error&) {
        ::unlink(a.operands[1].c_str());
        throw;
    }
    return complete;
}

}  // namespace reseal::cli
