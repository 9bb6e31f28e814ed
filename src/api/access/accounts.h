// Accounts of people, with a role each, and the sessions in which they are logged in.
//
// A session is a secret like a token's ("hrs_…"), kept as its SHA-256, that ends after 12 hours, by
// logging out, and when the account's password or role changes or the account goes. All are held in
// memory. Threads: any. Durability: what returned success survives a crash.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/access/password.h"
#include "api/access/rate_limits.h"
#include "api/access/scopes.h"
#include "base/async.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hookreel::api {

struct Account {
    std::string id;        // "acc_…"
    std::string name;      // To log in with; lower case.
    std::string password;  // Its hash.
    Role role = Role::viewer;
    TimePoint created{};
    TimePoint updated{};
};
template <class V>
void fields(V& v, Of<Account, V> a) {
    v("id", a.id);
    v("name", a.name);
    v("password", a.password);
    v("role", a.role);
    v("created", a.created);
    v("updated", a.updated);
}

struct Session {
    std::string id;    // "ses_…"
    std::string hash;  // Of its secret.
    std::string account;
    std::string peer;
    TimePoint created{};
    TimePoint expires{};
};
template <class V>
void fields(V& v, Of<Session, V> s) {
    v("id", s.id);
    v("hash", s.hash);
    v("account", s.account);
    v("peer", s.peer);
    v("created", s.created);
    v("expires", s.expires);
}

class Accounts {
 public:
    static constexpr std::size_t count_max = 1'000;
    static constexpr std::size_t sessions_max = 50;  // Of one account; the oldest give way.
    static constexpr Duration session_life = std::chrono::hours(12);

    struct LogIn {
        std::string name;
        std::string password;
        std::string peer;
        model::ApplicationId application;  // As the audit log has it.
    };
    struct LoggedIn {
        Account account;
        Session session;
        std::string secret;
    };
    // What a change sets; an empty part stays as it is.
    struct Edit {
        std::optional<std::string> password;
        std::optional<Role> role;
    };

    // `store` outlives this.
    explicit Accounts(store::Store& store) : store_(store) {}

    // Reads all; called once, before anything else. Errors: internal, unavailable.
    Task<Result<void>> load();

    bool any() const;
    std::vector<Account> all() const;  // By id, ascending.
    std::optional<Account> find(const std::string& id) const;
    // Who has this secret; none when nobody does, or no longer.
    std::optional<Caller> find_session(std::string_view secret, TimePoint now) const;
    // That live, of one account, or of all when it is empty; by id.
    std::vector<Session> sessions(const std::string& account, TimePoint now) const;

    // A session is in the audit log from its beginning.
    // Ten tries at once for each name and each address, then one every six seconds. Errors: denied
    // (name or password is wrong; it is not said which), unavailable (too many try), and those of
    // Store::commit.
    Task<Result<LoggedIn>> log_in(LogIn with, TimePoint now);
    // `with` goes into the same commit. Errors: not_found, and those of Store::commit.
    Task<Result<void>> log_out(std::string session, store::Commit with);

    static std::string make_id();
    // Fills in the hash; the id is a new one. `with` goes into the same commit, also below. Errors:
    // conflict (the name is taken), too_large, unavailable.
    Task<Result<Account>> create(Account account, std::string password, store::Commit with);
    // Ends its sessions. Errors: not_found, unavailable.
    Task<Result<Account>> change(std::string id, Edit edit, TimePoint now, store::Commit with);
    Task<Result<void>> remove(std::string id, store::Commit with);

 private:
    void end_sessions(const std::string& account, store::Commit& with) const;
    void forget_sessions(const std::string& account);
    std::optional<Account> find_name(const std::string& name) const;
    bool may_try(const LogIn& with, TimePoint now);
    Session open_session(const Account& account, const LogIn& with, TimePoint now,
                         const std::string& secret) const;
    void drop_old_sessions(const std::string& account, TimePoint now, store::Commit& commit);

    store::Store& store_;
    Passwords passwords_;
    RateLimits tries_;
    mutable std::mutex mutex_;
    std::map<std::string, Account, std::less<>> accounts_;  // By id.
    std::map<std::string, Session, std::less<>> sessions_;  // By hash.
};

}  // namespace hookreel::api
