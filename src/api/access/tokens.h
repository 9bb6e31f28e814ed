// API tokens: who may call, with which scopes, for which application.
//
// A token is "hrt_" and 32 random bytes in base64url. It is shown once, when it is made; kept is
// its SHA-256, which is enough because nobody guesses 32 random bytes. The owner's token comes from
// the settings and is not kept. All are held in memory. Threads: any. Durability: what `create` and
// `remove` returned survives a crash.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/access/scopes.h"
#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hookreel::api {

struct Token {
    std::string id;    // "tok_…"
    std::string hash;  // Hex of the SHA-256 of the secret.
    std::string name;  // For people.
    std::vector<std::string> scopes;
    std::optional<model::ApplicationId> application;
    double requests_per_second = 0;  // 0: the server's limit.
    TimePoint created{};
    TimePoint expires = never;
};
template <class V>
void fields(V& v, Of<Token, V> t) {
    v("id", t.id);
    v("hash", t.hash);
    v("name", t.name);
    v("scopes", t.scopes);
    v("application", t.application);
    v("requests_per_second", t.requests_per_second);
    v("created", t.created);
    v("expires", t.expires);
}

class Tokens {
 public:
    static constexpr std::size_t count_max = 10'000;

    // A token with what only its maker is told.
    struct Made {
        Token token;
        std::string secret;
    };

    // `owner` is the token of the settings; empty: none. `store` outlives this.
    Tokens(store::Store& store, std::string_view owner);

    // Reads all; called once, before anything else. Errors: internal, unavailable.
    Task<Result<void>> load();

    // Who has this secret; none when nobody does, or no longer.
    std::optional<Caller> find(std::string_view secret, TimePoint now) const;
    // Whether any token was ever given out: without one nobody can call.
    bool any() const;
    std::vector<Token> all() const;  // By id, ascending.
    std::optional<Token> find_by_id(const std::string& id) const;

    static std::string make_id();
    // Fills in the hash; the id is a new one. `with` goes into the same commit. Errors: too_large,
    // and those of Store::commit.
    Task<Result<Made>> create(Token token, store::Commit with);
    // Errors: not_found, and those of Store::commit.
    Task<Result<void>> remove(std::string id, store::Commit with);

 private:
    store::Store& store_;
    const std::string owner_hash_;  // Empty: none.
    mutable std::mutex mutex_;
    std::map<std::string, Token, std::less<>> by_hash_;
};

// A secret with a prefix that tells what it is: 32 random bytes in base64url.
std::string make_secret(std::string_view prefix);
// What is kept of a secret.
std::string secret_hash(std::string_view secret);

}  // namespace hookreel::api
