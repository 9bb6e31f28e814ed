#include "api/access/tokens.h"

#include <algorithm>

#include "base/digest.h"
#include "base/random.h"
#include "store/typed_records.h"

namespace hookreel::api {
namespace {

constexpr std::size_t secret_bytes = 32;

}  // namespace

std::string make_secret(std::string_view prefix) {
    std::string text = base64(random_bytes(secret_bytes));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    while (text.ends_with('='))
        text.pop_back();
    return std::string(prefix) + text;
}

std::string secret_hash(std::string_view secret) {
    return hex(digest(Algorithm::sha256, secret));
}

Tokens::Tokens(store::Store& store, std::string_view owner)
    : store_(store), owner_hash_(owner.empty() ? "" : secret_hash(owner)) {}

Task<Result<void>> Tokens::load() {
    auto all = co_await store::load_all<Token>(store_, store::Kind::token, "tok_");
    if (!all) co_return fail(std::move(all.error()));
    const std::lock_guard lock(mutex_);
    for (auto& read : *all)
        by_hash_.insert_or_assign(read.value.hash, std::move(read.value));
    co_return Result<void>();
}

std::optional<Caller> Tokens::find(std::string_view secret, TimePoint now) const {
    const std::string hash = secret_hash(secret);
    if (!owner_hash_.empty() && constant_time_equal(hash, owner_hash_))
        return Caller{"owner", {Scope::admin}, std::nullopt, 0, {}};
    const std::lock_guard lock(mutex_);
    // The search is over hashes: how long it takes tells nothing of any secret.
    const auto found = by_hash_.find(hash);
    if (found == by_hash_.end() || found->second.expires <= now) return std::nullopt;
    const Token& token = found->second;
    return Caller{token.id,
                  parse_scopes(token.scopes).value_or(Scopes()),
                  token.application,
                  token.requests_per_second,
                  {}};
}

bool Tokens::any() const {
    const std::lock_guard lock(mutex_);
    return !owner_hash_.empty() || !by_hash_.empty();
}

std::vector<Token> Tokens::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Token> tokens;
    for (const auto& [hash, token] : by_hash_)
        tokens.push_back(token);
    std::ranges::sort(tokens, {}, &Token::id);
    return tokens;
}

std::optional<Token> Tokens::find_by_id(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [hash, token] : by_hash_)
        if (token.id == id) return token;
    return std::nullopt;
}

std::string Tokens::make_id() {
    return "tok_" + random_alphanumeric(20);
}

Task<Result<Tokens::Made>> Tokens::create(Token token, store::Commit with) {
    if (all().size() >= count_max)
        co_return fail(Code::too_large,
                       fmt::format("there are {} tokens; more are not taken", count_max));
    std::string secret = make_secret("hrt_");
    token.hash = secret_hash(secret);
    with.puts.push_back({{store::Kind::token, token.id}, to_json_text(token), 0});
    Result<void> done = co_await store_.commit(std::move(with));
    if (!done) co_return fail(std::move(done.error()));
    {
        const std::lock_guard lock(mutex_);
        by_hash_.insert_or_assign(token.hash, token);
    }
    co_return Made{std::move(token), std::move(secret)};
}

Task<Result<void>> Tokens::remove(std::string id, store::Commit with) {
    const std::optional<Token> token = find_by_id(id);
    if (!token) co_return fail(Code::not_found, "There is no such token.");
    with.removes.push_back({store::Kind::token, id});
    Result<void> done = co_await store_.commit(std::move(with));
    if (!done) co_return fail(std::move(done.error()));
    const std::lock_guard lock(mutex_);
    by_hash_.erase(token->hash);
    co_return Result<void>();
}

}  // namespace hookreel::api
