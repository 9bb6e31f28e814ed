#include <gtest/gtest.h>

#include "api/access/accounts.h"
#include "api/access/audit_log.h"
#include "api/access/rate_limits.h"
#include "api/access/tokens.h"
#include "store/memory/memory_store.h"

namespace hookreel::api {
namespace {

class AccessTest : public testing::Test {
 protected:
    template <class T>
    T run(Task<T> task) {
        std::optional<T> result;
        asio::co_spawn(loop_, std::move(task), [&](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        });
        // Hashing is done on another thread.
        const auto stay = asio::make_work_guard(loop_);
        loop_.restart();
        while (!result)
            loop_.run_one();
        return std::move(*result);
    }

    Account account(std::string name, Role role = Role::viewer) {
        Account made;
        made.id = Accounts::make_id();
        made.name = std::move(name);
        made.role = role;
        return made;
    }
    Result<Accounts::LoggedIn> log_in(Accounts& accounts, std::string name, std::string password,
                                      std::string peer = "192.0.2.1") {
        Accounts::LogIn with{std::move(name), std::move(password), std::move(peer), {}};
        return run(accounts.log_in(std::move(with), clock_.now()));
    }

    Loop loop_;
    ManualClock clock_{parse_time("2026-03-02T08:00:00Z").value()};
    store::MemoryStore store_{clock_};
};

TEST_F(AccessTest, KnowsATokenByItsSecretAndKeepsOnlyAHash) {
    Tokens tokens(store_, "");
    EXPECT_FALSE(tokens.any());
    Token wanted;
    wanted.id = Tokens::make_id();
    wanted.name = "ci";
    wanted.scopes = {"events:publish"};
    wanted.application = model::ApplicationId(7);
    wanted.expires = clock_.now() + Duration(1000);
    const Result<Tokens::Made> made = run(tokens.create(wanted, {}));
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->secret.starts_with("hrt_"));
    EXPECT_EQ(made->secret.size(), 4u + 43u);

    Tokens again(store_, "");
    ASSERT_TRUE(run(again.load()));
    const std::optional<Caller> caller = again.find(made->secret, clock_.now());
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->name, made->token.id);
    EXPECT_TRUE(caller->scopes.has(Scope::events_publish));
    EXPECT_FALSE(caller->scopes.has(Scope::events_read));
    EXPECT_FALSE(caller->may_touch(model::ApplicationId(8)));
    EXPECT_FALSE(again.find(made->secret + "x", clock_.now()));
    EXPECT_FALSE(again.find("", clock_.now()));
    EXPECT_FALSE(again.find(made->token.hash, clock_.now()));
    EXPECT_FALSE(again.find(made->secret, clock_.now() + Duration(1000)));

    const auto record = run(store_.get({store::Kind::token, made->token.id}));
    EXPECT_FALSE(record->value.contains(made->secret));
    ASSERT_TRUE(run(again.remove(made->token.id, {})));
    EXPECT_FALSE(again.find(made->secret, clock_.now()));
    EXPECT_EQ(run(again.remove(made->token.id, {})).error().code, Code::not_found);
}

TEST_F(AccessTest, LetsTheOwnersTokenDoEverything) {
    Tokens tokens(store_, "secret");
    EXPECT_TRUE(tokens.any());
    const std::optional<Caller> owner = tokens.find("secret", clock_.now());
    ASSERT_TRUE(owner);
    EXPECT_TRUE(owner->scopes.has(Scope::deliveries_write));
    EXPECT_TRUE(owner->may_touch(model::ApplicationId(1)));
    EXPECT_FALSE(tokens.find("secre", clock_.now()));
}

TEST_F(AccessTest, GivesRolesTheirScopes) {
    EXPECT_TRUE(scopes_of(Role::viewer).has(Scope::deliveries_read));
    EXPECT_FALSE(scopes_of(Role::viewer).has(Scope::events_publish));
    EXPECT_TRUE(scopes_of(Role::editor).has(Scope::endpoints_write));
    EXPECT_FALSE(scopes_of(Role::editor).has(Scope::admin));
    EXPECT_TRUE(scopes_of(Role::owner).has(Scope::admin));
    EXPECT_FALSE(parse_scopes({"events:all"}));
}

TEST_F(AccessTest, LogsInWithTheRightPasswordOnly) {
    Accounts accounts(store_);
    const Result<Account> bob = run(accounts.create(account("bob"), "correct horse", {}));
    ASSERT_TRUE(bob);
    EXPECT_FALSE(bob->password.contains("horse"));
    EXPECT_EQ(run(accounts.create(account("bob"), "another one", {})).error().code, Code::conflict);

    EXPECT_EQ(log_in(accounts, "bob", "wrong").error().code, Code::denied);
    EXPECT_EQ(log_in(accounts, "eve", "correct horse").error().code, Code::denied);
    const auto done = log_in(accounts, "bob", "correct horse");
    ASSERT_TRUE(done);
    EXPECT_TRUE(done->secret.starts_with("hrs_"));

    Accounts again(store_);
    ASSERT_TRUE(run(again.load()));
    const std::optional<Caller> caller = again.find_session(done->secret, clock_.now());
    ASSERT_TRUE(caller);
    EXPECT_EQ(caller->name, bob->id);
    EXPECT_EQ(caller->session, done->session.id);
    EXPECT_FALSE(again.find_session(done->secret, clock_.now() + Accounts::session_life));
    EXPECT_FALSE(
        run(store_.get({store::Kind::token, done->session.id}))->value.contains(done->secret));
}

TEST_F(AccessTest, EndsSessionsByLogOutChangeAndRemoval) {
    Accounts accounts(store_);
    const std::string id = run(accounts.create(account("bob"), "correct horse", {}))->id;
    const auto first = log_in(accounts, "bob", "correct horse");
    const auto second = log_in(accounts, "bob", "correct horse");
    ASSERT_TRUE(first && second);
    ASSERT_TRUE(run(accounts.log_out(first->session.id, {})));
    EXPECT_FALSE(accounts.find_session(first->secret, clock_.now()));
    EXPECT_TRUE(accounts.find_session(second->secret, clock_.now()));
    EXPECT_EQ(run(accounts.log_out(first->session.id, {})).error().code, Code::not_found);

    Accounts::Edit edit{"battery staple", Role::editor};
    ASSERT_TRUE(run(accounts.change(id, edit, clock_.now(), {})));
    EXPECT_FALSE(accounts.find_session(second->secret, clock_.now()));
    EXPECT_FALSE(log_in(accounts, "bob", "correct horse"));
    const auto third = log_in(accounts, "bob", "battery staple");
    ASSERT_TRUE(third);
    ASSERT_TRUE(run(accounts.remove(id, {})));
    EXPECT_FALSE(accounts.find_session(third->secret, clock_.now()));
    Accounts again(store_);
    ASSERT_TRUE(run(again.load()));
    EXPECT_TRUE(again.sessions("", clock_.now()).empty());
}

TEST_F(AccessTest, LetsNobodyTryManyPasswords) {
    Accounts accounts(store_);
    int tried = 0;
    while (tried < 20 && log_in(accounts, "bob", "guess").error().code == Code::denied)
        ++tried;
    EXPECT_EQ(tried, 10);
    EXPECT_EQ(log_in(accounts, "alice", "guess").error().code, Code::unavailable);
    EXPECT_EQ(log_in(accounts, "bob", "guess", "192.0.2.2").error().code, Code::unavailable);
    clock_.advance(Duration(6'000));
    EXPECT_EQ(log_in(accounts, "carol", "guess").error().code, Code::denied);
}

TEST_F(AccessTest, KeepsTheAuditLogNewestFirstAndForgetsTheOldest) {
    for (int i = 0; i < 5; ++i) {
        AuditEntry entry;
        entry.at = clock_.now();
        entry.actor = i % 2 ? "odd" : "even";
        entry.target = std::to_string(i);
        store::Commit commit;
        commit.puts.push_back(audit_put(entry));
        ASSERT_TRUE(run(store_.commit(std::move(commit))));
        clock_.advance(Duration(1000));
    }
    const auto targets = [this](AuditQuery query) {
        const auto page = run(audit_entries(store_, std::move(query)));
        std::string text;
        for (const AuditEntry& entry : page->items)
            text += entry.target;
        return text + (page->next.empty() ? "" : "+");
    };
    EXPECT_EQ(targets({}), "43210");
    EXPECT_EQ(
        targets(
            {.actor = "even", .action = {}, .target = {}, .span = {}, .after = {}, .count_max = 2}),
        "42+");
    const TimePoint start = parse_time("2026-03-02T08:00:00Z").value();
    AuditQuery middle;
    middle.span = {start + Duration(1000), start + Duration(3000)};
    EXPECT_EQ(targets(middle), "21");

    EXPECT_EQ(run(purge_audit_log(store_, start + Duration(2000), 1)).value(), 1);
    EXPECT_EQ(run(purge_audit_log(store_, start + Duration(2000), 10)).value(), 1);
    EXPECT_EQ(run(purge_audit_log(store_, start + Duration(2000), 10)).value(), 0);
    EXPECT_EQ(targets({}), "432");
}

TEST(RateLimits, TellsWhatIsLeftAndWhenToComeAgain) {
    RateLimits limits;
    TimePoint now = parse_time("2026-03-02T08:00:00Z").value();
    EXPECT_EQ(limits.take("free", {}, now).limit, 0);
    RateLimits::Outcome outcome;
    int taken = 0;
    while ((outcome = limits.take("a", {10, 0}, now)).taken)
        ++taken;
    EXPECT_EQ(taken, 20);
    EXPECT_EQ(outcome.wait, Duration(100));
    EXPECT_TRUE(limits.take("b", {10, 0}, now).taken);
    EXPECT_TRUE(limits.take("a", {10, 0}, now + Duration(100)).taken);
    EXPECT_FALSE(limits.take("a", {10, 0}, now + Duration(100)).taken);
    // A clock that goes back gives nothing.
    EXPECT_FALSE(limits.take("a", {10, 0}, now).taken);

    http::Headers headers;
    tell(outcome, headers);
    EXPECT_EQ(headers.get("RateLimit-Limit"), "10");
    EXPECT_EQ(headers.get("RateLimit-Remaining"), "0");
    EXPECT_EQ(headers.get("RateLimit-Reset"), "1");
    EXPECT_EQ(headers.get("Retry-After"), "1");
}

}  // namespace
}  // namespace hookreel::api
