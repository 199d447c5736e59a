using FsCheck;
using FsCheck.Fluent;
using Signalbox.Core.Refusals;
using Signalbox.Core.Users;

namespace Signalbox.Core.Tests.Users;

public sealed class RevocationTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string[] Ids = ["a", "b", "c"];

    private readonly UserDriver _user = new();

    [Fact]
    public void A_revoked_user_comes_in_with_a_token_issued_later_and_no_other()
    {
        _user.Revoke(null, Hour);

        Assert.Equal(Refusal.Revoked, _user.Open(_user.With(new TokenStamp("t1", _user.Now), "one")));
        Assert.Equal(Refusal.Revoked, _user.Open(_user.With(new TokenStamp(null, null), "two")));
        Assert.Equal(Refusal.None, _user.Open(_user.With(new TokenStamp("t1", _user.Now + Second), "three")));
        Assert.Equal(["three"], _user.Online);
    }

    [Fact]
    public void A_revoked_token_does_not_come_in_and_others_of_its_user_do()
    {
        _user.Revoke("t1", Hour);

        Assert.Equal(Refusal.Revoked, _user.Open(_user.With(new TokenStamp("t1", _user.Now + Hour), "one")));
        Assert.Equal(Refusal.None, _user.Open(_user.With(new TokenStamp("t2", null), "two")));
        Assert.Equal(Refusal.None, _user.Open(_user.With(new TokenStamp(null, null), "three")));
    }

    [Fact]
    public void An_open_connection_cannot_be_renewed_with_a_revoked_token()
    {
        var connection = _user.With(new TokenStamp("t1", _user.Now), "one");
        _user.Open(connection);
        _user.Revoke("t1", Hour);

        Assert.Equal(Refusal.Revoked, _user.Open(connection with { Name = "still me" }));
    }

    [Fact]
    public void A_revocation_is_forgotten_when_its_time_is_over()
    {
        var token = new TokenStamp("t1", _user.Now);
        _user.Revoke("t1", Hour);
        _user.Revoke(null, 2 * Hour);

        _user.Pass(2 * Hour - Second);
        Assert.Equal(Refusal.Revoked, _user.User.Check(token));

        _user.Pass(Second);
        Assert.Equal(Refusal.None, _user.User.Check(token));
        Assert.True(_user.User.IsEmpty);
    }

    [Fact]
    public void A_shorter_revocation_does_not_shorten_a_longer_one()
    {
        _user.Revoke(null, Hour);
        _user.Revoke("t1", Hour);
        _user.Pass(Second);
        _user.Revoke(null, Second);
        _user.Revoke("t1", Second);

        _user.Pass(Hour - (2 * Second));

        Assert.Equal(Refusal.Revoked, _user.User.Check(new TokenStamp("t1", _user.Now)));
        Assert.Equal(Refusal.Revoked, _user.User.Check(new TokenStamp("t2", null)));
    }

    [Fact]
    public void So_many_single_tokens_are_remembered_and_the_whole_user_can_always_be_revoked()
    {
        var user = new UserDriver(UserLimits.Default with { MaxRevocations = 1 });
        user.Revoke("t1", Hour);

        Assert.Equal(Refusal.TooManyIds, user.Revoke("t2", Hour));
        Assert.Equal(Refusal.None, user.Revoke("t1", 2 * Hour));
        Assert.Equal(Refusal.None, user.Revoke(null, Hour));
    }

    [Fact]
    public void A_revocation_of_no_time_is_refused() => Assert.Equal(Refusal.OutOfRange, _user.Revoke(null, TimeSpan.Zero));

    [Fact]
    public void Any_script_gives_what_a_list_of_revocations_gives_and_survives_replay_and_restart() =>
        Prop.ForAll<byte[]>(Run).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static void Run(byte[] script)
    {
        var user = new UserDriver();
        var model = new List<(string? Id, DateTimeOffset At, DateTimeOffset Until)>();
        foreach (var code in script)
        {
            var id = Ids[(code >> 2) % Ids.Length];
            var time = Second * (1 + (code >> 4));
            switch (code % 4)
            {
                case 0:
                    user.Revoke(id, time);
                    model.Add((id, user.Now, user.Now + time));
                    break;

                case 1:
                    user.Revoke(null, time);
                    model.Add((null, user.Now, user.Now + time));
                    break;

                default:
                    user.Pass(time);
                    break;
            }

            // What is void stays void for as long as any revocation of it, or of all, lasts: so the last of all counts.
            model.RemoveAll(one => one.Id is not null && one.Until <= user.Now);
            if (model.Where(one => one.Id is null).All(one => one.Until <= user.Now)) model.RemoveAll(one => one.Id is null);
            foreach (var stamp in Ids.Append("other").Select((name, i) => new TokenStamp(name, user.Now - (i * Second))))
            {
                var isVoid = model.Any(one => one.Id is null ? stamp.IssuedAt <= one.At : one.Id == stamp.Id);
                Assert.Equal(isVoid ? Refusal.Revoked : Refusal.None, user.User.Check(stamp));
            }

            UserDriver.AssertEqual(user.User, user.Replayed());
            UserDriver.AssertEqual(user.User, user.Restored());
        }
    }
}
