#include "api/access/accounts.h"

#include <algorithm>

#include "api/access/audit_log.h"
#include "api/access/tokens.h"
#include "base/random.h"
#include "store/typed_records.h"

namespace hookreel::api {
namespace {

constexpr int tries_at_once = 10, try_seconds = 6;
constexpr RateLimits::Rate tries_rate{1.0 / try_seconds, tries_at_once};

store::RecordKey account_key(const std::string& id) {
    return {store::Kind::account, id};
}

// Sessions lie beside the tokens, which they are like.
store::RecordKey session_key(const std::string& id) {
    return {store::Kind::token, id};
}

}  // namespace

Task<Result<void>> Accounts::load() {
    auto accounts = co_await store::load_all<Account>(store_, store::Kind::account, std::string());
    if (!accounts) co_return fail(std::move(accounts.error()));
    auto sessions = co_await store::load_all<Session>(store_, store::Kind::token, "ses_");
    if (!sessions) co_return fail(std::move(sessions.error()));
    const std::lock_guard lock(mutex_);
    for (auto& read : *accounts)
        accounts_.insert_or_assign(read.value.id, std::move(read.value));
    for (auto& read : *sessions)
        sessions_.insert_or_assign(read.value.hash, std::move(read.value));
    co_return Result<void>();
}

bool Accounts::any() const {
    const std::lock_guard lock(mutex_);
    return !accounts_.empty();
}

std::vector<Account> Accounts::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Account> all;
    for (const auto& [id, account] : accounts_)
        all.push_back(account);
    return all;
}

std::optional<Account> Accounts::find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = accounts_.find(id);
    return found == accounts_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Account> Accounts::find_name(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, account] : accounts_)
        if (account.name == name) return account;
    return std::nullopt;
}

std::optional<Caller> Accounts::find_session(std::string_view secret, TimePoint now) const {
    const std::string hash = secret_hash(secret);
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(hash);
    if (found == sessions_.end() || found->second.expires <= now) return std::nullopt;
    const auto account = accounts_.find(found->second.account);
    if (account == accounts_.end()) return std::nullopt;
    return Caller{account->first, scopes_of(account->second.role), std::nullopt, 0,
                  found->second.id};
}

std::vector<Session> Accounts::sessions(const std::string& account, TimePoint now) const {
    const std::lock_guard lock(mutex_);
    std::vector<Session> live;
    for (const auto& [hash, session] : sessions_)
        if (session.expires > now && (account.empty() || session.account == account))
            live.push_back(session);
    std::ranges::sort(live, {}, &Session::id);
    return live;
}

bool Accounts::may_try(const LogIn& with, TimePoint now) {
    return tries_.take("name " + with.name, tries_rate, now).taken &&
           tries_.take("peer " + with.peer, tries_rate, now).taken;
}

Task<Result<Accounts::LoggedIn>> Accounts::log_in(LogIn with, TimePoint now) {
    if (!may_try(with, now))
        co_return fail(Code::unavailable,
                       fmt::format("Too many tries: a name and an address may have {} at once, "
                                   "then one in {} seconds.",
                                   tries_at_once, try_seconds));
    const std::optional<Account> account = find_name(with.name);
    const std::string kept = account ? account->password : std::string();
    const Result<bool> right = co_await passwords_.verify(with.password, kept);
    if (!right) co_return fail(right.error());
    if (!*right || !account) co_return fail(Code::denied, "The name or the password is wrong.");
    // It may have been changed or removed while the hash was made.
    const std::optional<Account> still = find(account->id);
    if (!still || still->password != account->password)
        co_return fail(Code::denied, "The name or the password is wrong.");

    std::string secret = make_secret("hrs_");
    Session session = open_session(*account, with, now, secret);
    store::Commit commit;
    drop_old_sessions(account->id, now, commit);
    commit.puts.push_back({session_key(session.id), to_json_text(session), 0});
    commit.puts.push_back(audit_put({.id = {},
                                     .at = now,
                                     .actor = account->id,
                                     .peer = with.peer,
                                     .action = "session.created",
                                     .target = session.id,
                                     .application = with.application,
                                     .detail = account->name}));
    Result<void> done = co_await store_.commit(std::move(commit));
    if (!done) co_return fail(std::move(done.error()));
    {
        const std::lock_guard lock(mutex_);
        sessions_.insert_or_assign(session.hash, session);
    }
    co_return LoggedIn{*account, std::move(session), std::move(secret)};
}

Session Accounts::open_session(const Account& account, const LogIn& with, TimePoint now,
                               const std::string& secret) const {
    Session session;
    session.id = "ses_" + random_alphanumeric(20);
    session.hash = secret_hash(secret);
    session.account = account.id;
    session.peer = with.peer;
    session.created = now;
    session.expires = now + session_life;
    return session;
}

void Accounts::drop_old_sessions(const std::string& account, TimePoint now, store::Commit& commit) {
    const std::lock_guard lock(mutex_);
    std::vector<Session> live;
    for (const auto& [hash, session] : sessions_)
        if (session.account == account && session.expires > now) live.push_back(session);
    std::ranges::sort(live, std::greater(), &Session::created);
    const TimePoint oldest_kept =
        live.size() < sessions_max ? TimePoint{} : live[sessions_max - 2].created;
    std::erase_if(sessions_, [&](const auto& pair) {
        const Session& session = pair.second;
        const bool gives_way = session.account == account && session.created < oldest_kept;
        if (session.expires > now && !gives_way) return false;
        commit.removes.push_back(session_key(session.id));
        return true;
    });
}

Task<Result<void>> Accounts::log_out(std::string session, store::Commit with) {
    bool is_known = false;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [hash, known] : sessions_)
            is_known = is_known || known.id == session;
    }
    if (!is_known) co_return fail(Code::not_found, "There is no such session.");
    with.removes.push_back(session_key(session));
    Result<void> done = co_await store_.commit(std::move(with));
    if (!done) co_return done;
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](const auto& pair) { return pair.second.id == session; });
    co_return done;
}

std::string Accounts::make_id() {
    return "acc_" + random_alphanumeric(20);
}

Task<Result<Account>> Accounts::create(Account account, std::string password, store::Commit with) {
    if (find_name(account.name)) co_return fail(Code::conflict, "The name is taken.");
    if (all().size() >= count_max)
        co_return fail(Code::too_large,
                       fmt::format("there are {} accounts; more are not taken", count_max));
    Result<std::string> hash = co_await passwords_.hash(std::move(password));
    if (!hash) co_return fail(std::move(hash.error()));
    account.password = std::move(*hash);
    {
        // Held by the name from here on, so that two at a time cannot both have it.
        const std::lock_guard lock(mutex_);
        for (const auto& [id, other] : accounts_)
            if (other.name == account.name) co_return fail(Code::conflict, "The name is taken.");
        accounts_.insert_or_assign(account.id, account);
    }
    with.puts.push_back({account_key(account.id), to_json_text(account), 0});
    Result<void> done = co_await store_.commit(std::move(with));
    if (done) co_return account;
    const std::lock_guard lock(mutex_);
    accounts_.erase(account.id);
    co_return fail(std::move(done.error()));
}

Task<Result<Account>> Accounts::change(std::string id, Edit edit, TimePoint now,
                                       store::Commit with) {
    std::string hash;
    if (edit.password) {
        Result<std::string> made = co_await passwords_.hash(*edit.password);
        if (!made) co_return fail(std::move(made.error()));
        hash = std::move(*made);
    }
    std::optional<Account> account = find(id);
    if (!account) co_return fail(Code::not_found, "There is no such account.");
    if (edit.password) account->password = std::move(hash);
    if (edit.role) account->role = *edit.role;
    account->updated = now;
    end_sessions(id, with);
    with.puts.push_back({account_key(id), to_json_text(*account), std::nullopt});
    Result<void> done = co_await store_.commit(std::move(with));
    if (!done) co_return fail(std::move(done.error()));
    forget_sessions(id);
    const std::lock_guard lock(mutex_);
    accounts_.insert_or_assign(id, *account);
    co_return *account;
}

Task<Result<void>> Accounts::remove(std::string id, store::Commit with) {
    if (!find(id)) co_return fail(Code::not_found, "There is no such account.");
    end_sessions(id, with);
    with.removes.push_back(account_key(id));
    Result<void> done = co_await store_.commit(std::move(with));
    if (!done) co_return done;
    forget_sessions(id);
    const std::lock_guard lock(mutex_);
    accounts_.erase(id);
    co_return done;
}

void Accounts::end_sessions(const std::string& account, store::Commit& with) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [hash, session] : sessions_)
        if (session.account == account) with.removes.push_back(session_key(session.id));
}

void Accounts::forget_sessions(const std::string& account) {
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](const auto& pair) { return pair.second.account == account; });
}

}  // namespace hookreel::api
